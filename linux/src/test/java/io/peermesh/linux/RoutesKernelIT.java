package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes under our own protocol number, compared with what ip(8) shows. */
@NullMarked
@Timeout(120)
class RoutesKernelIT {
    private static final Prefix FAR = Prefix.literal("10.77.0.0/16");
    private static final Optional<IpAddress> GATEWAY = IpAddress.parse("192.0.2.254");

    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace namespace;

    @BeforeEach
    void enter() throws Exception {
        namespace = Namespace.create();
        namespace.run(() -> {
            Namespace.command("ip", "link", "add", "pm-a", "type", "veth", "peer", "pm-b");
            Namespace.command("ip", "link", "set", "pm-b", "up");
            Namespace.command("ip", "link", "set", "pm-a", "up");
            Namespace.command("ip", "addr", "add", "192.0.2.1/24", "dev", "pm-a");
            Namespace.command("ip", "route", "add", "10.66.0.0/16", "dev", "pm-a");
        });
    }

    @AfterEach
    void leave() throws Exception {
        namespace.end();
    }

    private interface Check {
        void on(LinuxRoutes routes) throws Exception;
    }

    private void with(Check check) throws Exception {
        namespace.run(() -> {
            try (var routes = new LinuxRoutes()) {
                check.on(routes);
            }
        });
    }

    @Test
    void addsFindsAndRemovesItsOwnAlone() throws Exception {
        with(routes -> {
            var far = new LinuxRoutes.Route(FAR, GATEWAY, "", 7);
            var near =
                    new LinuxRoutes.Route(
                            Prefix.literal("10.78.0.0/16"), Optional.empty(), "pm-a", 0);
            var all = new LinuxRoutes.Route(Prefix.literal("0.0.0.0/0"), GATEWAY, "pm-a", 0);
            routes.add(far);
            routes.add(near);
            routes.add(all);

            assertThat(Namespace.command("ip", "route", "show", "proto", "155"))
                    .contains("default via 192.0.2.254 dev pm-a")
                    .contains("10.77.0.0/16 via 192.0.2.254 dev pm-a")
                    .contains("metric 7")
                    .contains("10.78.0.0/16 dev pm-a")
                    .doesNotContain("10.66");
            assertThat(routes.installed())
                    .hasSize(3)
                    .anyMatch(far::isMetBy)
                    .anyMatch(near::isMetBy)
                    .anyMatch(all::isMetBy);

            routes.installed().forEach(routes::remove);
            routes.remove(far);
            assertThat(routes.installed()).isEmpty();
            assertThat(Namespace.command("ip", "route")).contains("10.66.0.0/16");
        });
    }

    @Test
    void saysWhyTheKernelRefuses() throws Exception {
        with(routes -> {
            assertThatThrownBy(() -> routes.add(new LinuxRoutes.Route(FAR, GATEWAY, "no-such", 0)))
                    .hasMessageContaining("this machine has no interface no-such");
            assertThatThrownBy(() ->
                            routes.add(
                                    new LinuxRoutes.Route(
                                            FAR, IpAddress.parse("203.0.113.9"), "", 0)))
                    .hasMessageContaining("the gateway 203.0.113.9 is on no network");
            assertThatThrownBy(() ->
                            routes.add(
                                    new LinuxRoutes.Route(
                                            Prefix.literal("10.66.0.0/16"), GATEWAY, "", 0)))
                    .hasMessageContaining("another route to it with metric 0");
        });
    }
}
