package io.peermesh.http.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the body of a form that may upload files (RFC 7578), all parts as UTF-8 text. The body is
 * as long as {@link Limits#bodyBytes()} at most.
 *
 * <pre>
 *   --BOUNDARY CRLF (header CRLF)* CRLF content CRLF --BOUNDARY ... CRLF --BOUNDARY-- rest
 * </pre>
 */
final class Multipart {
    /** Most parts of a form. */
    static final int MAX_PARTS = 64;

    /** Longest headers of one part, characters. */
    static final int MAX_HEADER_CHARACTERS = 2_048;

    private static final Pattern BOUNDARY =
            Pattern.compile(
                    "(?i)multipart/form-data\\s*;.*?boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70})).*");

    private static final Pattern NAME =
            Pattern.compile(
                    "(?i)content-disposition:\\s*form-data\\s*;.*?(?<=[;\\s])name=\"([^\"]*)\".*");

    private static final String LINE_END = "\r\n";

    private Multipart() {}

    /**
     * The parts by their names, in order; of several with one name the last.
     *
     * @throws BadArgument for anything that is no such form
     */
    static Map<String, String> parse(String contentType, byte[] body) {
        String delimiter = LINE_END + "--" + boundary(contentType);
        String text = LINE_END + new String(body, StandardCharsets.UTF_8);
        var parts = new LinkedHashMap<String, String>();
        int at = text.indexOf(delimiter);
        for (int count = 0; ; count++) {
            at = at < 0 ? at : at + delimiter.length();
            if (at < 0 || count > MAX_PARTS) {
                throw malformed();
            }
            if (text.startsWith("--", at)) {
                return parts;
            }
            int content = text.indexOf(LINE_END + LINE_END, at);
            int end = text.indexOf(delimiter, at);
            if (!text.startsWith(LINE_END, at)
                    || content < 0
                    || end < content + LINE_END.length() * 2
                    || content - at > MAX_HEADER_CHARACTERS) {
                throw malformed();
            }
            parts.put(
                    name(text.substring(at, content)).orElseThrow(Multipart::malformed),
                    text.substring(content + LINE_END.length() * 2, end));
            at = end;
        }
    }

    private static String boundary(String contentType) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.matches()) {
            throw malformed();
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    private static Optional<String> name(String headers) {
        return headers.lines()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    private static BadArgument malformed() {
        return new BadArgument("the body is not a valid form with files");
    }
}
