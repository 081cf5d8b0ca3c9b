package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.ReceiveBatch;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two namespaces with a narrow line between: nothing is black-holed. */
@NullMarked
@Timeout(120)
class PathMtuKernelIT {
    private static final int PORT = 7100;

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final long memory = Mem.allocate(65536);

    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace near;

    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace far;

    @BeforeEach
    void connect() throws Exception {
        near = Namespace.create();
        far = Namespace.create();
        String number = Integer.toString(far.number());
        near.run(() -> {
            Namespace.command(
                    "ip", "link", "add", "pm-n", "type", "veth", "peer", "name", "pm-f", "netns",
                    number);
            configure("pm-n", "10.99.0.1/24", "fd00:99::1/64");
        });
        far.run(() -> configure("pm-f", "10.99.0.2/24", "fd00:99::2/64"));
    }

    private static void configure(String name, String v4, String v6) throws Exception {
        Namespace.command("ip", "addr", "add", v4, "dev", name);
        Namespace.command("ip", "addr", "add", v6, "dev", name, "nodad");
        Namespace.command("ip", "link", "set", name, "mtu", "1300", "up");
    }

    @AfterEach
    void disconnect() throws Exception {
        near.end();
        far.end();
    }

    /** Receives in the far namespace until {@code bytes} have come. */
    private CompletableFuture<Integer> receiving(LinuxDatagrams socket, int bytes) {
        return CompletableFuture.supplyAsync(() -> {
            var batch = new ReceiveBatch();
            int sum = 0;
            try (var poller = new LinuxPoller()) {
                poller.watch(socket.fd());
                while (sum < bytes) {
                    assertThat(poller.poll(PATIENCE_NANOS)).isPositive();
                    int count = socket.receive(batch);
                    for (int i = 0; i < count; i++) {
                        sum += batch.bytes[i];
                    }
                }
            }
            return sum;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "10.99.0.2, 1452, true", "10.99.0.2, 1200, false",
        "fd00:99::2, 1452, true", "fd00:99::2, 1200, false"
    })
    void fragmentsSegmentsThatDoNotFitTheLine(String to, int segmentBytes, boolean refused)
            throws Exception {
        IpAddress address = IpAddress.literal(to);
        LinuxDatagrams[] receiver = new LinuxDatagrams[1];
        far.run(() ->
                receiver[0] = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, PORT, Switches.ALL_ON));
        var received = receiving(receiver[0], 10 * segmentBytes);

        near.run(() -> {
            try (var sender = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, 0, Switches.ALL_ON)) {
                int lost =
                        sender.send(
                                address.hi(),
                                address.lo(),
                                PORT,
                                memory,
                                10 * segmentBytes,
                                segmentBytes);

                assertThat(lost).isZero();
                assertThat(sender.gsoRefused()).isEqualTo(refused ? 1 : 0);
                assertThat(sender.gso()).as("still on for other paths").isTrue();
            }
        });

        assertThat(received.get()).isEqualTo(10 * segmentBytes);
        receiver[0].close();
    }

    @Test
    void leavesGsoOutForAWhileWhenItIsRefusedAgainAndAgain() throws Exception {
        IpAddress to = IpAddress.literal("10.99.0.2");
        near.run(() -> {
            try (var sender = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, 0, Switches.ALL_ON)) {
                int batches = LinuxDatagrams.REFUSALS_MAX + LinuxDatagrams.PAUSE_BATCHES;
                for (int i = 0; i < batches; i++) {
                    sender.send(to.hi(), to.lo(), PORT, memory, 2 * 1452, 1452);
                }
                assertThat(sender.gsoRefused()).isEqualTo(LinuxDatagrams.REFUSALS_MAX);

                sender.send(to.hi(), to.lo(), PORT, memory, 2 * 1200, 1200);
                sender.send(to.hi(), to.lo(), PORT, memory, 2 * 1452, 1452);
                assertThat(sender.gsoRefused()).isEqualTo(LinuxDatagrams.REFUSALS_MAX + 1);
            }
        });
    }

    @Test
    void servesIpv4WhereIpv6IsSwitchedOffByTheAdministrator() throws Exception {
        IpAddress to = IpAddress.literal("10.99.0.2");
        near.run(() -> {
            Namespace.command("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
            try (var sender = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, 0, Switches.ALL_ON)) {
                assertThat(sender.send(to.hi(), to.lo(), PORT, memory, 2000, 1000)).isZero();
            }
        });
    }

    @Test
    void countsWhatHasNoRoute() throws Exception {
        IpAddress nowhere = IpAddress.literal("192.0.2.1");
        near.run(() -> {
            try (var sender = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, 0, Switches.ALL_ON)) {
                int lost = sender.send(nowhere.hi(), nowhere.lo(), PORT, memory, 3000, 1000);

                assertThat(lost).isEqualTo(3);
                assertThat(sender.lostUnreachable()).isEqualTo(3);
            }
        });
    }
}
