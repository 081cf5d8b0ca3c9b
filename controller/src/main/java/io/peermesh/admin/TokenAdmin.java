package io.peermesh.admin;

import java.util.List;
import java.util.OptionalLong;

/** API tokens: stored hashed, shown once. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class TokenAdmin {
    /** Shortest lifetime. */
    public static final long MIN_SECONDS = 60;

    /** Longest lifetime: a year. */
    public static final long MAX_SECONDS = 31_536_000;

    /** Lifetime unless given. */
    public static final long DEFAULT_SECONDS = 3600;

    /** Most tokens that are kept, expired ones included. */
    public static final int MAX_TOKENS = 1000;

    TokenAdmin() {}

    /** All tokens, by id. */
    public List<TokenView> list() {
        throw new UnsupportedOperationException();
    }

    /** Makes a token; the answer is the only one that holds it. */
    public Outcome<TokenView> create(
            Actor actor, String name, OptionalLong lifetimeSeconds, boolean refreshes) {
        throw new UnsupportedOperationException();
    }

    /** One token. */
    public Outcome<TokenView> find(int id) {
        throw new UnsupportedOperationException();
    }

    /** Makes a token useless at once, but keeps its row. */
    public Outcome<TokenView> expire(Actor actor, int id) {
        throw new UnsupportedOperationException();
    }

    /** Forgets a token. */
    public Outcome<String> remove(Actor actor, int id) {
        throw new UnsupportedOperationException();
    }

    /** Checks a token and notes its use. */
    public Login login(String token, String source) {
        throw new UnsupportedOperationException();
    }
}
