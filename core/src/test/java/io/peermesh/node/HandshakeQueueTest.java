package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.forward.DataEvent.HandshakeReceived;
import io.peermesh.ip.Endpoint;
import org.junit.jupiter.api.Test;

class HandshakeQueueTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Endpoint ANYBODY = Endpoint.parse("192.0.2.9:9").orElseThrow();

    private final HandshakeQueue queue = new HandshakeQueue();

    @Test
    void peersGoBeforeClients() {
        queue.add(message(0), 0);
        queue.add(message(4), 0);

        assertThat(queue.next().orElseThrow().socket()).isEqualTo(4);
        assertThat(queue.next().orElseThrow().socket()).isEqualTo(0);
        assertThat(queue.next()).isEmpty();
    }

    @Test
    void dropsAndCountsWhatDoesNotFit() {
        for (int i = 0; i < HandshakeQueue.MAX_FROM_CLIENTS + 3; i++) {
            queue.add(message(0), 0);
        }
        for (int i = 0; i < HandshakeQueue.MAX_FROM_PEERS + 4; i++) {
            queue.add(message(1), 0);
        }

        assertThat(queue.dropped()).isEqualTo(7);
    }

    @Test
    void isBusyWhenManyWaitAndForASecondAfter() {
        for (int i = 0; i <= HandshakeQueue.BUSY_WAITING; i++) {
            assertThat(queue.isBusy(0)).isFalse();
            queue.add(message(0), 0);
        }

        assertThat(queue.isBusy(0)).isTrue();
        assertThat(queue.isBusy(SECOND - 1)).isTrue();
        assertThat(queue.isBusy(SECOND)).isFalse();
    }

    @Test
    void isBusyWhenManyArriveEvenIfNoneWaits() {
        for (int i = 0; i <= HandshakeQueue.BUSY_PER_SECOND; i++) {
            queue.add(message(0), i);
            queue.next();
        }

        assertThat(queue.isBusy(SECOND / 2)).isTrue();
    }

    @Test
    void isNotBusyAtAModestRate() {
        for (int i = 0; i < 10_000; i++) {
            long now = i * SECOND / 400;
            queue.add(message(0), now);
            queue.next();
            assertThat(queue.isBusy(now)).isFalse();
        }
    }

    private static HandshakeReceived message(int socket) {
        return new HandshakeReceived(socket, ANYBODY, new byte[148]);
    }
}
