package io.peermesh.keyset;

import io.peermesh.ip.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port as people write them: {@code HOST}, {@code HOST:PORT}, {@code [IPv6]:PORT}, or
 * an IPv6 address alone.
 *
 * @param host IPv4, IPv6 without brackets, or a DNS name
 * @param port 1..65535
 */
public record SourceAddress(String host, int port) {
    private static final int MAX_CHARACTERS = 253;
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\\.)*"
                            + "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.?");
    private static final Pattern WITH_PORT =
            Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");

    /** Reads the text; empty when it is malformed. */
    public static Optional<SourceAddress> parse(String text, int defaultPort) {
        Optional<IpAddress> bare = IpAddress.parse(text);
        if (bare.isPresent()) {
            return Optional.of(new SourceAddress(bare.get().toString(), defaultPort));
        }
        Matcher form = WITH_PORT.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int port = form.group(3) == null ? defaultPort : Integer.parseInt(form.group(3));
        boolean bracketed = form.group(1) != null;
        String host = bracketed ? form.group(1) : form.group(2);
        if (port < 1 || port > 65535 || (bracketed ? !isV6(host) : !isHost(host))) {
            return Optional.empty();
        }
        return Optional.of(new SourceAddress(host, port));
    }

    /** Whether a text is an IPv4 or IPv6 address or a DNS name. */
    public static boolean isHost(String text) {
        if (IpAddress.parse(text).isPresent()) {
            return true;
        }
        String label = text.substring(text.lastIndexOf('.', text.length() - 2) + 1);
        return text.length() <= MAX_CHARACTERS
                && NAME.matcher(text).matches()
                && !label.matches("[0-9]+\\.?"); // a broken IPv4 address is no name
    }

    private static boolean isV6(String text) {
        Optional<IpAddress> address = IpAddress.parse(text);
        return address.isPresent() && text.indexOf(':') >= 0;
    }

    /** HOST:PORT, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
