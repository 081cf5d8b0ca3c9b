package io.peermesh.keyset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which exchanges are open at a source, and which guesses at the token failed: an immutable value,
 * whose changes are new values. An exchange that came so far that its client could have learned
 * whether its guess was right counts as a guess until the client has confirmed.
 *
 * <pre>
 *               hello                 share                     confirm, right
 *   (nothing) --------->  OFFERED  ----------->  ANSWERED  ------------------------> (handed out)
 *                            |                      |
 *                            | 30 s                 | 30 s, or confirm, wrong
 *                            v                      v
 *                        (nothing)               a guess, for 10 minutes
 * </pre>
 */
record FetchBooks(List<Open> open, List<Guess> guesses) {
    /** Most exchanges at a time. */
    static final int MAX_OPEN = 4;

    /** How long an exchange may take. */
    static final long OPEN_MILLIS = 30_000;

    /** How long a wrong guess counts. */
    static final long GUESS_MILLIS = 600_000;

    /** Most wrong guesses of one address (an IPv6 /64) in that time. */
    static final int MAX_GUESSES_PER_SOURCE = 5;

    /** Most wrong guesses in all in that time. */
    static final int MAX_GUESSES = 20;

    static final FetchBooks EMPTY = new FetchBooks(List.of(), List.of());

    /** An exchange that is open. */
    record Open(byte[] id, String source, long sinceMillis, Step step) {
        /** The same exchange at another step. */
        Open at(Step next) {
            return new Open(id, source, sinceMillis, next);
        }
    }

    /** A guess that failed. */
    record Guess(String source, long atMillis) {}

    /** How far an exchange is. */
    sealed interface Step {}

    /** The client knows how the token was stretched, and the source's round 1. */
    record Offered(Juggling juggling, byte[] hello, byte[] offer) implements Step {}

    /** The key is agreed; whether both have the same is open. */
    record Answered(ExchangeKeys keys) implements Step {}

    /** A message is being worked on, by one thread. */
    record Working() implements Step {}

    /** These books at a later time: exchanges time out, guesses are forgotten. */
    FetchBooks at(long nowMillis) {
        var stillOpen = new ArrayList<Open>();
        var stillCounting = new ArrayList<Guess>();
        for (Guess guess : guesses) {
            if (nowMillis - guess.atMillis() < GUESS_MILLIS) {
                stillCounting.add(guess);
            }
        }
        for (Open exchange : open) {
            if (nowMillis - exchange.sinceMillis() < OPEN_MILLIS) {
                stillOpen.add(exchange);
            } else if (exchange.step() instanceof Answered) {
                stillCounting.add(new Guess(SourceNetwork.of(exchange.source()), nowMillis));
            }
        }
        return new FetchBooks(List.copyOf(stillOpen), List.copyOf(stillCounting));
    }

    /** Whether an address has used up its guesses, or all together have. */
    boolean isGuessedOut(String source) {
        String guesser = SourceNetwork.of(source);
        long pending =
                open.stream().filter(exchange -> exchange.step() instanceof Answered).count();
        long pendingHere =
                open.stream()
                        .filter(exchange -> exchange.step() instanceof Answered)
                        .filter(exchange -> SourceNetwork.of(exchange.source()).equals(guesser))
                        .count();
        long here = guesses.stream().filter(guess -> guess.source().equals(guesser)).count();
        return guesses.size() + pending >= MAX_GUESSES
                || here + pendingHere >= MAX_GUESSES_PER_SOURCE;
    }

    boolean isFull() {
        return open.size() >= MAX_OPEN;
    }

    FetchBooks with(Open exchange) {
        var more = new ArrayList<>(open);
        more.add(exchange);
        return new FetchBooks(List.copyOf(more), guesses);
    }

    FetchBooks without(byte[] id) {
        return new FetchBooks(
                open.stream().filter(exchange -> !Arrays.equals(exchange.id(), id)).toList(),
                guesses);
    }

    FetchBooks withGuess(String source, long nowMillis) {
        var more = new ArrayList<>(guesses);
        more.add(new Guess(SourceNetwork.of(source), nowMillis));
        return new FetchBooks(open, List.copyOf(more));
    }

    /** An exchange, if it is at the given step. */
    Optional<Open> findAt(byte[] id, Class<? extends Step> step) {
        return open.stream()
                .filter(exchange -> Arrays.equals(exchange.id(), id))
                .filter(exchange -> step.isInstance(exchange.step()))
                .findFirst();
    }
}
