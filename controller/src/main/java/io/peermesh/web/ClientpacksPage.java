package io.peermesh.web;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackChange;
import io.peermesh.admin.PackFile;
import io.peermesh.admin.PackView;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.api.PackQr;
import io.peermesh.http.server.Answer;
import io.peermesh.web.view.PackListView;
import io.peermesh.web.view.PackRowView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** <i>Clientpacks</i>: the list, one pack, and what can be done with one or many. */
final class ClientpacksPage {
    private static final String PREFIX = "pack_";
    private static final String LIST = "/overlay/clientpacks";
    private static final String ONE = LIST + "/{name}";

    private final ClientpackAdmin clientpacks;
    private final Packs packs;
    private final Frame frame;
    private final Setup setup;

    ClientpacksPage(ClientpackAdmin clientpacks, Packs packs, Frame frame, Setup setup) {
        this.clientpacks = clientpacks;
        this.packs = packs;
        this.frame = frame;
        this.setup = setup;
    }

    void addTo(Door door) {
        door.get(LIST, Role.READ_ONLY, this::list)
                .post(LIST, Role.OPERATOR, this::bulk)
                .get(ONE, Role.READ_ONLY, visit -> one(visit, 200, ""))
                .post(ONE, Role.OPERATOR, this::act)
                .post(ONE + "/tags", Role.OPERATOR, this::tag)
                .get(ONE + "/conf", Role.OPERATOR, this::download)
                .get(ONE + "/text", Role.OPERATOR, this::text)
                .get(ONE + "/qr.svg", Role.OPERATOR, this::qr);
    }

    private Answer list(Visit visit) {
        Outcome<PackListView> found =
                packs.find(
                        visit.field("q"),
                        visit.field("state"),
                        visit.field("sort"),
                        visit.field("page"));
        var parameters = new HashMap<String, Object>();
        parameters.put("steps", setup.steps());
        return switch (found) {
            case Outcome.Refused<PackListView>(Problem problem) -> {
                parameters.put("text", Sentence.of(problem));
                yield frame.page(visit, "Clientpacks", "clientpacks-early", parameters);
            }
            case Outcome.Done<PackListView>(PackListView view) -> {
                parameters.put("view", view);
                parameters.put("heirs", clientpacks.heirs());
                yield frame.page(visit, "Clientpacks", "clientpacks", parameters);
            }
        };
    }

    private static String name(Visit visit) {
        return visit.request().pathParameter("name");
    }

    private Answer one(Visit visit, int status, String problem) {
        return switch (packs.describe(name(visit))) {
            case Outcome.Refused<PackRowView>(Problem reason) ->
                    frame.problem(visit, 404, "No such clientpack", Sentence.of(reason));
            case Outcome.Done<PackRowView>(PackRowView pack) ->
                    frame.page(
                            visit,
                            status,
                            frame.shell(visit, "Clientpack " + pack.overlayAddress()),
                            "clientpack",
                            Map.of(
                                    "pack",
                                    pack,
                                    "heirs",
                                    clientpacks.heirs(),
                                    "problem",
                                    problem,
                                    "values",
                                    new Values(visit)));
        };
    }

    private Answer act(Visit visit) {
        String action = visit.field("action");
        List<String> names = List.of(name(visit));
        return isConfirmed(visit, action)
                ? carryOut(visit, action, names, LIST + "/" + name(visit))
                : confirm(visit, action, names, LIST + "/" + name(visit));
    }

    private Answer bulk(Visit visit) {
        String action = visit.field("action");
        List<String> names =
                visit.field("all").equals("yes")
                        ? packs.names(visit.field("q"), visit.field("state"))
                        : chosen(visit);
        String back = LIST + (visit.form().has("q") ? filter(visit) : "");
        if (names.isEmpty()) {
            visit.session().complain("Choose some clientpacks first.");
            return Replies.redirect(back);
        }
        return isConfirmed(visit, action)
                ? carryOut(visit, action, names, back)
                : confirm(visit, action, names, back);
    }

