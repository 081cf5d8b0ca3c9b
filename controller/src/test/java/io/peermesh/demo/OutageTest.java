package io.peermesh.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OutageTest {
    private static final String LOG =
            """
            PING 100.64.0.2 (100.64.0.2) 56(84) bytes of data.
            [1767225600.000000] 64 bytes from 100.64.0.2: icmp_seq=1 ttl=62 time=0.51 ms
            [1767225600.010000] 64 bytes from 100.64.0.2: icmp_seq=2 ttl=62 time=0.51 ms
            [1767225600.010100] 64 bytes from 100.64.0.2: icmp_seq=2 ttl=62 time=0.61 ms (DUP!)
            [1767225600.050000] From 100.64.0.9 icmp_seq=3 Destination Host Unreachable
            [1767225600.160000] 64 bytes from 100.64.0.2: icmp_seq=17 ttl=62 time=0.51 ms
            [1767225600.170000] 64 bytes from 100.64.0.2: icmp_seq=18 ttl=62 time=0.51 ms
            """;

    @Test
    void measuresFromTheLastAnswerBeforeToTheFirstAfter() {
        Outage outage = Outage.of(LOG);

        assertThat(outage.millis()).isEqualTo(149.9, within(0.001));
        assertThat(outage.sent()).isEqualTo(18);
        assertThat(outage.lost()).isEqualTo(14);
        assertThat(outage.text()).isEqualTo("longest gap 150 ms, 14 of 18 pings lost");
    }

    @Test
    void sayNothingOfAnEmptyLog() {
        assertThat(Outage.of("")).isEqualTo(new Outage(0, 0, 0));
    }
}
