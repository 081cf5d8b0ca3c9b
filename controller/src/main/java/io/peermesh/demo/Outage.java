package io.peermesh.demo;

import java.util.BitSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a steady stream of pings says about an interruption.
 *
 * @param millis the longest time from one answer to the next
 * @param sent pings that were sent, as far as answers came: the last ones may be under way
 * @param lost how many of them stayed unanswered
 */
public record Outage(double millis, int sent, int lost) {
    // ping -D: "[1767225600.123456] 64 bytes from 100.64.0.1: icmp_seq=7 ttl=62 time=0.51 ms"
    private static final Pattern ANSWER =
            Pattern.compile("^\\[(\\d+\\.\\d+)].*icmp_seq=(\\d+) .*time=", Pattern.MULTILINE);

    /** Reads what {@code ping -D} wrote; answers that came twice count once. */
    public static Outage of(String log) {
        double longest = 0;
        double last = -1;
        int highest = 0;
        var seen = new BitSet();
        for (MatchResult answer : ANSWER.matcher(log).results().toList()) {
            double at = Double.parseDouble(answer.group(1));
            if (last >= 0) {
                longest = Math.max(longest, at - last);
            }
            last = at;
            int sequence = Integer.parseInt(answer.group(2));
            highest = Math.max(highest, sequence);
            seen.set(sequence);
        }
        return new Outage(longest * 1000, highest, highest - seen.cardinality());
    }

    /** In words. */
    public String text() {
        return "longest gap %.0f ms, %d of %d pings lost".formatted(millis, lost, sent);
    }
}
