package io.peermesh.http.mesh;

import io.peermesh.admin.Administration;
import io.peermesh.admin.ConfigView;
import io.peermesh.admin.KeysetView;
import io.peermesh.admin.MeshView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PeeringView;
import io.peermesh.api.MeshStatus;
import io.peermesh.api.Product;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeCounters;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.DataPlane;
import io.peermesh.runtime.Mesh;
import io.peermesh.wire.LinkPorts;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /api/mesh/v1/status}: the whole state in one answer, also while there is little of it. */
public final class MeshStatusResource implements Resource {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final Administration administration;
    private final Mesh mesh;

    /** Over these use cases and this data plane. */
    public MeshStatusResource(Administration administration, Mesh mesh) {
        this.administration = administration;
        this.mesh = mesh;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/mesh/v1/status", _ -> Answer.ok(view()));
    }

    private MeshStatus view() {
        ConfigView config = administration.config().view();
        MeshView view = administration.status().mesh();
        Optional<NodeStatus> node = mesh.status();
        return new MeshStatus(
                self(config),
                keyset(administration.keyset().view()),
                view.running(),
                view.consistency(),
                node.map(status -> links(status, config.controllerId())).orElse(List.of()),
                clients(view, node),
                view.controllers().stream().map(MeshStatusResource::controller).toList(),
                view.subnets().stream().map(MeshStatusResource::subnet).toList(),
                dataPlane(mesh.dataPlane()),
                refusals(mesh.counters()),
                MemberResource.drain(administration.drain().view()));
    }

    private static MeshStatus.Self self(ConfigView config) {
        OptionalInt id = config.controllerId();
        return new MeshStatus.Self(
                Product.VERSION,
                config.controllerName(),
                config.topologyName(),
                config.topologyChecksum(),
                config.licensed(),
                id.isPresent() ? Optional.of(id.getAsInt()) : Optional.empty(),
                config.overlayAddress().map(IpAddress::toString),
                config.privateAddress());
    }

    private static MeshStatus.Keyset keyset(Outcome<KeysetView> outcome) {
        return switch (outcome) {
            case Outcome.Done<KeysetView>(KeysetView keyset) ->
                    new MeshStatus.Keyset(
                            keyset.present(),
                            keyset.inProgress(),
                            keyset.createdAt().map(Instant::toString),
                            keyset.checksum(),
                            keyset.failure().map(KeysetView.Failure::text));
            case Outcome.Refused<KeysetView> _ ->
                    new MeshStatus.Keyset(
                            false, false, Optional.empty(), Optional.empty(), Optional.empty());
        };
    }

    private static MeshStatus.Controller controller(MeshView.Controller other) {
        return new MeshStatus.Controller(
                other.id(), other.reachable(), other.topologyChecksum(), other.sameTopology());
    }

    private static MeshStatus.Subnet subnet(MeshView.Subnet subnet) {
        return new MeshStatus.Subnet(
                subnet.prefix().toString(), subnet.controllerId(), subnet.local(), subnet.chosen());
    }

    private List<MeshStatus.Link> links(NodeStatus status, OptionalInt selfId) {
        Map<Integer, String> names = peerNames();
        return status.links().stream()
                .map(link -> link(link, status.nowNanos(), selfId.orElse(0), names))
                .toList();
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

    private static MeshStatus.Link link(
            NodeStatus.Link link, long nowNanos, int selfId, Map<Integer, String> names) {
        boolean hasPorts = selfId > 0 && selfId != link.peerId();
        return new MeshStatus.Link(
                link.peerId(),
                link.state().name().toLowerCase(Locale.ROOT),
                link.reason(),
                names.getOrDefault(link.peerId(), ""),
                link.endpoint().map(Object::toString),
                hasPorts ? LinkPorts.local(selfId, link.peerId()) : 0,
                hasPorts ? LinkPorts.remote(selfId, link.peerId()) : 0,
                link.rttNanos() > 0 ? Optional.of(link.rttNanos() / 1000) : Optional.empty(),
                link.loss(),
                ageNanos(link.lastHandshakeNanos(), nowNanos).map(age -> age / NANOS_PER_SECOND),
                ageNanos(link.lastReceivedNanos(), nowNanos).map(age -> age / NANOS_PER_MILLI),
                link.cipher(),
                link.sentPackets(),
                link.sentBytes(),
                link.receivedPackets(),
                link.receivedBytes());
    }

    private static Optional<Long> ageNanos(long atNanos, long nowNanos) {
        return atNanos == Long.MIN_VALUE
                ? Optional.empty()
                : Optional.of(Math.max(0, nowNanos - atNanos));
    }

    private static List<MeshStatus.Client> clients(MeshView view, Optional<NodeStatus> node) {
        var known = new HashMap<IpAddress, NodeStatus.Client>();
        node.ifPresent(status ->
                status.clients().forEach(client -> known.put(client.overlayAddress(), client)));
        long nowNanos = node.map(NodeStatus::nowNanos).orElse(0L);
        return view.clients().stream()
                .map(client -> client(client, known.get(client.overlayAddress()), nowNanos))
                .toList();
    }

    private static MeshStatus.Client client(
            MeshView.Client client, NodeStatus.@Nullable Client here, long nowNanos) {
        return new MeshStatus.Client(
                client.overlayAddress().toString(),
                client.owner(),
                client.address(),
                client.tags(),
                here == null
                        ? Optional.empty()
                        : ageNanos(here.lastHandshakeNanos(), nowNanos)
                                .map(age -> age / NANOS_PER_SECOND),
                here == null ? 0 : here.sentBytes(),
                here == null ? 0 : here.receivedBytes());
    }

    private static MeshStatus.Refusals refusals(NodeCounters counters) {
        return new MeshStatus.Refusals(
                byReason(counters.clientHandshakesRefused()),
                byReason(counters.linkHandshakesRefused()),
                counters.handshakesDropped(),
                counters.controlMessagesMalformed(),
                counters.recordsRefused());
    }

    private static Map<String, Long> byReason(Map<? extends Enum<?>, Long> counts) {
        var named = new TreeMap<String, Long>();
        counts.forEach((reason, count) -> {
            if (count > 0) {
                named.put(reason.name().toLowerCase(Locale.ROOT), count);
            }
        });
        return named;
    }

    private static MeshStatus.DataPlane dataPlane(DataPlane plane) {
        return new MeshStatus.DataPlane(
                plane.features().stream()
                        .map(feature ->
                                new MeshStatus.Feature(
                                        feature.name(), feature.inUse(), feature.detail()))
                        .toList(),
                byReason(plane.drops()),
                plane.problems());
    }
}
