package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On loopback, without rights. */
@NullMarked
@Timeout(60)
class LinuxDatagramsTest {
    private static final long SEED = Long.getLong("seed", 20_260_215);
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final IpAddress V4 = IpAddress.literal("127.0.0.1");

    private final Random random = new Random(SEED);
    private final ReceiveBatch batch = new ReceiveBatch();
    private final long memory = Mem.allocate(Datagrams.MAX_SEND_BYTES + 1000);

    private static LinuxDatagrams bind(IpAddress address, String words) {
        return LinuxDatagrams.bind(address, 0, Switches.parse(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void hearsOnceThatNobodyListensAndGoesOn(String text) {
        var address = IpAddress.literal(text);
        try (var link = LinuxDatagrams.bindLink(address, 0, Switches.ALL_ON);
                var live = bind(address, "")) {
            int closedPort = closedPort(address);
            byte[] content = fill(100);

            send(link, address, closedPort, 100, 100);

            assertThat(isReady(link)).as("the poller wakes for it").isTrue();
            assertThat(link.receive(batch)).isZero();
            assertThat(link.takeUnreachable()).isTrue();
            assertThat(link.takeUnreachable()).as("once").isFalse();
            assertThat(isReady(link)).as("nothing is left that would wake the loop").isFalse();

            send(link, address, closedPort, 100, 100);
            assertThat(send(link, address, live.port(), 100, 100)).as("lost").isZero();

            assertThat(receive(live, 1, link)).containsExactly(content);
            assertThat(link.takeUnreachable()).as("noticed by sending").isTrue();
            assertThat(isReady(link)).isFalse();
        }
    }

    @Test
    void hearsOfManyErrorsAmongBatchesAndIsNotLeftReady() {
        try (var link = LinuxDatagrams.bindLink(V4, 0, Switches.parse("no-gso"))) {
            int closedPort = closedPort(V4);
            fill(6400);
            boolean heard = false;
            for (int i = 0; i < 50; i++) {
                send(link, V4, closedPort, 6400, 100);
                link.receive(batch);
                heard |= link.takeUnreachable();
            }

            assertThat(heard).isTrue();
            link.receive(batch);
            link.takeUnreachable();
            assertThat(isReady(link)).isFalse();
        }
    }

    @Test
    void hearsNothingOfErrorsWhereThatIsSwitchedOff() {
        try (var link = LinuxDatagrams.bindLink(V4, 0, Switches.parse("no-errors"))) {
            send(link, V4, closedPort(V4), 100, 100);

            assertThat(link.receive(batch)).isZero();
            assertThat(link.takeUnreachable()).isFalse();
            assertThat(isReady(link)).isFalse();
        }
    }

    private static int closedPort(IpAddress address) {
        try (var closed = bind(address, "")) {
            return closed.port();
        }
    }

    private static boolean isReady(LinuxDatagrams socket) {
        try (var poller = new LinuxPoller()) {
            poller.watch(socket.fd());
            return poller.poll(0) > 0;
        }
    }

    private byte[] fill(int bytes) {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Mem.copy(content, 0, memory, bytes);
        return content;
    }

    private int send(LinuxDatagrams from, IpAddress to, int port, int bytes, int segmentBytes) {
        return from.send(to.hi(), to.lo(), port, memory, bytes, segmentBytes);
    }

    /** Waits for {@code count} datagrams and takes them apart. */
    private List<byte[]> receive(LinuxDatagrams socket, int count, LinuxDatagrams from) {
        List<byte[]> datagrams = new ArrayList<>();
        try (var poller = new LinuxPoller()) {
            poller.watch(socket.fd());
            while (datagrams.size() < count) {
                assertThat(poller.poll(PATIENCE_NANOS)).as("arrived: %s", datagrams).isPositive();
                int buffers = socket.receive(batch);
                for (int i = 0; i < buffers; i++) {
                    assertThat(batch.sourcePort[i]).isEqualTo(from.port());
                    split(i, datagrams);
                }
            }
        }
        return datagrams;
    }

    private void split(int i, List<byte[]> into) {
        int offset = 0;
        do {
            int bytes = Math.min(batch.segmentBytes[i], batch.bytes[i] - offset);
            into.add(Mem.toBytes(batch.address[i] + offset, bytes));
            offset += bytes;
        } while (offset < batch.bytes[i]);
    }

    private static List<byte[]> cut(byte[] content, int segmentBytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < content.length; at += segmentBytes) {
            pieces.add(
                    Arrays.copyOfRange(content, at, Math.min(content.length, at + segmentBytes)));
        }
        return pieces;
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, ''",
        "::1, ''",
        "127.0.0.1, no-gso",
        "::1, no-gso",
        "127.0.0.1, no-gro",
        "::1, no-gro",
        "127.0.0.1, 'no-gso,no-gro'",
        "::1, 'no-gso,no-gro'"
    })
    void carriesBatchesOfEveryShape(String host, String words) {
        IpAddress address = IpAddress.literal(host);
        try (LinuxDatagrams a = bind(address, words);
                LinuxDatagrams b = bind(address, words)) {
            int[][] shapes = {
                {1, 1},
                {100, 100},
                {101, 100},
                {64 * 100, 100},
                {45 * 1452, 1452},
                {45 * 1452 - 7, 1452},
                {65507, 65507},
                {1000, 1452},
                {3 * 1452 + 1, 1452}
            };
            for (int[] shape : shapes) {
                byte[] content = fill(shape[0]);

                int lost = send(a, address, b.port(), shape[0], shape[1]);
                List<byte[]> arrived = receive(b, Math.ceilDiv(shape[0], shape[1]), a);

                assertThat(lost).isZero();
                assertThat(arrived)
                        .as("seed %d, %s", SEED, Arrays.toString(shape))
                        .containsExactlyElementsOf(cut(content, shape[1]));
            }
        }
    }

    @Test
    void joinsWhatItReceivesOverLoopback() {
        try (LinuxDatagrams a = bind(V4, "");
                LinuxDatagrams b = bind(V4, "")) {
            assertThat(a.gso()).isTrue();
            assertThat(b.gro()).isTrue();
            fill(45 * 1452);

            assertThat(send(a, V4, b.port(), 45 * 1452, 1452)).isZero();
            assertThat(b.receive(batch)).isEqualTo(1);

            assertThat(batch.bytes[0]).isEqualTo(45 * 1452);
            assertThat(batch.segmentBytes[0]).isEqualTo(1452);
        }
    }

    @Test
    void receivesEightBuffersInOneCall() {
        try (LinuxDatagrams a = bind(V4, "");
                LinuxDatagrams b = bind(V4, "")) {
            for (int i = 0; i < 9; i++) {
                assertThat(send(a, V4, b.port(), 100 + i, 200)).isZero();
            }

            assertThat(b.receive(batch)).isEqualTo(ReceiveBatch.CAPACITY);
            assertThat(batch.bytes[7]).isEqualTo(107);
            assertThat(b.receive(batch)).isEqualTo(1);
            assertThat(batch.bytes[0]).isEqualTo(108);
            assertThat(b.receive(batch)).isZero();
        }
    }

    @Test
    void servesBothFamiliesOnTheWildcardAddress() {
        try (LinuxDatagrams all = bind(IpAddress.UNSPECIFIED, "");
                LinuxDatagrams v4 = bind(V4, "");
                LinuxDatagrams v6 = bind(IpAddress.literal("::1"), "")) {
            fill(10);

            assertThat(send(v4, V4, all.port(), 10, 10)).isZero();
            assertThat(all.receive(batch)).isEqualTo(1);
            assertThat(new IpAddress(batch.sourceHi[0], batch.sourceLo[0])).isEqualTo(V4);

            assertThat(send(v6, IpAddress.literal("::1"), all.port(), 10, 10)).isZero();
            assertThat(all.receive(batch)).isEqualTo(1);
            assertThat(new IpAddress(batch.sourceHi[0], batch.sourceLo[0]))
                    .isEqualTo(IpAddress.literal("::1"));

            assertThat(send(all, V4, v4.port(), 10, 10)).isZero();
            assertThat(v4.receive(batch)).isEqualTo(1);
            assertThat(batch.sourcePort[0]).isEqualTo(all.port());
        }
    }

    @Test
    void listensOnAllOfIpv4Alone() {
        try (LinuxDatagrams all = bind(IpAddress.v4(0), "");
                LinuxDatagrams v4 = bind(V4, "")) {
            assertThat(send(v4, V4, all.port(), 10, 10)).isZero();
            assertThat(all.receive(batch)).isEqualTo(1);
        }
    }

    @Test
    void describesAnEmptyDatagramSoThatDividingIsSafe() {
        try (LinuxDatagrams a = bind(V4, "");
                LinuxDatagrams b = bind(V4, "")) {
            assertThat(send(a, V4, b.port(), 0, 1)).isZero();

            assertThat(b.receive(batch)).isEqualTo(1);
            assertThat(batch.bytes[0]).isZero();
            assertThat(batch.segmentBytes[0]).isEqualTo(1);
        }
    }

    @Test
    void goesOnAfterSendingToAClosedPort() {
        try (LinuxDatagrams a = bind(V4, "");
                LinuxDatagrams b = bind(V4, "")) {
            int closedPort = closedPort();
            for (int i = 0; i < 5; i++) {
                assertThat(send(a, V4, closedPort, 100, 100)).isZero();
                assertThat(a.receive(batch)).isZero();
            }

            assertThat(send(a, V4, b.port(), 100, 100)).isZero();
            assertThat(b.receive(batch)).isEqualTo(1);
        }
    }

    private static int closedPort() {
        try (LinuxDatagrams gone = bind(V4, "")) {
            return gone.port();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no-gso"})
    void countsWhatIsTooLarge(String words) {
        try (LinuxDatagrams a = bind(V4, words)) {
            assertThat(send(a, V4, 9, 65508, 65508)).isEqualTo(1);

            assertThat(a.lostTooLarge()).isEqualTo(1);
        }
    }

    @Test
    void countsWhatHasNoRoute() {
        // A socket of a loopback address cannot reach the other family.
        try (LinuxDatagrams a = bind(V4, "")) {
            fill(300);

            int lost = send(a, IpAddress.literal("2001:db8::1"), 9, 300, 100);

            assertThat(lost).isEqualTo(3);
            assertThat(a.lostUnreachable() + a.lostRefused()).isEqualTo(3);
        }
    }

    @Test
    void saysWhichPortIsInUseAndByWhom() {
        try (LinuxDatagrams first = bind(V4, "")) {
            assertThatThrownBy(() -> LinuxDatagrams.bind(V4, first.port(), Switches.ALL_ON).close())
                    .isInstanceOfSatisfying(
                            OsException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE))
                    .hasMessageContaining("127.0.0.1:" + first.port())
                    .hasMessageContaining("in use by")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    /** EIO needs a device that cannot checksum; this is what follows it. */
    @Test
    void leavesGsoOutForGoodWhenTheDeviceCannotChecksum() {
        try (LinuxDatagrams a = bind(V4, "");
                LinuxDatagrams b = bind(V4, "")) {
            a.onGsoRefused(Errno.EIO);
            byte[] content = fill(1000);

            int lost = send(a, V4, b.port(), 1000, 100);

            assertThat(a.gso()).isFalse();
            assertThat(a.gsoRefused()).isEqualTo(1);
            assertThat(lost).isZero();
            assertThat(receive(b, 10, a)).containsExactlyElementsOf(cut(content, 100));
        }
    }

    @Test
    void worksWithoutIpv6() {
        try (LinuxDatagrams all = bind(IpAddress.UNSPECIFIED, "no-ipv6");
                LinuxDatagrams one = bind(V4, "no-ipv6")) {
            byte[] content = fill(1000);

            assertThat(send(one, V4, all.port(), 1000, 300)).isZero();
            assertThat(receive(all, 4, one)).containsExactlyElementsOf(cut(content, 300));
            assertThat(send(one, IpAddress.literal("::1"), all.port(), 600, 300)).isEqualTo(2);
            assertThat(one.lostUnreachable()).isEqualTo(2);
        }
        assertThatThrownBy(() -> bind(IpAddress.literal("::1"), "no-ipv6").close())
                .isInstanceOf(OsException.class)
                .hasMessageContaining("IPv6 is off");
    }

    @Test
    void saysThatAnAddressIsNotOfThisHost() {
        assertThatThrownBy(() -> bind(IpAddress.literal("192.0.2.1"), "").close())
                .isInstanceOf(OsException.class)
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("no interface of this host");
    }

    @Test
    void refusesUseAfterClose() {
        LinuxDatagrams socket = bind(V4, "");

        socket.close();
        socket.close();

        assertThatThrownBy(() -> socket.receive(batch)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> send(socket, V4, 9, 1, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void neverBlocksOnAFullReceiver() {

        try (LinuxDatagrams a = bind(V4, "no-forced-buffers");
                LinuxDatagrams b = bind(V4, "no-forced-buffers")) {
            fill(45 * 1452);
            for (int i = 0; i < 1000; i++) {
                send(a, V4, b.port(), 45 * 1452, 1452);
            }

            assertThat(b.receive(batch)).isPositive();
        }
    }
}
