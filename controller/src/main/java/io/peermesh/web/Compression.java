package io.peermesh.web;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses what is sent, for browsers that take it. A page holds secrets beside what others may
 * have written, so its length must tell nothing to another site (BREACH): it is compressed only
 * when the browser says that our own page or the user asked for it.
 */
final class Compression {
    /** Shorter ones gain nothing: they fit into one packet. */
    static final int LEAST_BYTES = 1_400;

    private Compression() {}

    static boolean isTaken(Request request) {
        return request.header("accept-encoding").orElse("").contains("gzip");
    }

    /** The same answer, compressed if that is safe and worth it. */
    static Answer page(Request request, Answer answer) {
        boolean ours =
                request.header("sec-fetch-site")
                        .filter(site -> site.equals("same-origin") || site.equals("none"))
                        .isPresent();
        if (!(answer instanceof Answer.Page page)
                || !ours
                || !isTaken(request)
                || !page.contentType().startsWith("text/html")
                || page.content().length < LEAST_BYTES) {
            return answer;
        }
        var headers = new HashMap<>(page.headers());
        headers.put("Content-Encoding", "gzip");
        headers.put("Vary", "Accept-Encoding, Sec-Fetch-Site");
        return new Answer.Page(page.status(), page.contentType(), headers, gzip(page.content()));
    }

    static byte[] gzip(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
