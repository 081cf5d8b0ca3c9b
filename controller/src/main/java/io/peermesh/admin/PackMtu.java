package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.store.Peers;
import java.util.Optional;

/**
 * The MTU in clientpacks: one inner size for all controllers, so that it survives a move. The
 * default, or what fits through the smallest peer link of this controller.
 */
final class PackMtu {
    /** WireGuard's usual MTU, bytes. */
    static final int DEFAULT_BYTES = 1420;

    /** What an IPv4 outer packet adds: IP 20, UDP 8, tunnel 32. */
    static final int V4_OVERHEAD_BYTES = 60;

    /** The same over IPv6. */
    static final int V6_OVERHEAD_BYTES = 80;

    private PackMtu() {}

    static int of(Configuration configuration) {
        int smallest = DEFAULT_BYTES;
        for (Peers.Row peer : configuration.peers().values()) {
            smallest = Math.min(smallest, peer.outerMtuBytes() - overhead(peer.host()));
        }
        return smallest;
    }

    /** A name may resolve to IPv6, so it is counted as such. */
    private static int overhead(String host) {
        Optional<IpAddress> address = IpAddress.parse(host);
        return address.isPresent() && address.get().isV4() ? V4_OVERHEAD_BYTES : V6_OVERHEAD_BYTES;
    }
}
