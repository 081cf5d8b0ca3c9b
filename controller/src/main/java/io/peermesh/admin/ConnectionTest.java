package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.runtime.NameLookup;
import io.peermesh.wire.LinkPorts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says how far the way to a peer is good, and what to do where it is not. */
public final class ConnectionTest {
    private final Changes changes;
    private final Mesh mesh;
    private final NameLookup lookup;

    ConnectionTest(Changes changes, Mesh mesh, NameLookup lookup) {
        this.changes = changes;
        this.mesh = mesh;
        this.lookup = lookup;
    }

    /** What was found, in sentences. */
    public record Result(boolean isGood, String text) {}

    /** Looks up the name, which may take some seconds, and at the link if this peer is stored. */
    public Result run(int id, String host) {
        if (!SourceAddress.isHost(host)) {
            return new Result(false, "Give an IP address or a DNS name first.");
        }
        String where = host;
        if (IpAddress.parse(host).isEmpty()) {
            try {
                where =
                        host
                                + " resolves to "
                                + Arrays.stream(lookup.all(host))
                                        .map(InetAddress::getHostAddress)
                                        .collect(Collectors.joining(", "));
            } catch (UnknownHostException unknown) {
                return new Result(
                        false,
                        host
                                + " does not resolve. Check the name, and the DNS servers of this"
                                + " machine.");
            }
        }
        Configuration now = changes.current();
        boolean stored =
                now.selfId().isPresent()
                        && now.peers().containsKey(id)
                        && now.peers().get(id).host().equalsIgnoreCase(host);
        return stored
                ? link(now.selfId().getAsInt(), id, where)
                : new Result(
                        true,
                        where
                                + ". Save to bring its tunnel up: a tunnel can only be tested while"
                                + " both controllers name each other.");
    }

    private Result link(int selfId, int id, String where) {
        Optional<NodeStatus.Link> link =
                mesh.status().map(NodeStatus::links).orElse(List.of()).stream()
                        .filter(each -> each.peerId() == id)
                        .findFirst();
        if (link.isEmpty()) {
            return new Result(false, where + ". Its tunnel is starting; test again.");
        }
        if (link.get().state() == NodeStatus.LinkState.UP) {
            return new Result(
                    true,
                    String.format(
                            Locale.ROOT,
                            "%s. The tunnel is up, round trip %.2f ms.",
                            where,
                            link.get().rttNanos() / 1e6));
        }
        return new Result(
                false,
                where
                        + ". The tunnel is "
                        + link.get().state().name().toLowerCase(Locale.ROOT)
                        + (link.get().reason().isEmpty() ? "" : ": " + link.get().reason())
                        + ". "
                        + portAdvice(selfId, id));
    }

    /** Which UDP port must be open where, for the link between two controllers. */
    public static String portAdvice(int selfId, int id) {
        return "Open UDP "
                + LinkPorts.remote(selfId, id)
                + " on controller "
                + id
                + " for this one, and UDP "
                + LinkPorts.local(selfId, id)
                + " here for controller "
                + id
                + ".";
    }
}
