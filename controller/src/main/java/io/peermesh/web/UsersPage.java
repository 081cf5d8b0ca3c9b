package io.peermesh.web;

import io.peermesh.admin.CredentialAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.admin.UserAdmin;
import io.peermesh.http.server.Answer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** <i>Passwords and users</i>. */
final class UsersPage {
    private static final String PATH = "/system/users";

    private final UserAdmin users;
    private final CredentialAdmin credentials;
    private final Frame frame;

    UsersPage(UserAdmin users, CredentialAdmin credentials, Frame frame) {
        this.users = users;
        this.credentials = credentials;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get(PATH, Role.READ_ONLY, visit -> page(visit, 200, ""))
                .post(PATH, Role.ADMIN, this::add)
                .post(PATH + "/change", Role.ADMIN, this::change)
                .post(PATH + "/api", Role.ADMIN, this::changeApi);
    }

    private Answer page(Visit visit, int status, String problem) {
        var parameters = new HashMap<String, Object>();
        parameters.put("users", users.list());
        parameters.put("problem", problem);
        parameters.put("values", new Values(visit));
        parameters.put("roles", Arrays.stream(Role.values()).map(Role::label).toList());
        parameters.put("apiUser", CredentialAdmin.API_USER);
        return frame.page(
                visit, status, frame.shell(visit, "Passwords and users"), "users", parameters);
    }

    private Answer add(Visit visit) {
        String name = visit.field("name");
        Role role = Role.parse(visit.field("role")).orElse(Role.READ_ONLY);
        return shown(visit, users.add(visit.actor(), name, role), name);
    }

    /** The only page that shows a generated password. */
    private Answer shown(Visit visit, Outcome<String> outcome, String name) {
        return switch (outcome) {
            case Outcome.Refused<String>(Problem problem) -> page(visit, 422, Sentence.of(problem));
            case Outcome.Done<String>(String password) ->
                    frame.page(
                            visit,
                            "Password of " + name,
                            "secret",
                            Map.of(
                                    "explanation",
                                    "It is shown only now. "
                                            + name
                                            + " has to choose another at the first log-in.",
                                    "secret",
                                    password,
                                    "back",
                                    PATH));
        };
    }

    private Answer change(Visit visit) {
        String name = visit.field("name");
        return switch (visit.field("action")) {
            case "role" ->
                    after(
                            visit,
                            users.changeRole(
                                    visit.actor(),
                                    name,
                                    Role.parse(visit.field("role")).orElse(Role.READ_ONLY)),
                            name + " has another role now.");
            case "enable" ->
                    after(visit, users.enable(visit.actor(), name, true), name + " may log in.");
            case "disable" ->
                    after(
                            visit,
                            users.enable(visit.actor(), name, false),
                            name + " may not log in any more.");
            case "reset" ->
                    confirmed(visit, name, "Reset the password of ")
                            .orElseGet(() ->
                                    shown(visit, users.resetPassword(visit.actor(), name), name));
            case "remove" ->
                    confirmed(visit, name, "Remove ")
                            .orElseGet(() ->
                                    after(
                                            visit,
                                            users.remove(visit.actor(), name),
                                            name + " is removed."));
            default -> page(visit, 422, "Choose what to do.");
        };
    }

    private Optional<Answer> confirmed(Visit visit, String name, String what) {
        if (visit.field("confirmed").equals("yes")) {
            return Optional.empty();
        }
        return Optional.of(
                frame.page(
                        visit,
                        "Please confirm",
                        "confirm",
                        Map.of(
                                "what",
                                what + name + "?",
                                "effect",
                                "All sessions of this user end at once.",
                                "targets",
                                List.of(name),
                                "path",
                                visit.request().path(),
                                "fields",
                                Map.of(
                                        "action",
                                        visit.field("action"),
                                        "name",
                                        name,
                                        "confirmed",
                                        "yes"),
                                "button",
                                "Yes",
                                "back",
                                PATH)));
    }

    private Answer changeApi(Visit visit) {
        return after(
                visit,
                credentials.changeApiPassword(visit.actor(), visit.exactField("api_password")),
                "The password of the API user is changed.");
    }

    private Answer after(Visit visit, Outcome<?> outcome, String done) {
        return switch (outcome) {
            case Outcome.Refused<?>(Problem problem) -> page(visit, 422, Sentence.of(problem));
            case Outcome.Done<?> _ -> {
                visit.session().tell(done);
                yield Replies.redirect(PATH);
            }
        };
    }
}
