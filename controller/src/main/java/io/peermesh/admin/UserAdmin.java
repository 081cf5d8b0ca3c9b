package io.peermesh.admin;

import io.peermesh.license.LicenseClaims;
import io.peermesh.store.Credentials;
import io.peermesh.store.Transaction;
import io.peermesh.store.UiUsers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Users of the web UI, their roles and passwords. */
public final class UserAdmin {
    /** Most users besides the first. */
    public static final int MAX_USERS = 100;

    private static final int STAMP_CHARACTERS = 16;

    private final Changes changes;
    private final CredentialAdmin credentials;

    UserAdmin(Changes changes, CredentialAdmin credentials) {
        this.changes = changes;
        this.credentials = credentials;
    }

    /** All users, the first one first. */
    public List<UserView> list() {
        return changes.store()
                .read(tx -> {
                    var users = new ArrayList<UserView>();
                    tx.credentials()
                            .find(CredentialAdmin.UI)
                            .ifPresent(row -> users.add(view(row)));
                    tx.uiUsers().all().forEach(row -> users.add(view(row)));
                    return List.copyOf(users);
                });
    }

    /** One user; nobody while the UI is switched off. */
    public Optional<UserView> find(String name) {
        return changes.store()
                .read(tx -> {
                    Optional<UserView> first =
                            tx.credentials().find(CredentialAdmin.UI).map(UserAdmin::view);
                    if (first.isEmpty() || !first.get().enabled()) {
                        return Optional.empty();
                    }
                    return first.filter(user -> user.name().equals(name))
                            .or(() -> tx.uiUsers().find(name).map(UserAdmin::view));
                });
    }

    private static UserView view(Credentials.Row row) {
        return new UserView(
                row.username(),
                Role.ADMIN,
                row.enabled(),
                true,
                row.generated(),
                stamp(row.hash()));
    }

    private static UserView view(UiUsers.Row row) {
        return new UserView(
                row.name(),
                Role.parse(row.role()).orElse(Role.READ_ONLY),
                row.enabled(),
                false,
                row.generated(),
                stamp(row.hash()));
    }

