package io.peermesh.license;

import io.peermesh.ip.Prefix;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a license allows. Free of contradictions: whoever makes one checks {@link #fault} first.
 *
 * @param topologyName 1..64 printable characters
 * @param controllers 1..10
 * @param clients 0..60,000
 * @param overlay the overlay subnet unless parameters say otherwise
 * @param expires empty for never
 */
public record LicenseClaims(
        UUID id,
        String topologyName,
        int controllers,
        int clients,
        Prefix overlay,
        Instant issued,
        Optional<Instant> expires) {
    /** The overlay subnet of a license that names none. */
    public static final Prefix DEFAULT_OVERLAY = Prefix.literal("100.127.255.192/26");

    /** The most controllers that fit into the port range of the peer links. */
    public static final int MAX_CONTROLLERS = 10;

    /** The most clients of a topology. */
    public static final int MAX_CLIENTS = 60_000;

    /** The longest name of topology or controller, characters. */
    public static final int MAX_NAME_CHARACTERS = 64;

    /** What is wrong with these claims, in words for the operator; empty when nothing is. */
    public Optional<String> fault() {
        if (!isName(topologyName)) {
            return Optional.of("the topology name must have 1 to 64 printable characters");
        }
        if (controllers < 1 || controllers > MAX_CONTROLLERS) {
            return Optional.of(
                    "a license is for 1 to "
                            + MAX_CONTROLLERS
                            + " controllers, not "
                            + controllers);
        }
        if (clients < 0 || clients > MAX_CLIENTS) {
            return Optional.of("a license is for 0 to " + MAX_CLIENTS + " clients, not " + clients);
        }
        return Addressing.byDefault(overlay, controllers, clients).fault();
    }

    /** Whether the license has run out. */
    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    /** Whether a text may name a topology or a controller. */
    public static boolean isName(String text) {
        return !text.isBlank()
                && text.equals(text.strip())
                && text.length() <= MAX_NAME_CHARACTERS
                && text.codePoints().noneMatch(LicenseClaims::isUnprintable);
    }

    /** Quotes stay out too: some API clients take answers apart with regular expressions. */
    private static boolean isUnprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isISOControl(codePoint)
                || codePoint == '"'
                || codePoint == '\\'
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
