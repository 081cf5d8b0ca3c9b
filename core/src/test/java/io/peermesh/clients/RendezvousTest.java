package io.peermesh.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    @Test
    void clientsSpreadInProportionToTheWeights() {
        var counts = new HashMap<Integer, Integer>();
        for (int i = 0; i < 30_000; i++) {
            counts.merge(home(i, Map.of(1, 10, 2, 10, 3, 40)), 1, Integer::sum);
        }

        assertThat(counts.get(1)).isBetween(4_700, 5_300);
        assertThat(counts.get(2)).isBetween(4_700, 5_300);
        assertThat(counts.get(3)).isBetween(19_500, 20_500);
    }

    @Test
    void aControllerThatLeavesMovesOnlyItsOwnClients() {
        for (int i = 0; i < 5_000; i++) {
            int before = home(i, Map.of(1, 10, 2, 10, 3, 10));
            int after = home(i, Map.of(1, 10, 3, 10));
            assertThat(after).isEqualTo(before == 2 ? second(i) : before);
        }
    }

    private static int second(int client) {
        return Rendezvous.rank(IpAddress.v4(0x0a000000 + client), Map.of(1, 10, 2, 10, 3, 10))
                .get(1);
    }

    @Test
    void whereThereIsNobodyThereIsNoHome() {
        assertThat(Rendezvous.home(IpAddress.v4(1), Map.of())).isEmpty();
        assertThat(Rendezvous.rank(IpAddress.v4(1), Map.of(7, 1))).isEqualTo(List.of(7));
    }

    private static int home(int client, Map<Integer, Integer> weights) {
        return Rendezvous.home(IpAddress.v4(0x0a000000 + client), weights).orElseThrow();
    }
}
