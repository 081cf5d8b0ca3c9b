package io.peermesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpscRingTest {
    @Test
    void keepsOrderAndRefusesWhatDoesNotFit() {
        var ring = new SpscRing<Integer>(4);

        for (int i = 0; i < 4; i++) {
            assertThat(ring.offer(i)).isTrue();
        }

        assertThat(ring.offer(4)).isFalse();
        assertThat(ring.poll()).isEqualTo(0);
        assertThat(ring.offer(4)).isTrue();
        for (int i = 1; i <= 4; i++) {
            assertThat(ring.poll()).isEqualTo(i);
        }
        assertThat(ring.poll()).isNull();
    }

    @Test
    void losesNothingBetweenTwoThreads() throws InterruptedException {
        var ring = new SpscRing<Long>(64);
        long count = 200_000;
        var wrong = new AtomicLong();
        Thread consumer =
                Thread.ofPlatform()
                        .start(() -> {
                            for (long expected = 0; expected < count; ) {
                                Long got = ring.poll();
                                if (got == null) {
                                    Thread.onSpinWait();
                                } else if (got != expected++) {
                                    wrong.incrementAndGet();
                                }
                            }
                        });

        for (long i = 0; i < count; ) {
            if (ring.offer(i)) {
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
        consumer.join();

        assertThat(wrong).hasValue(0);
    }
}
