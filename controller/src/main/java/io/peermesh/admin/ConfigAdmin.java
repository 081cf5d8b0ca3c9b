package io.peermesh.admin;

/** Names of controller and topology, time servers. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class ConfigAdmin {
    ConfigAdmin() {}

    /** Works at any time, unlicensed and unpeered too. */
    public ConfigView view() {
        throw new UnsupportedOperationException();
    }

    /** Changes names; all or nothing. */
    public Outcome<ConfigView> change(Actor actor, ConfigChange change) {
        throw new UnsupportedOperationException();
    }
}
