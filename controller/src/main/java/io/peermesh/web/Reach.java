package io.peermesh.web;

import io.peermesh.web.view.Choice;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** How far back one looks. */
enum Reach {
    HOUR("1h", "hour", Duration.ofHours(1)),
    DAY("24h", "24 hours", Duration.ofHours(24)),
    WEEK("7d", "7 days", Duration.ofDays(7)),
    MONTH("30d", "30 days", Duration.ofDays(30)),
    ALL("90d", "90 days", Duration.ofDays(90));

    private final String word;
    private final String label;
    private final Duration length;

    Reach(String word, String label, Duration length) {
        this.word = word;
        this.label = label;
        this.length = length;
    }

    /** Of its word in an address; a day for any other. */
    static Reach of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElse(DAY);
    }

    /** This, or the shortest longer one that reaches so far back. */
    Reach upTo(Duration back) {
        return Arrays.stream(values())
                .filter(each -> each.compareTo(this) >= 0 && each.length.compareTo(back) >= 0)
                .findFirst()
                .orElse(ALL);
    }

    String word() {
        return word;
    }

    Duration length() {
        return length;
    }

    /** Where it begins. */
    Instant begin(Instant end) {
        return end.minus(length);
    }

    /** All of them, for a drop-down. */
    List<Choice> choices() {
        return Arrays.stream(values())
                .map(each -> new Choice(each.word, each.label, each == this))
                .toList();
    }
}
