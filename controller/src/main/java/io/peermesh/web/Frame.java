package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.Outcome;
import io.peermesh.http.server.Answer;
import io.peermesh.web.session.Session;
import io.peermesh.web.view.Shell;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the menu and everything else that all pages share around a page. */
final class Frame {
    private final Administration administration;
    private final Views views;
    private final String assets;

    Frame(Administration administration, Views views, String assets) {
        this.administration = administration;
        this.views = views;
        this.assets = assets;
    }

    /** A page in the frame. */
    Answer page(Visit visit, String title, String template, Map<String, Object> parameters) {
        return page(visit, 200, shell(visit, title), template, parameters);
    }

    /** A page with a live part, or with another status. */
    Answer page(
            Visit visit, int status, Shell shell, String template, Map<String, Object> parameters) {
        var all = new HashMap<>(parameters);
        all.put("shell", shell);
        return Replies.html(status, views.render(template, all));
    }

    /** A page that says what went wrong. */
    Answer problem(Visit visit, int status, String title, String text) {
        return page(visit, status, shell(visit, title), "problem", Map.of("text", text));
    }

    /** A page without menu, for those who are not in yet. */
    Answer plain(int status, String template, Map<String, Object> parameters) {
        var all = new HashMap<>(parameters);
        all.put("assets", assets);
        all.put("controllerName", administration.config().view().controllerName());
        return Replies.html(status, views.render(template, all));
    }

    /** A part of a page. */
    String part(String template, Map<String, Object> parameters) {
        return views.render(template, parameters);
    }

    /** The frame of a page. */
    Shell shell(Visit visit, String title) {
        ConfigView config = administration.config().view();
        return new Shell(
                title,
                config.topologyName(),
                config.controllerName(),
                visit.user().name(),
                visit.user().role().label(),
                visit.mayOperate(),
                visit.mayAdminister(),
                visit.session().formToken(),
                "",
                visit.session().takeNotice().map(Frame::notice),
                visit.user().mustChangePassword()
                        ? List.of()
                        : menu(visit, config, visit.request().path()),
                assets);
    }

    private static Shell.Notice notice(Session.Notice notice) {
        return new Shell.Notice(notice.isProblem(), notice.text());
    }

    private List<Shell.Group> menu(Visit visit, ConfigView config, String path) {
        var first = new ArrayList<Shell.Item>();
        first.add(item("Runtime Status", "/", path));
        if (!config.peered()) {
            first.add(item("Set-up", "/setup", path));
        }
        var system = new ArrayList<Shell.Item>();
        system.add(item("Passwords and users", "/system/users", path));
        if (visit.mayAdminister()) {
            system.add(item("Access tokens", "/system/tokens", path));
        }
        system.add(item("HTTPS certificate", "/system/certificate", path));
        system.add(item("Audit trail", "/system/audit", path));
        return List.of(
                new Shell.Group("", first),
                new Shell.Group(
                        "Overlay",
                        List.of(
                                item("Controller Peering", "/overlay/peering", path),
                                item("Mesh", "/overlay/mesh", path),
                                item("Clientpacks", "/overlay/clientpacks", path),
                                item("Routes", "/overlay/routes", path),
                                item("Link and event history", "/overlay/events", path))),
                new Shell.Group(
                        "Topology",
                        List.of(
                                item("License", "/topology/license", path),
                                item(keysetLabel(), "/topology/keyset", path),
                                item("Names", "/topology/names", path))),
                new Shell.Group("System", system));
    }

    private String keysetLabel() {
        return administration.keyset().view() instanceof Outcome.Done<KeysetView>(KeysetView keyset)
                        && keyset.present()
                ? "Keyset"
                : "Fetch Keyset";
    }

    private static Shell.Item item(String label, String href, String path) {
        return new Shell.Item(label, href, isCurrent(href, path));
    }

    private static boolean isCurrent(String href, String path) {
        return path.equals(href) || (href.length() > 1 && path.startsWith(href + "/"));
    }
}
