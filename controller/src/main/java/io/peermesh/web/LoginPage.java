package io.peermesh.web;

import io.peermesh.admin.CredentialAdmin;
import io.peermesh.admin.Login;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.UserAdmin;
import io.peermesh.admin.UserView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.web.session.Sessions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Log-in, log-out, and the choice of a password. */
final class LoginPage {
    private final CredentialAdmin credentials;
    private final UserAdmin users;
    private final Sessions sessions;
    private final Frame frame;

    LoginPage(CredentialAdmin credentials, UserAdmin users, Sessions sessions, Frame frame) {
        this.credentials = credentials;
        this.users = users;
        this.sessions = sessions;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.open("GET", "/login", this::show)
                .open("POST", "/login", this::logIn)
                .postAlways("/logout", this::logOut)
                .postAlways("/logout/everywhere", this::logOutEverywhere)
                .getAlways("/password", visit -> password(visit, 200, ""))
                .postAlways("/password", this::changePassword);
    }

    private Answer show(Request request) {
        String next = request.query().getOrDefault("next", "/");
        return form(request, 200, "", "", isLocal(next) ? next : "/");
    }

    /** The form and a cookie carry the same random text, so that no other site can send it. */
    private Answer form(Request request, int status, String user, String problem, String next) {
        String token =
                Cookies.of(request, Cookies.login(request))
                        .filter(present -> present.matches("[A-Za-z0-9_-]{43}"))
                        .orElseGet(sessions::token);
        var parameters = new HashMap<String, Object>();
        parameters.put("formToken", token);
        parameters.put("user", user);
        parameters.put("problem", problem);
        parameters.put("next", next);
        var page = (Answer.Page) frame.plain(status, "login", parameters);
        return new Answer.Page(
                status,
                page.contentType(),
                Replies.with(Map.of("Set-Cookie", Cookies.set(Cookies.login(request), token))),
                page.content());
    }

    private Answer logIn(Request request) {
        Parameters given = request.parameters();
        String user = given.text("user").map(String::strip).orElse("");
        String next = given.text("next").filter(LoginPage::isLocal).orElse("/");
        boolean ours =
                Door.isOurs(request)
                        && Cookies.of(request, Cookies.login(request))
                                .filter(token ->
                                        Door.isSame(token, given.text(Door.FORM_TOKEN).orElse("")))
                                .isPresent();
        if (!ours) {
            return form(
                    request,
                    403,
                    user,
                    "The form was too old, or your browser keeps no cookies. Please try again.",
                    next);
        }
        Login login =
                credentials.loginUi(user, given.text("password").orElse(""), request.source());
        return switch (login) {
            case Login.Granted _ -> enter(request, user, next);
            case Login.Refused() -> form(request, 403, user, "User or password is wrong.", next);
            case Login.Throttled(int seconds) ->
                    form(
                            request,
                            429,
                            user,
                            "Too many wrong passwords from your address. Try again in "
                                    + seconds
                                    + " s.",
                            next);
        };
    }

    private Answer enter(Request request, String name, String next) {
        Optional<UserView> user = users.find(name);
        if (user.isEmpty()) {
            return form(request, 403, name, "User or password is wrong.", next);
        }
        String cookie = sessions.open(name, user.get().stamp(), request.source());
        return Replies.redirect(
                user.get().mustChangePassword() ? "/password" : next,
                Cookies.set(Cookies.session(request), cookie));
    }

    /** A path of ours, not an address somewhere else. */
    private static boolean isLocal(String path) {
        return path.matches("/[A-Za-z0-9_./-]*") && !path.startsWith("//");
    }

    private Answer logOut(Visit visit) {
        sessions.close(visit.session());
        return bye(visit);
    }

    private Answer logOutEverywhere(Visit visit) {
        sessions.closeAll(visit.user().name());
        return bye(visit);
    }

    private static Answer bye(Visit visit) {
        return Replies.redirect("/login", Cookies.remove(Cookies.session(visit.request())));
    }

    private Answer password(Visit visit, int status, String problem) {
        return frame.page(
                visit,
                status,
                frame.shell(visit, "Choose a password"),
                "password",
                Map.of(
                        "problem",
                        problem,
                        "mustChange",
                        visit.user().mustChangePassword(),
                        "minCharacters",
                        CredentialAdmin.MIN_PASSWORD_CHARACTERS,
                        "sessions",
                        sessions.of(visit.user().name()).size()));
    }

    private Answer changePassword(Visit visit) {
        String fresh = visit.exactField("new_password");
        if (!fresh.equals(visit.exactField("repeated_password"))) {
            return password(visit, 422, "The two new passwords differ.");
        }
        return switch (users.changeOwnPassword(
                visit.actor(), visit.exactField("password"), fresh)) {
            case Outcome.Refused<Boolean>(Problem problem) ->
                    password(visit, 422, Sentence.of(problem));
            case Outcome.Done<Boolean> _ -> {
                sessions.closeAll(visit.user().name());
                UserView user = users.find(visit.user().name()).orElseThrow();
                String cookie = sessions.open(user.name(), user.stamp(), visit.request().source());
                sessions.find(cookie)
                        .ifPresent(session ->
                                session.tell(
                                        "Your password is changed. Your other sessions are"
                                                + " closed."));
                yield Replies.redirect("/", Cookies.set(Cookies.session(visit.request()), cookie));
            }
        };
    }
}
