package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.Machine;
import io.peermesh.admin.MeshView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringView;
import io.peermesh.admin.Role;
import io.peermesh.api.Product;
import io.peermesh.http.server.Answer;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.DataPlane;
import io.peermesh.runtime.Mesh;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.Pill;
import io.peermesh.web.view.StatusView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * <i>Runtime Status</i>, the first page: who this controller is, its peers and clients, its
 * machine.
 */
final class StatusPage {
    /** Clients that are listed here; the page Clientpacks has all. */
    static final int MAX_CLIENTS = 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Administration administration;
    private final Mesh mesh;
    private final Machine machine;
    private final InstantSource clock;
    private final Instant started;
    private final Frame frame;
    private final LiveStreams live;

    StatusPage(
            Administration administration,
            Mesh mesh,
            Machine machine,
            InstantSource clock,
            Frame frame,
            LiveStreams live) {
        this.administration = administration;
        this.mesh = mesh;
        this.machine = machine;
        this.clock = clock;
        this.started = clock.instant();
        this.frame = frame;
        this.live = live;
    }

    void addTo(Door door) {
        door.get("/", Role.READ_ONLY, this::show)
                .get("/live/status", Role.READ_ONLY, visit -> live.stream(visit, this::part));
    }

    private Answer show(Visit visit) {
        return frame.page(
                visit,
                200,
                frame.shell(visit, "Runtime Status").live("/live/status"),
                "status",
                Map.of("view", view()));
    }

    private String part() {
        return frame.part("part/status", Map.of("view", view()));
    }

    private StatusView view() {
        ConfigView config = administration.config().view();
        MeshView view = administration.status().mesh();
        Optional<NodeStatus> node = mesh.status();
        List<NodeStatus.Link> links = node.map(NodeStatus::links).orElse(List.of());
        return new StatusView(
                self(config),
                topology(config, view),
                links.stream().map(link -> link(link, node.get().nowNanos(), peerNames())).toList(),
                clients(view, node),
                view.clients().size(),
                machine(),
                dataPlane(links));
    }

    private StatusView.Self self(ConfigView config) {
        return new StatusView.Self(
                config.controllerName(),
                config.controllerId().isPresent()
                        ? Integer.toString(config.controllerId().getAsInt())
                        : "",
                config.overlayAddress().map(Object::toString).orElse(""),
                config.privateAddress(),
                Product.VERSION,
                Numbers.age(Duration.between(started, clock.instant()).toSeconds()),
                next(config));
    }

    private Optional<StatusView.Step> next(ConfigView config) {
        if (!config.licensed() || !hasKeyset()) {
            return Optional.of(
                    new StatusView.Step(
                            "This controller is not set up yet: it needs a license and a keyset.",
                            "Continue the set-up",
                            "/setup"));
        }
        return config.peered()
                ? Optional.empty()
                : Optional.of(
                        new StatusView.Step(
                                "This controller has no id yet, so it runs no mesh.",
                                "Go to Controller Peering",
                                "/overlay/peering"));
    }

    private boolean hasKeyset() {
        return administration.keyset().view() instanceof Outcome.Done<KeysetView>(KeysetView keyset)
                && keyset.present();
    }

    private static StatusView.Topology topology(ConfigView config, MeshView view) {
        return new StatusView.Topology(
                config.topologyName(),
                config.topologyChecksum().orElse(""),
                agreement(view.consistency()),
                explanation(view),
                view.controllers().stream().map(StatusPage::other).toList());
    }

    private static Pill agreement(String consistency) {
        return switch (consistency) {
            case "equal" -> Pill.good("same on all controllers");
            case "catching up" -> Pill.wait("catching up");
            case "differs" -> Pill.bad("differs");
            default -> Pill.plain("no other controller heard yet");
        };
    }

    private static String explanation(MeshView view) {
        if (!view.consistency().equals("differs")) {
            return "";
        }
        List<String> different =
                view.controllers().stream()
                        .filter(each -> each.reachable() && !each.sameTopology())
                        .map(each -> "controller " + each.id())
                        .toList();
        return String.join(", ", different)
                + (different.size() == 1 ? " holds" : " hold")
                + " other clientpack states, names or client endpoints than this one. Links only"
                + " come up with the same license and keyset, so these do not differ.";
    }

    private static StatusView.Other other(MeshView.Controller other) {
        Pill pill =
                !other.reachable()
                        ? Pill.plain("not reachable")
                        : other.sameTopology() ? Pill.good("same") : Pill.bad("differs");
        return new StatusView.Other(
                "Controller " + other.id(), other.topologyChecksum().orElse("not heard yet"), pill);
    }

