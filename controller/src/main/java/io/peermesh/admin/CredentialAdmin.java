package io.peermesh.admin;

import io.peermesh.license.LicenseClaims;
import io.peermesh.store.Credentials;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Passwords of the API user and the UI user. */
public final class CredentialAdmin {
    /** The one API user. */
    public static final String API_USER = "api";

    /** The first UI user. */
    public static final String FIRST_UI_USER = "admin";

    /** Shortest password that may be set. */
    public static final int MIN_PASSWORD_CHARACTERS = 8;

    /** Longest password. */
    public static final int MAX_PASSWORD_CHARACTERS = 256;

    /**
     * Most passwords that are checked at a time, since each takes 32 MiB; more have to try again.
     */
    public static final int MAX_CHECKS = 3;

    private static final String API = "api";
    static final String UI = "ui";
    private static final int GENERATED_CHARACTERS = 20;

    /** Without what is easily misread. */
    private static final String ALPHABET =
            "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final Problem USERNAME_PROBLEM =
            Problem.argument(
                    "admin_username is invalid: 1 to "
                            + LicenseClaims.MAX_NAME_CHARACTERS
                            + " printable characters, without quotes and colons");

    private final Changes changes;
    private final Settings settings;
    private final EventLog events;
    private final SecureRandom random;
    private final LoginThrottle throttle;
    private final VerifiedPasswords verified;
    private final Semaphore checks = new Semaphore(MAX_CHECKS);

    CredentialAdmin(
            Changes changes,
            Settings settings,
            EventLog events,
            SecureRandom random,
            LoginThrottle throttle) {
        this.changes = changes;
        this.settings = settings;
        this.events = events;
        this.random = random;
        this.throttle = throttle;
        this.verified = new VerifiedPasswords(random);
    }

    /**
     * At the first start sets one password for the API user and the UI user: the preset one, else a
     * generated one, which is answered to be shown once. Later starts do nothing.
     */
    public Outcome<Optional<String>> prepareFirstStart(Optional<String> presetPassword) {
        if (find(API).isPresent()) {
            return Outcome.done(Optional.empty());
        }
        Optional<Problem> problem = presetPassword.flatMap(CredentialAdmin::passwordProblem);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        String password = presetPassword.orElseGet(this::generate);
        String hash = hash(password);
        return changes.change(
                Actor.LOCAL,
                "set-first-password",
                "",
                tx -> {
                    putBoth(tx.credentials(), hash, presetPassword.isEmpty());
                    return Outcome.done(
                            presetPassword.isPresent() ? Optional.empty() : Optional.of(password));
                });
    }

    private static void putBoth(Credentials credentials, String hash, boolean generated) {
        credentials.put(new Credentials.Row(API, API_USER, hash, true, generated));
        credentials.put(new Credentials.Row(UI, FIRST_UI_USER, hash, true, generated));
    }

    private Optional<Credentials.Row> find(String face) {
        return changes.store().read(tx -> tx.credentials().find(face));
    }

