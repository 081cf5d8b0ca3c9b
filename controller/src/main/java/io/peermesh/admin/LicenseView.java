package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The license and the topology that follows from it: the default one until parameters are accepted.
 *
 * @param finalized whether parameters are accepted
 * @param customAddressing whether they differ from the license's defaults
 * @param sha1 40 hex digits over the license text without white space
 * @param issuer fingerprint of the issuer key that this controller pins
 * @param expires empty for never
 * @param expired whether the license has expired, so that additions are refused
 * @param upgrades SHA-1 of each accepted upgrade, oldest first
 * @param pendingUpgrade an uploaded upgrade whose addresses are not accepted yet
 */
public record LicenseView(
        boolean finalized,
        boolean customAddressing,
        String topologyName,
        Prefix overlay,
        IpAddress virtualAddress,
        List<Controller> controllers,
        List<IpAddress> clients,
        String sha1,
        Instant uploadedAt,
        String issuer,
        Optional<Instant> expires,
        boolean expired,
        List<String> upgrades,
        Optional<UpgradeView> pendingUpgrade) {
    /** Copies the lists. */
    public LicenseView {
        upgrades = List.copyOf(upgrades);
        controllers = List.copyOf(controllers);
        clients = List.copyOf(clients);
    }

    /** A licensed controller. */
    public record Controller(int id, int asn, IpAddress overlayAddress) {}
}
