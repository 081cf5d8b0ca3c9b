package io.peermesh.keyset;

import java.util.Optional;

/** Which security tokens are let in: guesses are few, but a token must not be among the first. */
public final class TokenPolicy {
    /** Shortest token that is let in unless forced. */
    public static final int MIN_CHARACTERS = 12;

    /** Longest token. */
    public static final int MAX_CHARACTERS = 256;

    private TokenPolicy() {}

    /**
     * Why a token is refused; empty when it is not.
     *
     * @param weakAllowed lets short tokens in
     */
    public static Optional<String> fault(String token, boolean weakAllowed) {
        if (token.isEmpty()) {
            return Optional.of("token is missing");
        }
        if (token.length() > MAX_CHARACTERS) {
            return Optional.of("token is too long: at most " + MAX_CHARACTERS + " characters");
        }
        if (token.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("token must not hold control characters");
        }
        if (token.length() < MIN_CHARACTERS && !weakAllowed) {
            return Optional.of(
                    "token is too short: choose at least "
                            + MIN_CHARACTERS
                            + " characters, or start the controller with --allow-weak-token");
        }
        return Optional.empty();
    }
}
