package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.linux.Switches;
import java.util.Optional;

/**
 * How the mesh uses this host.
 *
 * @param underlay the address that the UDP ports are bound to; {@link IpAddress#UNSPECIFIED} for
 *     all
 * @param clientPort the clients' UDP port
 * @param tunName name of the TUN device; empty to forward between tunnels only
 * @param switches features that are not to be used
 */
public record MeshOptions(
        IpAddress underlay, int clientPort, Optional<String> tunName, Switches switches) {
    /** WireGuard's usual port. */
    public static final int DEFAULT_CLIENT_PORT = 51820;
}
