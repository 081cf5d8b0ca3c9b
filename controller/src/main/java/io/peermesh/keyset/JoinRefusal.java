package io.peermesh.keyset;

import java.util.Locale;
import java.util.Optional;

/** Why a controller does not answer a join, as it says over the wire to whoever asks. */
public enum JoinRefusal {
    /** It has no keyset, or no accepted license. */
    NO_KEYSET("there is no keyset here"),
    /** It speaks none of the joiner's versions. */
    VERSION("it speaks another version"),
    /** Too many joins at a time. */
    BUSY("too many joins at a time"),
    /** The challenge is not from here, too old, or was used. */
    STALE("its challenge is unknown or was used"),
    /** What was sent is sealed under another keyset, or was changed on the way. */
    WRONG_KEYSET("it does not hold this keyset"),
    /** A message was malformed. */
    BAD_MESSAGE("a message was malformed");

    private final String text;

    JoinRefusal(String text) {
        this.text = text;
    }

    /** In words, for the operator of the controller that refused. */
    public String text() {
        return text;
    }

    /** The name over the wire. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<JoinRefusal> parse(String label) {
        for (JoinRefusal reason : values()) {
            if (reason.label().equals(label)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
