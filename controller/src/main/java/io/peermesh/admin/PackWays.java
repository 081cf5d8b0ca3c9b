package io.peermesh.admin;

import io.peermesh.crypto.PublicKey;
import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.SourceAddress;
import java.util.List;

/**
 * Where a clientpack's client finds controllers. Holds no secret.
 *
 * @param gateway the public key that all controllers show
 * @param endpoints where clients reach the controllers, that of the home first
 * @param controllers overlay addresses of the controllers, in the order of their ids
 */
public record PackWays(
        PublicKey gateway, List<SourceAddress> endpoints, List<IpAddress> controllers) {
    /** Copies the lists. */
    public PackWays {
        endpoints = List.copyOf(endpoints);
        controllers = List.copyOf(controllers);
    }
}
