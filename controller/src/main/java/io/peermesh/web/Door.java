package io.peermesh.web;

import io.peermesh.admin.Role;
import io.peermesh.admin.UserAdmin;
import io.peermesh.admin.UserView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Route;
import io.peermesh.http.server.RouteTable;
import io.peermesh.web.session.Session;
import io.peermesh.web.session.Sessions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Lets users in to pages. A page is shown, and a form taken, only within a session whose user may
 * do that; a form also only from a page of this controller: it must carry the session's form token,
 * and what the browser says of its origin must fit.
 */
final class Door {
    /** The name of the field that carries the form token. */
    static final String FORM_TOKEN = "form_token";

    private final RouteTable routes;
    private final Sessions sessions;
    private final UserAdmin users;
    private final Frame frame;

    Door(RouteTable routes, Sessions sessions, UserAdmin users, Frame frame) {
        this.routes = routes;
        this.sessions = sessions;
        this.users = users;
        this.frame = frame;
    }

    /** Answers somebody who may come in. */
    @FunctionalInterface
    interface Page {
        Answer answer(Visit visit);
    }

    /** A page for this role and those above. */
    Door get(String path, Role role, Page page) {
        routes.add(
                "GET",
                path,
                new Route(Route.Access.OPEN, request -> show(request, role, false, page)));
        return this;
    }

    /** A form for this role and those above. */
    Door post(String path, Role role, Page page) {
        routes.add(
                "POST",
                path,
                new Route(Route.Access.OPEN, request -> take(request, role, false, page)));
        return this;
    }

    /** A page that is also for those who still have to choose a password. */
    Door getAlways(String path, Page page) {
        routes.add(
                "GET",
                path,
                new Route(Route.Access.OPEN, request -> show(request, Role.READ_ONLY, true, page)));
        return this;
    }

    /** A form that is also for those who still have to choose a password. */
    Door postAlways(String path, Page page) {
        routes.add(
                "POST",
                path,
                new Route(Route.Access.OPEN, request -> take(request, Role.READ_ONLY, true, page)));
        return this;
    }

    /** A route for everybody, which protects itself. */
    Door open(String method, String path, Route.Handler handler) {
        routes.add(method, path, new Route(Route.Access.OPEN, handler));
        return this;
    }

    private Answer show(Request request, Role role, boolean always, Page page) {
        return enter(request, role, always, page);
    }

    private Answer take(Request request, Role role, boolean always, Page page) {
        return enter(
                request,
                role,
                always,
                visit -> {
                    if (!isOurs(request) || !hasFormToken(visit)) {
                        return frame.problem(
                                visit,
                                403,
                                "This form was not sent from a page of your session",
                                "Nothing was changed. Go back, reload the page and try again.");
                    }
                    return page.answer(visit);
                });
    }

    private Answer enter(Request request, Role role, boolean always, Page page) {
        Optional<Session> session =
                Cookies.of(request, Cookies.session(request))
                        .flatMap(isLive(request) ? sessions::find : sessions::use);
        Optional<UserView> user = session.flatMap(this::userOf);
        if (user.isEmpty()) {
            session.ifPresent(sessions::close);
            return Replies.redirect(loginPath(request));
        }
        var visit = new Visit(request, session.orElseThrow(), user.get(), request.parameters());
        if (user.get().mustChangePassword() && !always) {
            return Replies.redirect("/password");
        }
        if (!user.get().role().allows(role)) {
            return frame.problem(
                    visit,
                    403,
                    "Your role does not allow this",
                    "You are logged in as "
                            + user.get().role().label()
                            + "; this needs the role "
                            + role.label()
                            + ". Nothing was changed.");
        }
        return Compression.page(request, page.answer(visit));
    }

    /** The user as it is now: a disabled user or a changed password ends the session. */
    Optional<UserView> userOf(Session session) {
        return users.find(session.userName())
                .filter(user -> user.enabled() && user.stamp().equals(session.stamp()));
    }

    /** Where a form may come from: nowhere that the browser says is another site. */
    static boolean isOurs(Request request) {
        boolean sameSite =
                request.header("sec-fetch-site")
                        .map(site -> site.equals("same-origin") || site.equals("none"))
                        .orElse(true);
        boolean sameOrigin =
                request.header("origin")
                        .map(origin -> origin.equals("https://" + request.host()))
                        .orElse(true);
        return sameSite && sameOrigin;
    }

    private static boolean hasFormToken(Visit visit) {
        return isSame(visit.exactField(FORM_TOKEN), visit.session().formToken());
    }

    /** In a time that tells nothing. */
    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** Browsers open these by themselves, again and again: no sign that anybody is there. */
    private static boolean isLive(Request request) {
        return request.path().startsWith("/live/");
    }

    private static String loginPath(Request request) {
        boolean page = request.method().equals("GET") && !isLive(request);
        return page && !request.path().equals("/")
                ? "/login?next=" + URLEncoder.encode(request.path(), StandardCharsets.UTF_8)
                : "/login";
    }
}
