package io.peermesh.admin;

/** Generating and fetching the keyset; both run in the background. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class KeysetAdmin {
    KeysetAdmin() {}

    /** Refused with {@link Problem#UNLICENSED} before a license is final, unless a fetch runs. */
    public Outcome<KeysetView> view() {
        throw new UnsupportedOperationException();
    }

    /** Starts; the view is in progress and has a fresh start time. */
    public Outcome<KeysetView> start(Actor actor, KeysetRequest request) {
        throw new UnsupportedOperationException();
    }
}
