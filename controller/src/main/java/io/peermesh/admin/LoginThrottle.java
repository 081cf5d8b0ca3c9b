package io.peermesh.admin;

import io.peermesh.keyset.SourceNetwork;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How often each address (an IPv6 /64 counts as one) has failed to log in lately. After five
 * failures an address has to wait: 1 s, then twice as long after each further failure, up to a
 * minute; ten minutes without one, or one success, forgive all. The table is bounded: the address
 * whose failure is oldest is forgotten first, which an attacker who has that many addresses may
 * use, for one guess each.
 */
final class LoginThrottle {
    /** Failures that cost nothing. */
    static final int FREE_FAILURES = 5;

    /** Longest wait. */
    static final int MAX_WAIT_SECONDS = 60;

    /** When failures are forgiven. */
    static final int FORGIVEN_AFTER_SECONDS = 600;

    /** Most addresses in the table. */
    static final int MAX_SOURCES = 1024;

    private final AtomicReference<Map<String, Failures>> table = new AtomicReference<>(Map.of());

    /** Failures of one address; no attempt is looked at before {@code waitUntil}. */
    private record Failures(int count, Instant last, Instant waitUntil) {}

    /** Seconds that an address has to wait; 0 when it may try. */
    int waitSeconds(String source, Instant now) {
        Failures failures = table.get().get(SourceNetwork.of(source));
        if (failures == null || !now.isBefore(failures.waitUntil())) {
            return 0;
        }
        long millis = now.until(failures.waitUntil(), ChronoUnit.MILLIS);
        return Math.clamp((millis + 999) / 1000, 1, MAX_WAIT_SECONDS);
    }

    /** Notes a failure; answers whether the address has to wait from now on, for the first time. */
    boolean onFailure(String address, Instant now) {
        String source = SourceNetwork.of(address);
        Map<String, Failures> after = table.updateAndGet(before -> with(before, source, now));
        Failures failures = after.get(source);
        return failures != null && failures.count() == FREE_FAILURES + 1;
    }

    private static Map<String, Failures> with(
            Map<String, Failures> before, String source, Instant now) {
        var after = new LinkedHashMap<>(before); // by age of the last failure
        Failures known = after.remove(source);
        int count = known == null || isForgiven(known, now) ? 1 : Math.min(known.count() + 1, 1000);
        after.put(source, new Failures(count, now, now.plusSeconds(wait(count))));
        if (after.size() > MAX_SOURCES) {
            after.pollFirstEntry();
        }
        return after;
    }

    private static boolean isForgiven(Failures failures, Instant now) {
        return now.isAfter(failures.last().plusSeconds(FORGIVEN_AFTER_SECONDS));
    }

    private static int wait(int failures) {
        int beyond = failures - FREE_FAILURES;
        return beyond <= 0
                ? 0
                : beyond > 6 ? MAX_WAIT_SECONDS : Math.min(1 << (beyond - 1), MAX_WAIT_SECONDS);
    }

    /** Notes a success. */
    void onSuccess(String address) {
        String source = SourceNetwork.of(address);
        table.updateAndGet(before -> {
            if (!before.containsKey(source)) {
                return before;
            }
            var after = new LinkedHashMap<>(before);
            after.remove(source);
            return after;
        });
    }

    int size() {
        return table.get().size();
    }
}
