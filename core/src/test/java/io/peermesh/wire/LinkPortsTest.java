package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class LinkPortsTest {
    @Test
    void everyOrderedPairUsesAPortFrom1195To1203OnceAndMeetsTheOtherSide() {
        int pairs = 0;
        for (int self = 1; self <= LinkPorts.MAX_CONTROLLERS; self++) {
            var used = new HashSet<Integer>();
            for (int peer = 1; peer <= LinkPorts.MAX_CONTROLLERS; peer++) {
                if (self == peer) {
                    continue;
                }
                int local = LinkPorts.local(self, peer);
                assertThat(local).isBetween(LinkPorts.FIRST_PORT, LinkPorts.LAST_PORT);
                assertThat(used.add(local)).as("port %d of %d is free", local, self).isTrue();
                assertThat(LinkPorts.remote(peer, self)).isEqualTo(local);
                pairs++;
            }
        }
        assertThat(pairs).isEqualTo(90);
    }
}
