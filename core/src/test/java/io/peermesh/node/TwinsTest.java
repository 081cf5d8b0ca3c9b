package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import org.junit.jupiter.api.Test;

class TwinsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress CLIENT = IpAddress.literal("10.0.0.7");
    private static final Endpoint ONE = Endpoint.parse("192.0.2.7:4000").orElseThrow();
    private static final Endpoint OTHER = Endpoint.parse("192.0.2.8:4000").orElseThrow();
    private final Twins twins = new Twins();

    @Test
    void toAndFroIsTwoMachinesAndSaidOnce() {
        for (int i = 0; i < 4; i++) {
            Endpoint from = i % 2 == 0 ? ONE : OTHER;
            assertThat(twins.onSession(CLIENT, from, i * SECOND)).isEmpty();
        }

        assertThat(twins.onSession(CLIENT, ONE, 4 * SECOND)).contains(new Twins.Found(ONE, OTHER));
        assertThat(twins.has(CLIENT, 5 * SECOND)).isTrue();
        assertThat(twins.onSession(CLIENT, OTHER, 6 * SECOND)).isEmpty();
        assertThat(twins.has(CLIENT, 700 * SECOND)).as("forgotten").isFalse();
    }

    @Test
    void aMachineThatMovesIsOne() {
        for (int i = 1; i < 200; i++) {
            var from = new Endpoint(ONE.address(), 1_000 + i);
            assertThat(twins.onSession(CLIENT, from, i * SECOND)).isEmpty();
            assertThat(twins.onSession(CLIENT, from, i * SECOND)).isEmpty();
        }
        assertThat(twins.has(CLIENT, 200 * SECOND)).isFalse();
    }
}
