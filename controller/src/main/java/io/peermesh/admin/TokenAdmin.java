package io.peermesh.admin;

import io.peermesh.store.Store;
import io.peermesh.store.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * API tokens: 256 random bits each, stored as their SHA-256, shown once. Found by that hash, so the
 * time of a look-up tells nothing about a token; guessing needs no throttle.
 */
public final class TokenAdmin {
    /** Shortest lifetime. */
    public static final long MIN_SECONDS = 60;

    /** Longest lifetime: a year. */
    public static final long MAX_SECONDS = 31_536_000;

    /** Lifetime unless given. */
    public static final long DEFAULT_SECONDS = 3600;

    /** Most tokens that are kept, expired ones included. */
    public static final int MAX_TOKENS = 1000;

    /** Most expired tokens that are kept, for the list. */
    public static final int MAX_EXPIRED = 100;

    private static final int TOKEN_BYTES = 32;
    private static final Problem UNKNOWN = Problem.notFound("Requested api token does not exist");

    /** A use is written to the disk at most once in this part of the lifetime, or in a minute. */
    private static final long NOTED_USES_PER_LIFETIME = 20;

    private final Changes changes;
    private final Store store;
    private final SecureRandom random;

    TokenAdmin(Changes changes, SecureRandom random) {
        this.changes = changes;
        this.store = changes.store();
        this.random = random;
    }

    /** All tokens, by id. */
    public List<TokenView> list() {
        return store.read(tx -> tx.tokens().all()).stream().map(this::view).toList();
    }

    private TokenView view(Tokens.Row row) {
        return view(row, Optional.empty());
    }

    private TokenView view(Tokens.Row row, Optional<String> token) {
        boolean used = !row.used().equals(Instant.EPOCH);
        return new TokenView(
                row.id(),
                token,
                row.name(),
                row.created(),
                row.expires(),
                row.createdSource(),
                row.lifetimeSeconds(),
                row.refreshes(),
                isExpired(row),
                used ? Optional.of(row.used()) : Optional.empty(),
                used ? Optional.of(row.usedSource()) : Optional.empty());
    }

    private boolean isExpired(Tokens.Row row) {
        return !changes.now().isBefore(row.expires());
    }

    /** Makes a token; the answer is the only one that holds it. */
    public Outcome<TokenView> create(
            Actor actor, String name, OptionalLong lifetimeSeconds, boolean refreshes) {
        long seconds = lifetimeSeconds.orElse(DEFAULT_SECONDS);
        if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
            return Outcome.refused(
                    Problem.argument(
                            "expires is invalid: it must be "
                                    + MIN_SECONDS
                                    + " to "
                                    + MAX_SECONDS
                                    + " seconds"));
        }
        Optional<Problem> problem =
                name.isEmpty()
                        ? Optional.empty()
                        : ConfigAdmin.nameProblem("name", Optional.of(name));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        String token = generate();
        Instant now = changes.now();
        var row =
                new Tokens.Row(
                        0,
                        name,
                        now,
                        now.plusSeconds(seconds),
                        actor.source(),
                        seconds,
                        refreshes,
                        Instant.EPOCH,
                        "");
        return changes.<Integer>change(
                        actor,
                        "create-token",
                        name,
                        tx -> {
                            tx.tokens().removeExpired(now, MAX_EXPIRED);
                            if (tx.tokens().all().size() >= MAX_TOKENS) {
                                return Outcome.refused(
                                        Problem.argument(
                                                "there are "
                                                        + MAX_TOKENS
                                                        + " tokens already; delete some"));
                            }
                            return Outcome.done(tx.tokens().add(hash(token), row));
                        })
                .then(this::find)
                .map(view -> withToken(view, token));
    }

    private static TokenView withToken(TokenView view, String token) {
        return new TokenView(
                view.id(),
                Optional.of(token),
                view.name(),
                view.createdAt(),
                view.expiresAt(),
                view.createdSource(),
                view.lifetimeSeconds(),
                view.refreshes(),
                view.expired(),
                view.lastUsedAt(),
                view.lastUsedSource());
    }

    private String generate() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** One token. */
    public Outcome<TokenView> find(int id) {
        return store.read(tx -> tx.tokens().find(id))
                .map(row -> Outcome.done(view(row)))
                .orElse(Outcome.refused(UNKNOWN));
    }

    /** Makes a token useless at once, but keeps its row. */
    public Outcome<TokenView> expire(Actor actor, int id) {
        return changes.<Boolean>change(
                        actor,
                        "expire-token",
                        "token " + id,
                        tx -> {
                            Optional<Tokens.Row> row = tx.tokens().find(id);
                            if (row.isEmpty()) {
                                return Outcome.refused(UNKNOWN);
                            }
                            if (!isExpired(row.get())) {
                                tx.tokens().expireAt(id, changes.now());
                            }
                            return Outcome.done(true);
                        })
                .then(_ -> find(id));
    }

    /** Forgets a token. */
    public Outcome<String> remove(Actor actor, int id) {
        return changes.change(
                actor,
                "remove-token",
                "token " + id,
                tx -> {
                    if (tx.tokens().find(id).isEmpty()) {
                        return Outcome.refused(UNKNOWN);
                    }
                    tx.tokens().remove(id);
                    return Outcome.done("Token deleted");
                });
    }

    /** Checks a token and notes its use. */
    public Login login(String token, String source) {
        if (token.length() > 4 * TOKEN_BYTES) {
            return new Login.Refused();
        }
        Optional<Tokens.Row> row = store.read(tx -> tx.tokens().findByHash(hash(token)));
        if (row.isEmpty() || isExpired(row.get())) {
            return new Login.Refused();
        }
        noteUse(row.get(), source);
        String name = row.get().name();
        return new Login.Granted(
                new Actor("token:" + (name.isEmpty() ? row.get().id() : name), source));
    }

    private void noteUse(Tokens.Row row, String source) {
        Instant now = changes.now();
        Duration pause =
                Duration.ofSeconds(Math.min(60, row.lifetimeSeconds() / NOTED_USES_PER_LIFETIME));
        if (now.isBefore(row.used().plus(pause)) && row.usedSource().equals(source)) {
            return;
        }
        store.write(tx -> {
            // it may have been expired or deleted since it was looked up
            Optional<Tokens.Row> present = tx.tokens().find(row.id());
            if (present.isEmpty() || isExpired(present.get())) {
                return;
            }
            tx.tokens().use(row.id(), now, source);
            if (row.refreshes()) {
                tx.tokens().expireAt(row.id(), now.plusSeconds(row.lifetimeSeconds()));
            }
        });
    }
}