    private static String stamp(String hash) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(hash.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, STAMP_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** A new user with a generated password, which is answered to be shown once. */
    public Outcome<String> add(Actor actor, String name, Role role) {
        if (!isName(name)) {
            return Outcome.refused(
                    Problem.argument(
                            "the name is invalid: 1 to "
                                    + LicenseClaims.MAX_NAME_CHARACTERS
                                    + " printable characters, without quotes and colons"));
        }
        String password = credentials.generate();
        String hash = credentials.hash(password);
        return changes.change(
                actor,
                "add-user",
                name + " as " + role.label(),
                tx -> {
                    Optional<Problem> problem = additionProblem(tx, name);
                    if (problem.isPresent()) {
                        return Outcome.refused(problem.get());
                    }
                    tx.uiUsers().put(new UiUsers.Row(name, hash, role.label(), true, true));
                    return Outcome.done(password);
                });
    }

    private static boolean isName(String name) {
        return LicenseClaims.isName(name) && name.indexOf(':') < 0 && name.equals(name.strip());
    }

    private static Optional<Problem> additionProblem(Transaction tx, String name) {
        boolean taken =
                tx.uiUsers().find(name).isPresent()
                        || tx.credentials()
                                .find(CredentialAdmin.UI)
                                .filter(first -> first.username().equals(name))
                                .isPresent();
        if (taken) {
            return Optional.of(Problem.argument("there is a user " + name + " already"));
        }
        return tx.uiUsers().all().size() >= MAX_USERS
                ? Optional.of(
                        Problem.argument("there are " + MAX_USERS + " users already; delete some"))
                : Optional.empty();
    }

    /** Another role; not for the first user. */
    public Outcome<Boolean> changeRole(Actor actor, String name, Role role) {
        return changeUser(
                actor,
                "change-role",
                name,
                name + " to " + role.label(),
                row ->
                        new UiUsers.Row(
                                row.name(),
                                row.hash(),
                                role.label(),
                                row.enabled(),
                                row.generated()));
    }

    /** Lets a user in or not; not for the first user. */
    public Outcome<Boolean> enable(Actor actor, String name, boolean enabled) {
        return changeUser(
                actor,
                enabled ? "enable-user" : "disable-user",
                name,
                name,
                row ->
                        new UiUsers.Row(
                                row.name(), row.hash(), row.role(), enabled, row.generated()));
    }

    /** Forgets a user; not the first one. */
    public Outcome<Boolean> remove(Actor actor, String name) {
        return changes.change(
                actor,
                "remove-user",
                name,
                tx -> {
                    if (tx.uiUsers().find(name).isEmpty()) {
                        return Outcome.refused(unknown(name));
                    }
                    tx.uiUsers().remove(name);
                    return Outcome.done(true);
                });
    }

    /** A new generated password, which is answered to be shown once. */
    public Outcome<String> resetPassword(Actor actor, String name) {
        String password = credentials.generate();
        return store(actor, name, password, true).map(_ -> password);
    }

    /** A user chooses a password; the present one proves who it is. */
    public Outcome<Boolean> changeOwnPassword(Actor actor, String present, String fresh) {
        return switch (credentials.loginUi(actor.name(), present, actor.source())) {
            case Login.Throttled(int seconds) ->
                    Outcome.refused(
                            Problem.argument(
                                    "too many wrong passwords; try again in " + seconds + " s"));
            case Login.Refused() ->
                    Outcome.refused(Problem.argument("the present password is wrong"));
            case Login.Granted _ -> {
                Optional<Problem> problem =
                        present.equals(fresh)
                                ? Optional.of(
                                        Problem.argument("the new password is the present one"))
                                : CredentialAdmin.passwordProblem(fresh);
                yield problem.<Outcome<Boolean>>map(Outcome::refused)
                        .orElseGet(() -> store(actor, actor.name(), fresh, false));
            }
        };
    }

    private Outcome<Boolean> store(Actor actor, String name, String password, boolean generated) {
        String hash = credentials.hash(password);
        Outcome<Boolean> outcome =
                changes.change(
                        actor,
                        "change-ui-password",
                        name,
                        tx -> {
                            Optional<Credentials.Row> first =
                                    tx.credentials()
                                            .find(CredentialAdmin.UI)
                                            .filter(row -> row.username().equals(name));
                            Optional<UiUsers.Row> other = tx.uiUsers().find(name);
                            if (first.isPresent()) {
                                tx.credentials().put(first.get().withHash(hash, generated));
                            } else if (other.isPresent()) {
                                tx.uiUsers()
                                        .put(
                                                new UiUsers.Row(
                                                        name,
                                                        hash,
                                                        other.get().role(),
                                                        other.get().enabled(),
                                                        generated));
                            } else {
                                return Outcome.refused(unknown(name));
                            }
                            return Outcome.done(true);
                        });
        if (outcome instanceof Outcome.Done<Boolean>) {
            credentials.notePassword(name, actor);
        }
        return outcome;
    }

    private Outcome<Boolean> changeUser(
            Actor actor,
            String action,
            String name,
            String target,
            UnaryOperator<UiUsers.Row> change) {
        return changes.change(
                actor,
                action,
                target,
                tx -> {
                    Optional<UiUsers.Row> row = tx.uiUsers().find(name);
                    if (row.isEmpty()) {
                        return Outcome.refused(unknown(name));
                    }
                    tx.uiUsers().put(change.apply(row.get()));
                    return Outcome.done(true);
                });
    }

    private static Problem unknown(String name) {
        return Problem.notFound(
                "there is no user "
                        + ConfigAdmin.printable(name)
                        + " that could be changed; the first one keeps its role");
    }
}
