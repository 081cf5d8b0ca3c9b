package io.peermesh.keyset;

import java.util.Locale;

/**
 * Why a fetch failed, as the fetching controller sees it.
 *
 * @param text for the operator: what happened and what to do
 */
public record FetchFailure(Reason reason, String text) {
    /** The reasons, for programs. */
    public enum Reason {
        /** No usable answer came from the source. */
        UNREACHABLE,
        /** The source has another token, or no patience for guesses any more. */
        REFUSED_TOKEN,
        /** The source has no keyset. */
        NO_KEYSET,
        /** Source and client share no version of the exchange. */
        VERSION,
        /** The source is busy with other fetches. */
        BUSY,
        /** What the source said does not hold. */
        BAD_ANSWER;

        /** The name outside of the program. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
