package io.peermesh.telemetry;

import io.peermesh.admin.EventLog;
import io.peermesh.admin.MeshRecorder;
import io.peermesh.admin.MoveTimes;
import io.peermesh.forward.DropReason;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.DataPlane;
import io.peermesh.runtime.Mesh;
import io.peermesh.session.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All metrics of a controller. Safe from any thread. */
public final class Metrics {
    /** The media type of {@link #scrape}. */
    public static final String CONTENT_TYPE = PrometheusText.CONTENT_TYPE;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Mesh mesh;
    private final EventMetrics events;
    private final String version;

    /** Of this data plane and these events. */
    public Metrics(
            Mesh mesh, EventLog log, MoveTimes times, MeshRecorder recorder, String version) {
        this.mesh = mesh;
        this.events = new EventMetrics(log, times, recorder);
        this.version = version;
    }

    /** The present values. */
    public String scrape() {
        var text = new PrometheusText();
        text.metric("peermesh_build_info", "gauge", "Version of the controller; always 1.")
                .sample("peermesh_build_info", Map.of("version", version), 1);
        Optional<NodeStatus> status = mesh.status();
        text.metric("peermesh_mesh_running", "gauge", "Whether the mesh is configured and runs.")
                .sample("peermesh_mesh_running", Map.of(), status.isPresent() ? 1 : 0);
        status.ifPresent(node -> {
            links(text, node.links());
            clients(text, node.clients());
            routes(text, node.routes());
        });
        dataPlane(text, mesh.dataPlane());
        refusals(text, mesh.counters());
        events.scrape(text);
        return text.toString();
    }

    private static void links(PrometheusText text, List<NodeStatus.Link> links) {
        link(text, links, "up", "gauge", "Whether the peer link carries traffic.", Metrics::isUp);
        link(
                text,
                links,
                "rtt_seconds",
                "gauge",
                "Smoothed round-trip time of probes; 0 while unknown.",
                link -> link.rttNanos() / NANOS_PER_SECOND);
        link(
                text,
                links,
                "loss_ratio",
                "gauge",
                "Share of probes that were lost.",
                NodeStatus.Link::loss);
        link(
                text,
                links,
                "sent_packets_total",
                "counter",
                "Datagrams sent to the peer.",
                NodeStatus.Link::sentPackets);
        link(
                text,
                links,
                "sent_bytes_total",
                "counter",
                "Outer bytes sent to the peer.",
                NodeStatus.Link::sentBytes);
        link(
                text,
                links,
                "received_packets_total",
                "counter",
                "Authentic datagrams received from the peer.",
                NodeStatus.Link::receivedPackets);
        link(
                text,
                links,
                "received_bytes_total",
                "counter",
                "Outer bytes of authentic datagrams received from the peer.",
                NodeStatus.Link::receivedBytes);
    }

    private static double isUp(NodeStatus.Link link) {
        return link.state() == NodeStatus.LinkState.UP ? 1 : 0;
    }

    private static void link(
            PrometheusText text,
            List<NodeStatus.Link> links,
            String suffix,
            String type,
            String help,
            ToDoubleFunction<NodeStatus.Link> value) {
        String name = "peermesh_link_" + suffix;
        text.metric(name, type, help);
        for (NodeStatus.Link link : links) {
            text.sample(
                    name,
                    Map.of("peer", Integer.toString(link.peerId())),
                    value.applyAsDouble(link));
        }
    }

    private static void clients(PrometheusText text, List<NodeStatus.Client> clients) {
        text.metric(
                "peermesh_clients_connected",
                "gauge",
                "Connected clients of the topology, by the controller that owns them.");
        clients.stream()
                .mapToInt(NodeStatus.Client::owner)
                .distinct()
                .sorted()
                .forEach(owner ->
                        text.sample(
                                "peermesh_clients_connected",
                                Map.of("controller", Integer.toString(owner)),
                                (double)
                                        clients.stream()
                                                .filter(client -> client.owner() == owner)
                                                .count()));
    }

    private static void routes(PrometheusText text, List<NodeStatus.Route> routes) {
        text.metric("peermesh_routes_advertised", "gauge", "Subnets that the mesh knows.")
                .sample("peermesh_routes_advertised", Map.of(), routes.size());
    }

    private static void dataPlane(PrometheusText text, DataPlane plane) {
        text.metric(
                "peermesh_drops_total",
                "counter",
                "Packets and datagrams that went no further, by reason.");
        for (DropReason reason : DropReason.values()) {
            text.sample(
                    "peermesh_drops_total",
                    Map.of("reason", reason.name().toLowerCase(Locale.ROOT)),
                    plane.drops().getOrDefault(reason, 0L));
        }
        text.metric(
                "peermesh_feature_in_use",
                "gauge",
                "Whether something that the machine may offer is in use.");
        for (DataPlane.Feature feature : plane.features()) {
            text.sample(
                    "peermesh_feature_in_use",
                    Map.of("feature", feature.name()),
                    feature.inUse() ? 1 : 0);
        }
    }

    private static void refusals(PrometheusText text, NodeCounters counters) {
        String handshakes = "peermesh_handshakes_refused_total";
        text.metric(
                handshakes, "counter", "Handshake messages not acted upon, by port and reason.");
        handshakes(text, handshakes, "clients", counters.clientHandshakesRefused());
        handshakes(text, handshakes, "links", counters.linkHandshakesRefused());
        count(
                text,
                "peermesh_handshakes_dropped_total",
                "Handshake messages that found the queue full.",
                counters.handshakesDropped());
        count(
                text,
                "peermesh_control_messages_malformed_total",
                "Control messages of peers that made no sense.",
                counters.controlMessagesMalformed());
        count(
                text,
                "peermesh_records_refused_total",
                "Records of peers that did not fit the tables, are not of this topology, or bear a number"
                        + " that the clocks do not allow yet.",
                counters.recordsRefused());
        moves(text, counters.clients());
    }

    private static void moves(PrometheusText text, NodeCounters.Moves moves) {
        String name = "peermesh_client_handovers_total";
        text.metric(name, "counter", "Clients that changed their controller, by what was done.");
        move(text, name, "taken_over", moves.takenOver());
        move(text, name, "handed_over", moves.handedOver());
        move(text, name, "arrived", moves.arrived());
        move(text, name, "yielded", moves.yielded());
        move(text, name, "take_over_failed", moves.takeOversFailed());
        move(text, name, "absurd_record", moves.absurdRecords());
    }

    private static void move(PrometheusText text, String name, String what, long count) {
        text.sample(name, Map.of("what", what), (double) count);
    }

    private static void handshakes(
            PrometheusText text, String name, String port, Map<Refusal, Long> refused) {
        for (Refusal reason : Refusal.values()) {
            var labels = new TreeMap<String, String>();
            labels.put("port", port);
            labels.put("reason", reason.name().toLowerCase(Locale.ROOT));
            text.sample(name, labels, refused.getOrDefault(reason, 0L));
        }
    }

    private static void count(PrometheusText text, String name, String help, long value) {
        text.metric(name, "counter", help).sample(name, Map.of(), (double) value);
    }
}
