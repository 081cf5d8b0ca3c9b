package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.node.NodeStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Throughput from counters. */
class LinkRatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final LinkRates rates = new LinkRates();

    private static List<NodeStatus.Link> link(long sent, long received) {
        return List.of(
                new NodeStatus.Link(
                        2,
                        NodeStatus.LinkState.UP,
                        "",
                        Optional.empty(),
                        1,
                        0,
                        NodeStatus.Health.UNKNOWN,
                        0,
                        0,
                        "",
                        0,
                        sent,
                        0,
                        received));
    }

    @Test
    void takesTwoLooks() {
        assertThat(rates.update(-5 * SECOND, link(1000, 0))).isEmpty();

        var now = rates.update(-3 * SECOND, link(3000, 500));

        assertThat(now.get(2)).isEqualTo(new LinkRates.Rate(8000, 2000));
    }

    @Test
    void looksThatAreTooCloseChangeNothing() {
        rates.update(0, link(0, 0));
        rates.update(SECOND, link(1000, 0));

        var now = rates.update(SECOND + 1, link(1_000_000, 0));

        assertThat(now.get(2)).isEqualTo(new LinkRates.Rate(8000, 0));
    }

    @Test
    void whatLiesTooFarApartOrRanBackwardsIsUnknown() {
        rates.update(0, link(1000, 1000));

        assertThat(rates.update(11 * SECOND, link(2000, 2000))).isEmpty();
        assertThat(rates.update(12 * SECOND, link(10, 10))).isEmpty();
        assertThat(rates.update(13 * SECOND, link(20, 10)).get(2))
                .isEqualTo(new LinkRates.Rate(80, 0));
    }
}
