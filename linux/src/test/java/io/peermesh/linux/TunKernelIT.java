package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.port.ReceiveBatch;
import io.peermesh.port.Tun;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real TUN device and rtnetlink, in a namespace of its own. */
@NullMarked
@Timeout(120)
class TunKernelIT {
    private static final IpAddress OWN = IpAddress.literal("100.127.255.1");
    private static final IpAddress FAR = IpAddress.literal("100.127.255.9");
    private static final Prefix OVERLAY = Prefix.literal("100.127.255.0/24");
    private static final int UDP = 17;
    private static final int TCP = 6;

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final long memory = Mem.allocate(Tun.MAX_BYTES);

    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace namespace;

    @BeforeEach
    void enter() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "skipped: no /dev/net/tun");
        namespace = Namespace.create();
    }

    @AfterEach
    void leave() throws Exception {
        namespace.end();
    }

    private interface DeviceTest {
        void on(LinuxTun tun, LinuxInterface device) throws Exception;
    }

    private void withDevice(String words, DeviceTest test) throws Exception {
        namespace.run(() -> {
            try (LinuxTun tun = LinuxTun.open("pm-lin0", Switches.parse(words));
                    LinuxInterface device = LinuxInterface.of("pm-lin0")) {
                device.mtu(1420);
                device.up();
                device.addAddress(OWN, 32);
                device.addRoute(OVERLAY);
                test.on(tun, device);
            }
        });
    }

    /** Reads until a packet of this protocol to {@link #FAR} comes; returns its length. */
    private int readPacket(LinuxTun tun, int protocol) {
        try (var poller = new LinuxPoller()) {
            poller.watch(tun.fd());
            while (true) {
                assertThat(poller.poll(PATIENCE_NANOS)).isPositive();
                int bytes = tun.read(memory);
                long ip = memory + Tun.HEADER_BYTES;
                if (bytes > 0
                        && Mem.u8(ip) >>> 4 == 4
                        && Mem.u8(ip + 9) == protocol
                        && Mem.i32Be(ip + 16) == FAR.v4Bits()) {
                    return bytes;
                }
            }
        }
    }

    private static void sendUdp(int bytes, int segmentBytes) {
        long payload = Mem.allocate(bytes);
        try (var socket = LinuxDatagrams.bind(IpAddress.UNSPECIFIED, 0, Switches.ALL_ON)) {
            assertThat(socket.send(FAR.hi(), FAR.lo(), 7000, payload, bytes, segmentBytes))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-vnet", "no-uso"})
    void deliversAPacketOfThisHost(String words) throws Exception {
        withDevice(
                words,
                (tun, device) -> {
                    sendUdp(100, 100);

                    int bytes = readPacket(tun, UDP);

                    assertThat(bytes).isEqualTo(Tun.HEADER_BYTES + 128);
                    assertThat(Mem.i32Be(memory + Tun.HEADER_BYTES + 12)).isEqualTo(OWN.v4Bits());
                    if (words.equals("no-vnet")) {
                        assertThat(Mem.i64Ne(memory)).isZero();
                        assertThat(Mem.u16Ne(memory + 8)).isZero();
                    }
                });
    }

    @Test
    void deliversUdpSuperPacketsWhereTheKernelHasThem() throws Exception {
        withDevice(
                "",
                (tun, device) -> {
                    assumeTrue(tun.udpOffload(), "skipped: no USO in this kernel");
                    sendUdp(10 * 1000, 1000);

                    int bytes = readPacket(tun, UDP);

                    assertThat(bytes).isEqualTo(Tun.HEADER_BYTES + 28 + 10_000);
                    assertThat(Mem.u8(memory + 1)).as("GSO_UDP_L4").isEqualTo(5);
                    assertThat(Mem.u16Ne(memory + 4)).isEqualTo(1000);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-uso", "no-vnet"})
    void deliversUdpOneByOneWhenSwitchedOff(String words) throws Exception {
        withDevice(
                words,
                (tun, device) -> {
                    sendUdp(3 * 1000, 1000);

                    for (int i = 0; i < 3; i++) {
                        assertThat(readPacket(tun, UDP)).isEqualTo(Tun.HEADER_BYTES + 1028);
                    }
                });
    }

    /** A SYN has no payload: its checksum is unfinished with offloads and complete without. */
    @ParameterizedTest
    @ValueSource(strings = {"", "no-vnet"})
    void saysWhetherTheChecksumIsFinished(String words) throws Exception {
        withDevice(
                words,
                (tun, device) -> {
                    try (SocketChannel channel = SocketChannel.open()) {
                        channel.configureBlocking(false);
                        boolean connected =
                                channel.connect(new InetSocketAddress(FAR.toString(), 7001));

                        readPacket(tun, TCP);

                        boolean needsChecksum = (Mem.u8(memory) & 1) != 0;
                        assertThat(connected).isFalse();
                        assertThat(needsChecksum).isEqualTo(tun.offloads());
                        assertThat(tun.offloads()).isEqualTo(words.isEmpty());
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-vnet"})
    void takesPacketsForThisHost(String words) throws Exception {
        withDevice(
                words,
                (tun, device) -> {
                    try (var socket = LinuxDatagrams.bind(OWN, 7002, Switches.ALL_ON);
                            var poller = new LinuxPoller()) {
                        poller.watch(socket.fd());
                        int bytes = udpFromFar(socket.port(), 64);

                        assertThat(tun.write(memory, bytes)).isTrue();

                        assertThat(poller.poll(PATIENCE_NANOS)).isEqualTo(1);
                        var batch = new ReceiveBatch();
                        assertThat(socket.receive(batch)).isEqualTo(1);
                        assertThat(batch.bytes[0]).isEqualTo(64);
                        assertThat(new IpAddress(batch.sourceHi[0], batch.sourceLo[0]))
                                .isEqualTo(FAR);
                    }
                });
    }

    /** A packet from {@link #FAR} to {@link #OWN} without a UDP checksum. */
    private int udpFromFar(int port, int payload) {
        Mem.zero(memory, Tun.HEADER_BYTES + 28 + payload);
        long ip = memory + Tun.HEADER_BYTES;
        Mem.put16Be(ip, 0x4500);
        Mem.put16Be(ip + 2, 28 + payload);
        Mem.put16Be(ip + 8, 64 << 8 | UDP);
        Mem.put32Be(ip + 12, FAR.v4Bits());
        Mem.put32Be(ip + 16, OWN.v4Bits());
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += Mem.u16Be(ip + i);
        }
        Mem.put16Be(ip + 10, ~((sum & 0xffff) + (sum >>> 16)));
        Mem.put16Be(ip + 20, 7003);
        Mem.put16Be(ip + 22, port);
        Mem.put16Be(ip + 24, 8 + payload);
        return Tun.HEADER_BYTES + 28 + payload;
    }

    @Test
    void countsWritesWhileTheInterfaceIsDown() throws Exception {
        withDevice(
                "",
                (tun, device) -> {
                    device.down();

                    assertThat(tun.write(memory, udpFromFar(1, 1))).isFalse();
                    assertThat(tun.refusedWrites()).isEqualTo(1);
                });
    }

    @Test
    void readsNothingWhenNothingWaits() throws Exception {
        withDevice(
                "",
                (tun, device) -> {
                    Namespace.command("ip", "-6", "addr", "flush", "dev", tun.name());
                    int drained = 0; // the kernel's own IPv6 announcements
                    while (tun.read(memory) > 0) {
                        drained++;
                    }
                    assertThat(drained).isLessThan(20);

                    assertThat(tun.read(memory)).isZero();
                });
    }

    @Test
    void saysThatTheInterfaceWasDeleted() throws Exception {
        withDevice(
                "",
                (tun, device) -> {
                    Namespace.command("ip", "link", "del", tun.name());

                    assertThatThrownBy(() -> tun.read(memory))
                            .isInstanceOf(OsException.class)
                            .hasMessageContaining("deleted");
                });
    }

    @Test
    void opensSeveralQueuesOfOneDevice() throws Exception {
        namespace.run(() -> {
            List<LinuxTun> queues = LinuxTun.openQueues("pm-lin%d", 3, Switches.ALL_ON);

            assertThat(queues).extracting(LinuxTun::name).containsOnly("pm-lin0");
            queues.forEach(LinuxTun::close);
            assertThat(Namespace.command("ip", "link")).doesNotContain("pm-lin0");
        });
    }

    @Test
    void saysThatTheNameIsTaken() throws Exception {
        withDevice(
                "",
                (tun, device) ->
                        assertThatThrownBy(() -> LinuxTun.open(tun.name(), Switches.ALL_ON).close())
                                .isInstanceOf(OsException.class)
                                .hasMessageContaining(tun.name())
                                .hasMessageContaining("another process holds"));
    }

    @Test
    void saysThatTheNameIsOfAnotherKind() throws Exception {
        namespace.run(() ->
                assertThatThrownBy(() -> LinuxTun.open("lo", Switches.ALL_ON).close())
                        .isInstanceOf(OsException.class)
                        .hasMessageContaining("another kind"));
    }

    @Test
    void reportsWhatIsInUse() throws Exception {
        withDevice(
                "",
                (tun, device) ->
                        assertThat(
                                        FeatureProbe.run(Switches.ALL_ON)
                                                .features(Optional.of(tun))
                                                .lines())
                                .contains("UDP GSO: on", "UDP GRO: on", "TUN super-packets: on"));
    }
}
