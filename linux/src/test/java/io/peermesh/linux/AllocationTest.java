package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.peermesh.crypto.Aead;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.ReceiveBatch;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The packet path allocates nothing. Measured in a JVM of its own without assertions, because those
 * of {@link Mem} allocate.
 */
@NullMarked
@Timeout(300)
class AllocationTest {
    /** For 100,000 rounds: what asking for the number itself allocates, and some slack. */
    private static final int ALLOWED_BYTES = 4096;

    @Test
    void sealsOpensSendsReceivesAndPollsWithoutGarbage() throws Exception {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Measurement.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(child.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .isNotEmpty()
                .allSatisfy(line -> {
                    int colon = line.lastIndexOf(' ');
                    assertThat(Long.parseLong(line.substring(colon + 1)))
                            .as(line)
                            .isBetween(0L, (long) ALLOWED_BYTES);
                });
    }

    /** Prints, for each step, its name and the bytes that 100,000 of it allocated. */
    static final class Measurement {
        private static final int PASSES = 6;
        private static final int ROUNDS = 100_000;
        private static final IpAddress LOOPBACK = IpAddress.v4(0x7f000001);

        private Measurement() {}

        @SuppressWarnings("SystemOut") // the parent process reads it
        public static void main(String[] args) {
            long memory = Mem.allocate(65536);
            for (String words : new String[] {"", "no-dispatch"}) {
                for (CipherSuite suite : CipherSuite.values()) {
                    System.out.println(suite + " " + words + " " + cipher(words, suite, memory));
                }
            }
            System.out.println("gso " + udp("", memory));
            System.out.println("plain " + udp("no-gso,no-gro", memory));
            System.out.println("wake " + wake());
        }

        private static long allocated() {
            return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                    .getCurrentThreadAllocatedBytes();
        }

        private static long measure(Runnable step) {
            long least = Long.MAX_VALUE; // not counting what runs before the JIT compiler is done
            for (int pass = 0; pass < PASSES && least > ALLOWED_BYTES; pass++) {
                long before = allocated();
                for (int i = 0; i < ROUNDS; i++) {
                    step.run();
                }
                least = Math.min(least, allocated() - before);
            }
            return least;
        }

        private static long cipher(String words, CipherSuite suite, long memory) {
            if (!(LibcryptoProvider.find(Switches.parse(words))
                    instanceof LibcryptoProvider.Found found)) {
                return 0; // no library: nothing to measure here
            }
            try (Aead aead = found.provider().create(suite, new byte[32])) {
                return measure(() -> {
                    aead.seal(5, memory, 16, memory + 16, 200, memory + 16);
                    if (!aead.open(5, memory, 16, memory + 16, 216, memory + 16)) {
                        throw new IllegalStateException("not authentic");
                    }
                });
            }
        }

        private static long udp(String words, long memory) {
            Switches switches = Switches.parse(words);
            var batch = new ReceiveBatch();
            try (var a = LinuxDatagrams.bind(LOOPBACK, 0, switches);
                    var b = LinuxDatagrams.bind(LOOPBACK, 0, switches);
                    var poller = new LinuxPoller()) {
                poller.watch(b.fd());
                return measure(() -> {
                    int lost = a.send(LOOPBACK.hi(), LOOPBACK.lo(), b.port(), memory, 400, 100);
                    while (poller.poll(0) > 0) {
                        lost -= b.receive(batch);
                    }
                    if (lost >= 0) {
                        throw new IllegalStateException("nothing arrived");
                    }
                });
            }
        }

        private static long wake() {
            try (var poller = new LinuxPoller()) {
                return measure(() -> {
                    poller.wake();
                    int ignored = poller.poll(0);
                });
            }
        }
    }
}
