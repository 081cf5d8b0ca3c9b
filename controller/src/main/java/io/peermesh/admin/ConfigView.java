package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who this controller is.
 *
 * @param topologyName empty until one is configured or licensed
 * @param topologyChecksum 40 hex digits; empty without license and keyset
 * @param licensed whether license parameters are accepted
 * @param peered whether the own controller id is set
 * @param overlayAddress own overlay address, once the id is set
 */
public record ConfigView(
        String topologyName,
        String controllerName,
        Optional<String> topologyChecksum,
        boolean licensed,
        boolean peered,
        OptionalInt controllerId,
        Optional<IpAddress> overlayAddress,
        OptionalInt asn,
        String privateAddress,
        String publicAddress,
        String subnetGateway,
        String ntpHosts) {}
