package io.peermesh.keyset;

import java.util.Locale;
import java.util.Optional;

/** Why a source does not go on with a fetch, as it says over the wire. */
public enum FetchRefusal {
    /** It has no keyset, or no accepted license. */
    NO_KEYSET("there is no keyset here"),
    /** It speaks none of the client's versions. */
    VERSION("it speaks another version"),
    /** Too many exchanges are open. */
    BUSY("too many exchanges are open"),
    /** Too many wrong tokens lately, from this address or in all. */
    TOO_MANY_GUESSES("too many wrong security tokens lately"),
    /** The exchange is unknown here, or has timed out. */
    UNKNOWN_EXCHANGE("the exchange is unknown or has timed out"),
    /** A message was malformed or did not hold. */
    BAD_MESSAGE("a message was malformed"),
    /** The tokens differ. */
    WRONG_TOKEN("the security token is wrong");

    private final String text;

    FetchRefusal(String text) {
        this.text = text;
    }

    /** In words, for the source's operator. */
    public String text() {
        return text;
    }

    /** The name over the wire. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<FetchRefusal> parse(String label) {
        for (FetchRefusal reason : values()) {
            if (reason.label().equals(label)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