    private Map<Integer, String> peerNames() {
        var names = new HashMap<Integer, String>();
        if (administration.peering().view()
                instanceof Outcome.Done<PeeringView>(PeeringView table)) {
            for (PeeringView.Row row : table.rows()) {
                if (row instanceof PeeringView.Peer peer) {
                    names.put(peer.id(), peer.name());
                }
            }
        }
        return names;
    }

    private static StatusView.Link link(
            NodeStatus.Link link, long nowNanos, Map<Integer, String> names) {
        return new StatusView.Link(
                "Controller " + link.peerId(),
                names.getOrDefault(link.peerId(), ""),
                Pill.link(link.state().name().toLowerCase(Locale.ROOT)),
                link.reason(),
                link.rttNanos() > 0 ? Numbers.millis(link.rttNanos()) : "–",
                link.state() == NodeStatus.LinkState.UP ? Numbers.percent(link.loss()) : "–",
                Numbers.bytes(link.sentBytes()),
                Numbers.bytes(link.receivedBytes()),
                ago(link.lastHandshakeNanos(), nowNanos),
                link.cipher());
    }

    static String ago(long atNanos, long nowNanos) {
        return atNanos == Long.MIN_VALUE
                ? "–"
                : Numbers.age((nowNanos - atNanos) / NANOS_PER_SECOND) + " ago";
    }

    private static List<StatusView.Client> clients(MeshView view, Optional<NodeStatus> node) {
        var known = new HashMap<Object, NodeStatus.Client>();
        node.ifPresent(status ->
                status.clients().forEach(client -> known.put(client.overlayAddress(), client)));
        return view.clients().stream()
                .limit(MAX_CLIENTS)
                .map(client -> {
                    Optional<NodeStatus.Client> here =
                            Optional.ofNullable(known.get(client.overlayAddress()));
                    return new StatusView.Client(
                            client.overlayAddress().toString(),
                            "/overlay/clientpacks/"
                                    + client.overlayAddress().toString().replace('.', '_'),
                            "Controller " + client.owner(),
                            client.address().isEmpty() ? "–" : client.address(),
                            here.map(each ->
                                            ago(
                                                    each.lastHandshakeNanos(),
                                                    node.orElseThrow().nowNanos()))
                                    .orElse("–"),
                            Numbers.bytes(here.map(NodeStatus.Client::sentBytes).orElse(0L)),
                            Numbers.bytes(here.map(NodeStatus.Client::receivedBytes).orElse(0L)));
                })
                .toList();
    }

    private StatusView.Machine machine() {
        Machine.State state = machine.read();
        double load = state.load().isEmpty() ? 0 : Double.parseDouble(state.load().getFirst());
        return new StatusView.Machine(
                state.kernel(),
                Numbers.age(state.uptimeSeconds()),
                String.join(" · ", state.load()),
                new StatusView.Gauge(
                        "CPU",
                        "load "
                                + String.format(Locale.ROOT, "%.2f", load)
                                + " on "
                                + state.processors()
                                + (state.processors() == 1 ? " core" : " cores"),
                        Math.min(100, Math.round(load * 100 / state.processors()))),
                gauge("Memory", state.memory()),
                gauge("Disk", state.disk()));
    }

    private static StatusView.Gauge gauge(String label, Machine.Space space) {
        return new StatusView.Gauge(
                label,
                Numbers.bytes(space.usedBytes()) + " of " + Numbers.bytes(space.totalBytes()),
                space.usedPercent());
    }

    private StatusView.DataPlane dataPlane(List<NodeStatus.Link> links) {
        DataPlane plane = mesh.dataPlane();
        long sent = links.stream().mapToLong(NodeStatus.Link::sentPackets).sum();
        long received = links.stream().mapToLong(NodeStatus.Link::receivedPackets).sum();
        return new StatusView.DataPlane(
                Numbers.count(sent),
                Numbers.count(received),
                plane.features().stream()
                        .map(feature ->
                                new StatusView.Feature(
                                        feature.name(),
                                        feature.inUse()
                                                ? Pill.good("in use")
                                                : Pill.plain("not in use"),
                                        feature.detail()))
                        .toList(),
                plane.drops().entrySet().stream()
                        .filter(drop -> drop.getValue() > 0)
                        .sorted(Map.Entry.comparingByKey())
                        .map(drop ->
                                new StatusView.Drop(
                                        drop.getKey()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' '),
                                        Numbers.count(drop.getValue())))
                        .toList(),
                plane.problems());
    }
}
