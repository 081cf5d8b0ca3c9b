package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.runtime.MeshPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteAdminTest {
    @TempDir Path directory;
    private TestController controller;
    private RouteAdmin routes;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        controller.ready();
        routes = controller.admin.routes();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void tellsTheMeshWhatIsAdvertised() {
        done(routes.add(ACTOR, route("10.2.0.0/24", true)));
        done(routes.add(ACTOR, route("10.3.0.0/24", false)));

        assertThat(controller.mesh.plan().advertised())
                .containsExactly(Prefix.literal("10.2.0.0/24"));
    }

    @Test
    void disablingARouteTakesItBack() {
        done(routes.add(ACTOR, route("10.2.0.0/24", true)));

        RouteView disabled = done(routes.enable(ACTOR, 1, false));
        assertThat(disabled.enabled()).isFalse();
        assertThat(controller.mesh.plan().advertised()).isEmpty();

        assertThat(done(routes.enable(ACTOR, 1, true)).enabled()).isTrue();
        assertThat(controller.mesh.plan().advertised()).hasSize(1);
    }

    @Test
    void takesNotSetForNothing() {
        var route = new NewRoute("10.2.0.0/24", "_notset", "_notset", "_notset", "", "", true, 0);

        RouteView view = done(routes.add(ACTOR, route)).getFirst();

        assertThat(view)
                .isEqualTo(
                        new RouteView(
                                1,
                                Prefix.literal("10.2.0.0/24"),
                                "",
                                "",
                                "",
                                "",
                                "main",
                                true,
                                0,
                                true,
                                true,
                                ""));
    }

    @Test
    void takesHostRoutesOverAnInterfaceThatIsNotThere() {
        var route =
                new NewRoute("10.1.0.11/32", "to peer", "eth7", "10.1.0.1", "", "main", false, 5);

        assertThat(done(routes.add(ACTOR, route)).getFirst().interfaceName()).isEqualTo("eth7");
    }

    @Test
    void takesAnAddressAloneForItself() {
        assertThat(done(routes.add(ACTOR, route("10.1.0.11", false))).getFirst().cidr())
                .hasToString("10.1.0.11/32");
    }

    @Test
    void addsTheSameRouteOnce() {
        done(routes.add(ACTOR, route("10.2.0.0/24", true)));
        assertThat(done(routes.add(ACTOR, route("10.2.0.0/24", true)))).hasSize(1);
        assertThat(done(routes.add(ACTOR, route("10.2.0.0/24", false)))).hasSize(2);
    }

    @Test
    void refusesMalformedRoutes() {
        for (String cidr :
                List.of("", "x", "10.2.0.1/24", "10.2.0.0/33", "2001:db8::/32", "a\"b")) {
            assertThat(refused(routes.add(ACTOR, route(cidr, false))).message())
                    .as(cidr)
                    .startsWith("cidr is invalid");
        }
        assertThat(
                        refused(
                                        routes.add(
                                                ACTOR,
                                                new NewRoute(
                                                        "10.2.0.0/24",
                                                        "",
                                                        "",
                                                        "gw",
                                                        "",
                                                        "",
                                                        true,
                                                        0)))
                                .message())
                .startsWith("gateway is invalid");
        assertThat(
                        refused(
                                        routes.add(
                                                ACTOR,
                                                new NewRoute(
                                                        "10.2.0.0/24",
                                                        "a\nb",
                                                        "",
                                                        "",
                                                        "",
                                                        "",
                                                        true,
                                                        0)))
                                .message())
                .startsWith("description is invalid");
        assertThat(
                        refused(
                                        routes.add(
                                                ACTOR,
                                                new NewRoute(
                                                        "10.2.0.0/24",
                                                        "",
                                                        "",
                                                        "",
                                                        "",
                                                        "",
                                                        true,
                                                        -1)))
                                .message())
                .startsWith("metric is invalid");
    }

    @Test
    void neverAdvertisesTheOverlayOrWhatIsReserved() {
        assertThat(refused(routes.add(ACTOR, route("10.199.0.0/25", true))).message())
                .contains("overlaps the overlay subnet 10.199.0.0/24");
        assertThat(refused(routes.add(ACTOR, route("10.0.0.0/8", true))).message())
                .contains("overlaps the overlay subnet");
        assertThat(refused(routes.add(ACTOR, route("127.0.0.0/8", true))).message())
                .contains("cannot be advertised");
        done(routes.add(ACTOR, route("0.0.0.0/0", true)));
    }

    @Test
    void refusesIdsThatAreNotThere() {
        assertThat(refused(routes.remove(ACTOR, 7)).message())
                .isEqualTo("bad route id or route not found");
        assertThat(refused(routes.enable(ACTOR, 7, true)).message())
                .isEqualTo("bad route id or route not found");
    }

    @Test
    void removesRoutes() {
        done(routes.add(ACTOR, route("10.2.0.0/24", true)));
        done(routes.add(ACTOR, route("10.3.0.0/24", true)));

        assertThat(done(routes.remove(ACTOR, 1))).extracting(RouteView::id).containsExactly(2);
    }

    @Test
    void hasALimit() {
        for (int i = 0; i < RouteAdmin.MAX_ROUTES; i++) {
            done(routes.add(ACTOR, route("10.2." + i + ".0/24", true)));
        }

        assertThat(refused(routes.add(ACTOR, route("10.3.0.0/24", true))).message())
                .startsWith("a controller has at most 256 routes");
    }

    @Test
    void givesTheKernelWhatHasAnInterfaceOrAGateway() {
        done(routes.add(ACTOR, route("10.2.0.0/24", true)));
        done(routes.add(ACTOR, local("10.3.0.0/24", "eth0", "192.0.2.1", "main")));
        done(routes.add(ACTOR, local("10.4.0.0/24", "eth0", "", "main")));
        done(routes.add(ACTOR, local("10.5.0.0/24", "", "192.0.2.1", "vpn")));
        done(routes.add(ACTOR, local("10.199.0.0/25", "eth0", "", "main")));

        assertThat(controller.mesh.plan().localRoutes().wanted())
                .containsExactly(
                        new MeshPlan.LocalRoute(
                                2,
                                Prefix.literal("10.3.0.0/24"),
                                IpAddress.parse("192.0.2.1"),
                                "eth0",
                                0),
                        new MeshPlan.LocalRoute(
                                3, Prefix.literal("10.4.0.0/24"), Optional.empty(), "eth0", 0));
        assertThat(routes.list())
                .extracting(RouteView::reason)
                .satisfiesExactly(
                        advertised -> assertThat(advertised).isEmpty(),
                        viaGateway -> assertThat(viaGateway).isEmpty(),
                        onLink -> assertThat(onLink).isEmpty(),
                        otherTable -> assertThat(otherTable).contains("no routing table but main"),
                        inOverlay -> assertThat(inOverlay).contains("overlaps the overlay"));

        done(routes.enable(ACTOR, 2, false));
        assertThat(controller.mesh.plan().localRoutes().wanted())
                .extracting(MeshPlan.LocalRoute::id)
                .containsExactly(3);
    }

    @Test
    void remembersWhatTheKernelMayHaveStill() {
        done(routes.add(ACTOR, local("10.3.0.0/24", "eth0", "192.0.2.1", "main")));
        done(routes.add(ACTOR, local("10.4.0.0/24", "eth 0", "", "main")));
        done(routes.add(ACTOR, local("10.5.0.0/24", "eth0", "", "main")));
        done(routes.add(ACTOR, route("10.6.0.0/24", true)));

        done(routes.enable(ACTOR, 3, false));
        done(routes.remove(ACTOR, 1));
        done(routes.remove(ACTOR, 2));
        done(routes.remove(ACTOR, 4));

        assertThat(controller.mesh.plan().localRoutes().wanted()).isEmpty();
        assertThat(controller.mesh.plan().localRoutes().former())
                .containsExactly(
                        new MeshPlan.LocalRoute(
                                3, Prefix.literal("10.5.0.0/24"), Optional.empty(), "eth0", 0),
                        new MeshPlan.LocalRoute(
                                0, Prefix.literal("10.4.0.0/24"), Optional.empty(), "eth 0", 0),
                        new MeshPlan.LocalRoute(
                                0,
                                Prefix.literal("10.3.0.0/24"),
                                IpAddress.parse("192.0.2.1"),
                                "eth0",
                                0));
    }

    @Test
    void remembersTheNewestRemovedRoutesOnly() {
        for (int i = 1; i <= LocalRoutes.MAX_REMOVED + 2; i++) {
            done(routes.add(ACTOR, local("10.3." + i + ".0/24", "eth0", "", "main")));
            done(routes.remove(ACTOR, i));
        }

        assertThat(controller.mesh.plan().localRoutes().former())
                .hasSize(LocalRoutes.MAX_REMOVED)
                .extracting(MeshPlan.LocalRoute::prefix)
                .contains(Prefix.literal("10.3.3.0/24"))
                .doesNotContain(Prefix.literal("10.3.2.0/24"));
    }

    @Test
    void showsWhyTheKernelHasNotTakenARoute() {
        done(routes.add(ACTOR, local("10.3.0.0/24", "eth7", "", "main")));
        controller.mesh.routeProblems.put(1, "this machine has no interface eth7");

        assertThat(routes.list().getFirst().reason())
                .isEqualTo("this machine has no interface eth7");
    }

    private static NewRoute local(String cidr, String device, String gateway, String table) {
        return new NewRoute(cidr, "", device, gateway, "", table, false, 0);
    }

    private static NewRoute route(String cidr, boolean advertise) {
        return new NewRoute(cidr, "", "", "", "", "", advertise, 0);
    }
}
