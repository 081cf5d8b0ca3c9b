package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From a plan with names to the node's configuration with addresses. Pure. */
final class DesiredPlan {
    /** What an IPv4 outer packet adds to the inner one: IPv4 20, UDP 8, header 16, tag 16. */
    static final int OVERHEAD_V4_BYTES = 60;

    /** The same over IPv6. */
    static final int OVERHEAD_V6_BYTES = 80;

    private DesiredPlan() {}

    /** The names and addresses of the peers. */
    static Set<String> hosts(Optional<MeshPlan> plan) {
        return plan.map(each ->
                        each.peers().values().stream()
                                .map(MeshPlan.PeerAddress::host)
                                .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** The configuration, as far as names are known now. */
    static Desired of(
            MeshPlan plan, Function<String, Optional<IpAddress>> addresses, boolean underlayIsV6) {
        Map<Integer, Desired.Peer> peers = new HashMap<>();
        plan.peers()
                .forEach((id, peer) -> {
                    Optional<IpAddress> address = addresses.apply(peer.host());
                    boolean v6 = address.map(each -> !each.isV4()).orElse(underlayIsV6);
                    int inner = peer.outerMtuBytes() - (v6 ? OVERHEAD_V6_BYTES : OVERHEAD_V4_BYTES);
                    peers.put(id, new Desired.Peer(peer.host(), address, inner));
                });
        return new Desired(
                plan.installation(),
                plan.selfId(),
                plan.keyset(),
                plan.overlay(),
                plan.controllers(),
                Optional.of(plan.virtualAddress()),
                peers,
                plan.clients(),
                plan.advertised(),
                plan.clientEndpoint(),
                plan.shared(),
                plan.topologyChecksum(),
                plan.load(),
                plan.probes());
    }
}
