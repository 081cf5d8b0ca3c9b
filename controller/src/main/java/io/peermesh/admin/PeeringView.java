package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * The peering table, one row per licensed controller, by id.
 *
 * @param selfId own controller id
 */
public record PeeringView(OptionalInt selfId, List<Row> rows) {
    /** Copies the rows. */
    public PeeringView {
        rows = List.copyOf(rows);
    }

    /** One controller of the license. */
    public sealed interface Row {
        /** Controller id. */
        int id();

        /** Overlay address by license. */
        IpAddress overlayAddress();
    }

    /** This controller. */
    public record Self(int id, IpAddress overlayAddress) implements Row {}

    /** No address is configured. */
    public record NotSet(int id, IpAddress overlayAddress) implements Row {}

    /**
     * A configured peer.
     *
     * @param name IPv4, IPv6 or DNS name
     * @param outerMtuBytes 500..4800
     * @param reachable whether the link is up
     * @param state {@code resolving}, {@code connecting}, {@code up}, {@code down}, {@code
     *     refused}, or {@code inactive} while this controller runs no mesh
     * @param reason why it is not up; empty when it is
     */
    public record Peer(
            int id,
            IpAddress overlayAddress,
            String name,
            int outerMtuBytes,
            boolean reachable,
            String state,
            String reason)
            implements Row {}
}
