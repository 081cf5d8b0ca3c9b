package io.peermesh.http.vns3;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.HexFormat;

/**
 * Tokens of background tasks. All our work is done before the answer goes out, so that a known
 * token is always a finished one; the newest {@value #MAX_TOKENS} are known. Safe from any thread.
 */
public final class Tasks {
    static final int MAX_TOKENS = 1000;

    private static final int TOKEN_BYTES = 20;

    private final SecureRandom random;
    private final ArrayDeque<String> tokens = new ArrayDeque<>();

    /** None yet. */
    public Tasks(SecureRandom random) {
        this.random = random;
    }

    /** The answer for a client that wants to poll. */
    Submitted submit() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        synchronized (tokens) {
            tokens.addLast(token);
            if (tokens.size() > MAX_TOKENS) {
                tokens.removeFirst();
            }
        }
        return new Submitted(token, "submitted");
    }

    boolean isFinished(String token) {
        synchronized (tokens) {
            return tokens.contains(token);
        }
    }

    /** The token must be a string: the Go client cannot read a number. */
    record Submitted(String token, String status) {}
}
