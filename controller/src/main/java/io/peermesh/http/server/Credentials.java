package io.peermesh.http.server;

import io.peermesh.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a request shows of itself. API clients send one of the two or both; either suffices.
 *
 * @param basic user and password of the {@code Authorization} header
 * @param token the {@code api-token} header
 */
public record Credentials(Optional<Basic> basic, Optional<Secret> token) {
    /** User name and password. */
    public record Basic(String user, Secret password) {}

    /** Longest header value that is looked at; a longer one counts as none. */
    private static final int MAX_HEADER_CHARACTERS = 1024;

    /** From the header values; a malformed one counts as none. */
    public static Credentials of(Optional<String> authorization, Optional<String> apiToken) {
        return new Credentials(
                authorization.filter(Credentials::isShort).flatMap(Credentials::parseBasic),
                apiToken.map(String::strip)
                        .filter(token -> !token.isEmpty() && isShort(token))
                        .map(token -> Secret.of(token.getBytes(StandardCharsets.UTF_8))));
    }

    /** Whether there is nothing to check. */
    public boolean isEmpty() {
        return basic.isEmpty() && token.isEmpty();
    }

    private static boolean isShort(String header) {
        return header.length() <= MAX_HEADER_CHARACTERS;
    }

    private static Optional<Basic> parseBasic(String header) {
        int blank = header.indexOf(' ');
        if (blank < 0 || !header.substring(0, blank).equalsIgnoreCase("basic")) {
            return Optional.empty();
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(header.substring(blank + 1).strip());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        String text = new String(decoded, StandardCharsets.UTF_8);
        int colon = text.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(
                        new Basic(
                                text.substring(0, colon),
                                Secret.of(
                                        text.substring(colon + 1)
                                                .getBytes(StandardCharsets.UTF_8))));
    }
}
