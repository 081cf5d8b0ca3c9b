package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.store.Routes;
import java.util.Optional;

/** Which routes the kernel of this machine shall have, and why it shall not have others. */
final class LocalRoutes {
    private static final String MAIN = "main";

    private LocalRoutes() {}

    /** A route without interface and gateway is there to be advertised, nothing else. */
    static boolean isForTheKernel(Routes.Row route) {
        return !route.interfaceName().isEmpty() || !route.gateway().isEmpty();
    }

    /** Why a route for the kernel is stored and shown only. */
    static Optional<String> obstacle(Configuration configuration, Routes.Row route) {
        if (!route.tunnel().isEmpty()) {
            return Optional.of("stored only: this version has no IPsec tunnels");
        }
        if (!route.table().equals(MAIN)) {
            return Optional.of("stored only: Peermesh changes no routing table but main");
        }
        if (!route.gateway().isEmpty() && !gateway(route).map(IpAddress::isV4).orElse(false)) {
            return Optional.of("stored only: the gateway of an IPv4 network must be IPv4");
        }
        boolean inOverlay =
                route.cidr().length() > 0
                        && configuration
                                .addressing()
                                .map(each -> each.overlay().overlaps(route.cidr()))
                                .orElse(false);
        return inOverlay
                ? Optional.of("stored only: it overlaps the overlay subnet, which is on the TUN")
                : Optional.empty();
    }

    private static Optional<IpAddress> gateway(Routes.Row route) {
        return route.gateway().isEmpty() ? Optional.empty() : IpAddress.parse(route.gateway());
    }

    static MeshPlan.LocalRoute of(Routes.Row route) {
        return new MeshPlan.LocalRoute(
                route.id(), route.cidr(), gateway(route), route.interfaceName(), route.metric());
    }
}
