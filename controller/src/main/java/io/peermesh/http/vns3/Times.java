package io.peermesh.http.vns3;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The two date styles of the API, in UTC. */
final class Times {
    private static final DateTimeFormatter BLANK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private Times() {}

    /** RFC 3339 in whole seconds: the Go client parses no other style. */
    static String rfc3339(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** With a blank instead of T; empty text for never. For connection times. */
    static String blank(Optional<Instant> time) {
        return time.map(BLANK::format).orElse("");
    }
}