    /** A password that is hard to guess and easy to read. */
    String generate() {
        var password = new StringBuilder();
        for (int i = 0; i < GENERATED_CHARACTERS; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /** In the form in which it is stored; takes a while. */
    String hash(String password) {
        return PasswordHash.of(password, settings.passwordCost(), random);
    }

    /** Checks the API user's password. */
    public Login loginApi(String user, String password, String source) {
        return login(find(API), user, password, source);
    }

    /** Checks a UI user's password. */
    public Login loginUi(String user, String password, String source) {
        return login(uiCredential(user), user, password, source);
    }

    /**
     * Of that user, else of the first one, so that an unknown name takes as long as a known one.
     */
    private Optional<Credentials.Row> uiCredential(String user) {
        return changes.store()
                .read(tx -> {
                    Optional<Credentials.Row> first = tx.credentials().find(UI);
                    return tx.uiUsers()
                            .find(user)
                            .map(row ->
                                    new Credentials.Row(
                                            UI,
                                            row.name(),
                                            row.hash(),
                                            row.enabled()
                                                    && first.map(Credentials.Row::enabled)
                                                            .orElse(false),
                                            row.generated()))
                            .or(() -> first);
                });
    }

    private Login login(
            Optional<Credentials.Row> row, String user, String password, String source) {
        Instant now = changes.now();
        int wait = throttle.waitSeconds(source, now);
        if (wait > 0) {
            return new Login.Throttled(wait);
        }
        if (!checks.tryAcquire()) {
            return new Login.Throttled(1);
        }
        try {
            if (isRight(row, user, password)) {
                throttle.onSuccess(source);
                return new Login.Granted(new Actor(user, source));
            }
        } finally {
            checks.release();
        }
        if (throttle.onFailure(source, now)) {
            events.recordProvoked(
                    EventKind.LOGIN_THROTTLED,
                    source,
                    "Wrong passwords from " + source + ": its attempts are slowed down.");
        }
        return new Login.Refused();
    }

    /** The same work is done for a wrong user as for a wrong password. */
    private boolean isRight(Optional<Credentials.Row> row, String user, String password) {
        if (row.isEmpty() || password.length() > MAX_PASSWORD_CHARACTERS) {
            return false;
        }
        boolean rightUser = Texts.isSame(user, row.get().username());
        boolean rightPassword = verified.check(password, row.get().hash());
        return rightUser && rightPassword && row.get().enabled();
    }

    /** Changes the API user's password; the UI user's stays. */
    public Outcome<String> changeApiPassword(Actor actor, String password) {
        Optional<Problem> problem = passwordProblem(password);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        String hash = hash(password);
        Outcome<String> outcome =
                changes.change(
                        actor,
                        "change-api-password",
                        API_USER,
                        tx -> {
                            tx.credentials()
                                    .put(new Credentials.Row(API, API_USER, hash, true, false));
                            return Outcome.done("ok");
                        });
        notePassword(API_USER, actor);
        return outcome;
    }

    void notePassword(String user, Actor actor) {
        events.record(
                EventKind.PASSWORD_CHANGED,
                user,
                "The password of "
                        + user
                        + " was changed by "
                        + actor.name()
                        + " from "
                        + actor.source()
                        + ".");
    }

    static Optional<Problem> passwordProblem(String password) {
        boolean fine =
                password.length() >= MIN_PASSWORD_CHARACTERS
                        && password.length() <= MAX_PASSWORD_CHARACTERS
                        && password.chars().noneMatch(Character::isISOControl);
        return fine
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "password is invalid: it must have "
                                        + MIN_PASSWORD_CHARACTERS
                                        + " to "
                                        + MAX_PASSWORD_CHARACTERS
                                        + " characters, without line ends"));
    }

    /** The UI's state. */
    public UiAccess uiAccess() {
        return find(UI).map(row -> new UiAccess(row.enabled(), row.username()))
                .orElse(new UiAccess(false, FIRST_UI_USER));
    }

    /** Changes the UI's user, password or state; what is empty stays. The API user's stays. */
    public Outcome<UiAccess> changeUi(
            Actor actor,
            Optional<Boolean> enabled,
            Optional<String> username,
            Optional<String> password) {
        Optional<Problem> problem =
                username.filter(name -> !LicenseClaims.isName(name) || name.indexOf(':') >= 0)
                        .map(_ -> USERNAME_PROBLEM)
                        .or(() -> password.flatMap(CredentialAdmin::passwordProblem));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        Optional<String> hash = password.map(this::hash);
        Outcome<UiAccess> outcome =
                changes.<Boolean>change(
                                actor,
                                "change-ui-access",
                                username.orElse(""),
                                tx -> {
                                    Optional<Credentials.Row> before = tx.credentials().find(UI);
                                    if (before.isEmpty()) {
                                        return Outcome.refused(
                                                Problem.prerequisite(
                                                        "There is no UI user yet; start the"
                                                                + " controller once."));
                                    }
                                    if (username.flatMap(tx.uiUsers()::find).isPresent()) {
                                        return Outcome.refused(
                                                Problem.argument(
                                                        "admin_username is invalid: another user"
                                                                + " of the UI has that name"));
                                    }
                                    tx.credentials()
                                            .put(changed(before.get(), enabled, username, hash));
                                    return Outcome.done(true);
                                })
                        .map(_ -> uiAccess());
        if (password.isPresent() && outcome instanceof Outcome.Done<UiAccess>(UiAccess access)) {
            notePassword(access.username(), actor);
        }
        return outcome;
    }

    private static Credentials.Row changed(
            Credentials.Row before,
            Optional<Boolean> enabled,
            Optional<String> username,
            Optional<String> hash) {
        return new Credentials.Row(
                UI,
                username.orElse(before.username()),
                hash.orElse(before.hash()),
                enabled.orElse(before.enabled()),
                hash.isEmpty() && before.generated());
    }

    /** From a local shell: a new generated password for both users, answered to be shown once. */
    public String resetLocally() {
        String password = generate();
        String hash = hash(password);
        changes.change(
                Actor.LOCAL,
                "reset-passwords",
                "",
                tx -> {
                    putBoth(tx.credentials(), hash, true);
                    return Outcome.done(true);
                });
        notePassword(API_USER + " and " + FIRST_UI_USER, Actor.LOCAL);
        return password;
    }
}
