package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Addresses and routes by rtnetlink, compared with what ip(8) shows. */
@NullMarked
@Timeout(120)
class InterfaceKernelIT {
    private static final IpAddress OWN = IpAddress.literal("100.127.255.1");
    private static final IpAddress VIRTUAL = IpAddress.literal("100.127.255.254");
    private static final Prefix OVERLAY = Prefix.literal("100.127.255.0/24");

    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace namespace;

    @BeforeEach
    void enter() throws Exception {
        namespace = Namespace.create();
        namespace.run(() -> {
            Namespace.command("ip", "link", "add", "pm-a", "type", "veth", "peer", "pm-b");
            Namespace.command("ip", "link", "set", "pm-b", "up");
        });
    }

    @AfterEach
    void leave() throws Exception {
        namespace.end();
    }

    private interface Check {
        void on(LinuxInterface device) throws Exception;
    }

    private void withUpDevice(Check check) throws Exception {
        namespace.run(() -> {
            try (LinuxInterface device = LinuxInterface.of("pm-a")) {
                device.up();
                check.on(device);
            }
        });
    }

    private static String addresses() throws Exception {
        return Namespace.command("ip", "-br", "addr", "show", "dev", "pm-a");
    }

    private static String routes() throws Exception {
        return Namespace.command("ip", "route", "show", "dev", "pm-a");
    }

    @Test
    void setsMtuQueueLengthAndState() throws Exception {
        withUpDevice(device -> {
            device.mtu(1380);
            device.transmitQueueLength(77);
            boolean limited = device.maxSuperPacket(60_000);

            String link = Namespace.command("ip", "-d", "link", "show", "dev", "pm-a");
            assertThat(link).contains("mtu 1380", "qlen 77", "UP");
            assertThat(link.contains("gso_max_size 60000")).isEqualTo(limited);

            device.down();
            assertThat(Namespace.command("ip", "-br", "link", "show", "dev", "pm-a"))
                    .contains("DOWN");
        });
    }

    @Test
    void holdsSeveralAddressesAndTakesThemAwayAgain() throws Exception {
        withUpDevice(device -> {
            device.addAddress(OWN, 24);
            device.addAddress(VIRTUAL, 32);
            device.addAddress(OWN, 24);
            assertThat(addresses()).contains("100.127.255.1/24", "100.127.255.254/32");
            assertThat(routes()).contains("100.127.255.0/24");

            device.removeAddress(VIRTUAL, 32);
            device.removeAddress(VIRTUAL, 32);
            device.removeAddress(OWN, 24);
            assertThat(addresses()).doesNotContain("100.127.255");
        });
    }

    @Test
    void addsAnIpv6AddressThatCanBeUsedAtOnce() throws Exception {
        withUpDevice(device -> {
            device.addAddress(IpAddress.literal("fd00:9::1"), 64);

            assertThat(Namespace.command("ip", "-6", "addr", "show", "dev", "pm-a"))
                    .contains("fd00:9::1/64")
                    .doesNotContain("fd00:9::1/64 scope global tentative");
        });
    }

    @Test
    void routesPrefixesAndTakesThemAwayAgain() throws Exception {
        withUpDevice(device -> {
            Prefix advertised = Prefix.literal("192.168.77.0/24");
            device.addRoute(OVERLAY);
            device.addRoute(advertised);
            device.addRoute(advertised);
            assertThat(routes()).contains("100.127.255.0/24", "192.168.77.0/24");

            device.removeRoute(advertised);
            device.removeRoute(advertised);
            assertThat(routes()).contains("100.127.255.0/24").doesNotContain("192.168.77");
        });
    }

    @Test
    void routesEverythingAndIpv6() throws Exception {
        withUpDevice(device -> {
            device.addRoute(Prefix.literal("0.0.0.0/0"));
            device.addRoute(Prefix.literal("fd00:8::/32"));

            assertThat(routes()).contains("default");
            assertThat(Namespace.command("ip", "-6", "route", "show", "dev", "pm-a"))
                    .contains("fd00:8::/32");
            device.removeRoute(Prefix.literal("0.0.0.0/0"));
            assertThat(routes()).doesNotContain("default");
        });
    }

    @Test
    void refusesARouteThatAnotherInterfaceHas() throws Exception {
        withUpDevice(device -> {
            Namespace.command(
                    "ip", "route", "add", "192.168.77.0/24", "dev", "pm-b", "metric", "50");

            assertThatThrownBy(() -> device.addRoute(Prefix.literal("192.168.77.0/24")))
                    .isInstanceOfSatisfying(
                            OsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                    .hasMessageContaining("192.168.77.0/24")
                    .hasMessageContaining("pm-b");
            device.addRoute(Prefix.literal("192.168.0.0/16"));
        });
    }

    @Test
    void refusesAnAddressThatAnotherInterfaceHas() throws Exception {
        withUpDevice(device -> {
            Namespace.command("ip", "addr", "add", OWN + "/24", "dev", "pm-b");

            assertThatThrownBy(() -> device.addAddress(OWN, 32))
                    .isInstanceOf(OsException.class)
                    .hasMessageContaining(OWN.toString())
                    .hasMessageContaining("pm-b");
        });
    }

    @Test
    void saysWhatFailsOnAnInterfaceThatIsDown() throws Exception {
        namespace.run(() -> {
            try (LinuxInterface device = LinuxInterface.of("pm-a")) {
                assertThatThrownBy(() -> device.addRoute(OVERLAY))
                        .isInstanceOf(OsException.class)
                        .hasMessageContaining("add route 100.127.255.0/24 pm-a");
            }
        });
    }

    @Test
    void saysThatThereIsNoSuchInterface() throws Exception {
        namespace.run(() ->
                assertThatThrownBy(() -> LinuxInterface.of("pm-none").close())
                        .isInstanceOf(OsException.class)
                        .hasMessageContaining("pm-none")
                        .hasMessageContaining("no such interface"));
    }

    /** The kernel answers in many pieces; the last route of the table must not be missed. */
    @Test
    void findsAConflictAmongManyRoutes() throws Exception {
        withUpDevice(device -> {
            Path batch = Files.createTempFile("pm-routes", ".txt");
            var lines = new ArrayList<String>();
            for (int i = 0; i < 5000; i++) {
                lines.add("route add 10." + i / 250 + "." + i % 250 + ".0/24 dev pm-b");
            }
            Files.write(batch, lines);
            Namespace.command("ip", "-batch", batch.toString());
            Files.delete(batch);

            assertThatThrownBy(() -> device.addRoute(Prefix.literal("10.19.249.0/24")))
                    .isInstanceOf(OsException.class)
                    .hasMessageContaining("pm-b");
        });
    }

    @Test
    void loosensTheReversePathFilter() throws Exception {
        withUpDevice(device -> {
            assertThat(device.forwardingSettings()).isEmpty();

            assertThat(Namespace.command("sysctl", "-n", "net.ipv4.conf.pm-a.rp_filter"))
                    .isEqualTo("2\n");
        });
    }
}
