package io.peermesh.admin;

import java.util.Optional;

/** Passwords of the API user and the UI user. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class CredentialAdmin {
    /** The one API user. */
    public static final String API_USER = "api";

    /** The first UI user. */
    public static final String FIRST_UI_USER = "admin";

    /** Shortest password that may be set. */
    public static final int MIN_PASSWORD_CHARACTERS = 8;

    CredentialAdmin() {}

    /**
     * At the first start sets one password for the API user and the UI user: the preset one, else a
     * generated one, which is answered to be shown once. Later starts do nothing.
     */
    public Outcome<Optional<String>> prepareFirstStart(Optional<String> presetPassword) {
        throw new UnsupportedOperationException();
    }

    /** Checks the API user's password. */
    public Login loginApi(String user, String password, String source) {
        throw new UnsupportedOperationException();
    }

    /** Checks a UI user's password. */
    public Login loginUi(String user, String password, String source) {
        throw new UnsupportedOperationException();
    }

    /** Changes the API user's password; the UI user's stays. */
    public Outcome<String> changeApiPassword(Actor actor, String password) {
        throw new UnsupportedOperationException();
    }

    /** The UI's state. */
    public UiAccess uiAccess() {
        throw new UnsupportedOperationException();
    }

    /** Changes the UI's user, password or state; what is empty stays. The API user's stays. */
    public Outcome<UiAccess> changeUi(
            Actor actor,
            Optional<Boolean> enabled,
            Optional<String> username,
            Optional<String> password) {
        throw new UnsupportedOperationException();
    }

    /** From a local shell: a new generated password for both users, answered to be shown once. */
    public String resetLocally() {
        throw new UnsupportedOperationException();
    }
}
