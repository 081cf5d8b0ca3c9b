package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(60)
class LinuxPollerTest {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final IpAddress LOOPBACK = IpAddress.literal("127.0.0.1");

    private final LinuxPoller poller = new LinuxPoller();

    @AfterEach
    void close() {
        poller.close();
    }

    @Test
    void seesWhichDescriptorCanBeRead() {
        long memory = Mem.allocate(64);
        try (var quiet = LinuxDatagrams.bind(LOOPBACK, 0, Switches.ALL_ON);
                var busy = LinuxDatagrams.bind(LOOPBACK, 0, Switches.ALL_ON)) {
            int quietIndex = poller.watch(quiet.fd());
            int busyIndex = poller.watch(busy.fd());

            assertThat(quiet.send(LOOPBACK.hi(), LOOPBACK.lo(), busy.port(), memory, 1, 1))
                    .isZero();

            assertThat(poller.poll(-1)).isEqualTo(1);
            assertThat(poller.ready(busyIndex)).isTrue();
            assertThat(poller.ready(quietIndex)).isFalse();
        }
    }

    @Test
    void wakesBeforeAndDuringAPoll() throws Exception {
        poller.wake();
        poller.wake();
        assertThat(poller.poll(-1)).isZero();

        var woken = CompletableFuture.supplyAsync(() -> poller.poll(-1));
        poller.wake();

        assertThat(woken.get()).isZero();
    }

    @Test
    void countsOnlyDescriptorsNotTheWakeUp() {
        long memory = Mem.allocate(64);
        try (var socket = LinuxDatagrams.bind(LOOPBACK, 0, Switches.ALL_ON)) {
            int index = poller.watch(socket.fd());
            int lost = socket.send(LOOPBACK.hi(), LOOPBACK.lo(), socket.port(), memory, 1, 1);
            poller.wake();

            assertThat(lost).isZero();
            assertThat(poller.poll(-1)).isEqualTo(1);
            assertThat(poller.ready(index)).isTrue();
            assertThat(poller.poll(0)).isEqualTo(1);
        }
    }

    /** A lost wake-up would leave the loop in an endless poll. */
    @Test
    void losesNoWakeUpAmongManyThreads() throws Exception {
        int wakers = 4;
        int each = 100_000;
        var posted = new AtomicLong();
        var loop =
                CompletableFuture.runAsync(() -> {
                    while (posted.get() < (long) wakers * each) {
                        long before = System.nanoTime();
                        int ready = poller.poll(PATIENCE_NANOS);
                        assertThat(ready).isZero();
                        assertThat(System.nanoTime() - before)
                                .as("waited in vain")
                                .isLessThan(PATIENCE_NANOS);
                    }
                });
        var threads = new Thread[wakers];
        for (int i = 0; i < wakers; i++) {
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int n = 0; n < each; n++) {
                                    posted.incrementAndGet();
                                    poller.wake();
                                }
                            });
        }

        for (Thread thread : threads) {
            thread.join();
        }
        loop.get();

        assertThat(posted).hasValue((long) wakers * each);
    }

    @Test
    void forgetsWhatItWatched() {
        long memory = Mem.allocate(64);
        try (var socket = LinuxDatagrams.bind(LOOPBACK, 0, Switches.ALL_ON)) {
            poller.watch(socket.fd());
            int lost = socket.send(LOOPBACK.hi(), LOOPBACK.lo(), socket.port(), memory, 1, 1);

            poller.clear();

            assertThat(lost).isZero();
            assertThat(poller.poll(0)).isZero();
        }
    }

    @Test
    void roundsTimeUp() {
        assertThat(LinuxPoller.millis(-1)).isEqualTo(-1);
        assertThat(LinuxPoller.millis(0)).isZero();
        assertThat(LinuxPoller.millis(1)).isEqualTo(1);
        assertThat(LinuxPoller.millis(1_000_000)).isEqualTo(1);
        assertThat(LinuxPoller.millis(1_000_001)).isEqualTo(2);
        assertThat(LinuxPoller.millis(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void refusesMoreThanItsCapacity() {
        for (int i = 0; i < LinuxPoller.CAPACITY; i++) {
            poller.watch(0);
        }

        assertThatThrownBy(() -> poller.watch(0)).isInstanceOf(IllegalStateException.class);
    }
}
