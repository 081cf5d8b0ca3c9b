package io.peermesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.linux.LinuxRoutes.Route;
import io.peermesh.runtime.MeshPlan.LocalRoute;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is removed of the routes that bear our number, some of which are another controller's. */
class KernelRoutesTest {
    private static final Optional<IpAddress> GATEWAY = IpAddress.parse("192.0.2.1");

    private static Route installed(String prefix) {
        return new Route(Prefix.literal(prefix), GATEWAY, "eth0", 0);
    }

    private static LocalRoute asked(int id, String prefix, String device) {
        return new LocalRoute(id, Prefix.literal(prefix), GATEWAY, device, 0);
    }

    @Test
    void removesOnlyWhatWasOursAndIsNotWanted() {
        Route another = installed("10.1.0.0/16");
        Route former = installed("10.2.0.0/16");
        Route kept = installed("10.3.0.0/16");
        Route otherMetric = new Route(former.prefix(), GATEWAY, "eth0", 7);

        List<Route> surplus =
                KernelRoutes.surplus(
                        List.of(another, former, kept, otherMetric),
                        List.of(asked(4, "10.3.0.0/16", "")),
                        List.of(
                                asked(2, "10.2.0.0/16", ""),
                                asked(3, "10.3.0.0/16", "eth0"),
                                asked(5, "10.1.0.0/16", "eth1")));

        assertThat(surplus).containsExactly(former);
    }

    @Test
    void withoutATunRoutesAreNamedAndNothingIsTried() {
        var routes = new KernelRoutes(Optional.empty());

        routes.configure(
                new MeshPlan.LocalRoutes(List.of(asked(4, "10.3.0.0/16", "eth0")), List.of()), 0);

        assertThat(routes.problems().get(4)).contains("--tun none");
        routes.close();
        assertThat(routes.problems()).isEmpty();
    }
}