    private static List<String> chosen(Visit visit) {
        return visit.form().names().stream()
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.substring(PREFIX.length()))
                .sorted()
                .toList();
    }

    /** Back to the list as it was. */
    private static String filter(Visit visit) {
        return Stream.of("q", "state", "sort", "page")
                .map(name ->
                        name + "=" + URLEncoder.encode(visit.field(name), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }

    /** What cuts clients off is asked about first. */
    private static boolean isConfirmed(Visit visit, String action) {
        boolean cuts =
                action.equals("disable")
                        || action.equals("regenerate")
                        || action.equals("disconnect");
        return !cuts || visit.field("confirmed").equals("yes");
    }

    private Answer confirm(Visit visit, String action, List<String> names, String back) {
        String effect =
                switch (action) {
                    case "disable" -> "Their clients are disconnected, and cannot connect again.";
                    case "regenerate" ->
                            "They get new keys: their clients are disconnected until they have the"
                                    + " new files.";
                    default ->
                            "Their clients lose their sessions now, and may connect again at once.";
                };
        return frame.page(
                visit,
                "Please confirm",
                "confirm",
                Map.of(
                        "what",
                        capitalized(action)
                                + " "
                                + (names.size() == 1
                                        ? "1 clientpack"
                                        : names.size() + " clientpacks")
                                + "?",
                        "effect",
                        effect,
                        "targets",
                        names.stream().map(name -> name.replace('_', '.')).toList(),
                        "path",
                        visit.request().path(),
                        "fields",
                        fields(visit, action, names),
                        "button",
                        capitalized(action),
                        "back",
                        back));
    }

    private static Map<String, String> fields(Visit visit, String action, List<String> names) {
        var fields = new TreeMap<String, String>();
        Stream.of("q", "state", "sort", "page")
                .filter(visit.form()::has)
                .forEach(name -> fields.put(name, visit.field(name)));
        fields.put("action", action);
        fields.put("confirmed", "yes");
        names.forEach(name -> fields.put(PREFIX + name, "on"));
        return fields;
    }

    private static String capitalized(String action) {
        return Character.toUpperCase(action.charAt(0)) + action.substring(1);
    }

    private Answer carryOut(Visit visit, String action, List<String> names, String back) {
        int done = 0;
        for (String name : names) {
            if (carryOut(visit, action, name) instanceof Outcome.Refused<?>(Problem problem)) {
                visit.session()
                        .complain(
                                name.replace('_', '.')
                                        + ": "
                                        + Sentence.of(problem)
                                        + (done > 0 ? " " + done + " others were changed." : ""));
                return Replies.redirect(back);
            }
            done++;
        }
        visit.session()
                .tell(
                        switch (action) {
                                    case "enable" -> "Enabled";
                                    case "disable" -> "Disabled";
                                    case "check-out" -> "Checked out";
                                    case "check-in" -> "Checked in";
                                    case "regenerate" -> "New keys for";
                                    case "move" -> "On the way to controller " + visit.field("to");
                                    default -> "Disconnected";
                                }
                                + ": "
                                + (done == 1
                                        ? names.getFirst().replace('_', '.')
                                        : done + " clientpacks")
                                + ".");
        return Replies.redirect(back);
    }

    private Outcome<?> carryOut(Visit visit, String action, String name) {
        return switch (action) {
            case "enable" -> change(visit, name, Optional.of(true), Optional.empty(), false);
            case "disable" -> change(visit, name, Optional.of(false), Optional.empty(), false);
            case "check-out" -> change(visit, name, Optional.empty(), Optional.of(true), false);
            case "check-in" -> change(visit, name, Optional.empty(), Optional.of(false), false);
            case "regenerate" -> change(visit, name, Optional.empty(), Optional.empty(), true);
            case "disconnect" -> clientpacks.disconnect(visit.actor(), name);
            case "move" -> clientpacks.move(visit.actor(), name, heir(visit));
            default -> Outcome.refused(Problem.argument("choose what to do"));
        };
    }

    /** A controller id; 0, which nobody has, for anything else. */
    private static int heir(Visit visit) {
        String to = visit.field("to");
        return to.matches("[0-9]{1,2}") ? Integer.parseInt(to) : 0;
    }

    private Outcome<PackView> change(
            Visit visit,
            String name,
            Optional<Boolean> enabled,
            Optional<Boolean> checkedOut,
            boolean regenerate) {
        return clientpacks.change(
                visit.actor(), name, new PackChange(enabled, checkedOut, regenerate));
    }

    private Answer tag(Visit visit) {
        String key = visit.field("key");
        Outcome<Map<String, String>> outcome =
                visit.field("action").equals("remove")
                        ? clientpacks.removeTag(visit.actor(), name(visit), key)
                        : clientpacks.putTag(visit.actor(), name(visit), key, visit.field("value"));
        return switch (outcome) {
            case Outcome.Refused<Map<String, String>>(Problem problem) ->
                    one(visit, 422, Sentence.of(problem));
            case Outcome.Done<Map<String, String>> _ -> Replies.redirect(LIST + "/" + name(visit));
        };
    }

    private Answer download(Visit visit) {
        return switch (clientpacks.download(visit.actor(), name(visit))) {
            case Outcome.Refused<PackFile>(Problem problem) ->
                    one(visit, 422, Sentence.of(problem));
            case Outcome.Done<PackFile>(PackFile pack) ->
                    new Answer.Page(
                            200,
                            "application/octet-stream",
                            Replies.with(
                                    Map.of(
                                            "Content-Disposition",
                                            "attachment; filename=" + pack.fileName())),
                            pack.text().getBytes(StandardCharsets.UTF_8));
        };
    }

    private Answer text(Visit visit) {
        return switch (clientpacks.download(visit.actor(), name(visit))) {
            case Outcome.Refused<PackFile>(Problem problem) ->
                    one(visit, 422, Sentence.of(problem));
            case Outcome.Done<PackFile>(PackFile pack) ->
                    frame.page(
                            visit,
                            "Clientpack " + pack.overlayAddress(),
                            "clientpack-text",
                            Map.of(
                                    "name",
                                    name(visit),
                                    "text",
                                    pack.text(),
                                    "hasQr",
                                    PackQr.svg(pack.text()).isPresent()));
        };
    }

    private Answer qr(Visit visit) {
        Optional<String> svg =
                clientpacks.download(visit.actor(), name(visit))
                                instanceof Outcome.Done<PackFile>(PackFile pack)
                        ? PackQr.svg(pack.text())
                        : Optional.empty();
        return new Answer.Page(
                svg.isPresent() ? 200 : 404,
                "image/svg+xml",
                Replies.with(Map.of()),
                svg.orElse("").getBytes(StandardCharsets.UTF_8));
    }
}
