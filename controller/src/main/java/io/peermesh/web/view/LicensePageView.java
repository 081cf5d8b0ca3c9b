package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * The license on its page.
 *
 * @param finalized whether its parameters are accepted
 * @param issuer fingerprint of its key
 */
public record LicensePageView(
        boolean finalized,
        String topologyName,
        String overlay,
        String virtualAddress,
        List<Controller> controllers,
        String clients,
        String issuer,
        Moment uploaded,
        Optional<Moment> expires,
        boolean expired,
        boolean upgradePending) {
    /** Copies the list. */
    public LicensePageView {
        controllers = List.copyOf(controllers);
    }

    /** A licensed controller. */
    public record Controller(int id, String overlayAddress, String asn) {}
}
