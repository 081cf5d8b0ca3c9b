package io.peermesh.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.port.Entropy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IndexTableTest {
    private final Rig rig = new Rig(Long.getLong("seed", 4L));
    private final SessionMachine owner =
            Host.wireGuard(rig, 1).peer(Host.wireGuard(rig, 2), SessionPolicy.GATEWAY);

    @Test
    void carriesTheControllerIdInTheUpperBits() {
        for (int id = 0; id <= 15; id++) {
            int index = new IndexTable(id, 10, rig.entropy).allocate(owner).orElseThrow();

            assertThat(IndexTable.controllerOf(index)).isEqualTo(id);
        }
    }

    @Test
    void givesOutNoIndexTwice() {
        var table = new IndexTable(10, 20_000, rig.entropy);
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            given.add(table.allocate(owner).orElseThrow());
        }

        assertThat(given).hasSize(20_000);
        assertThat(table.size()).isEqualTo(20_000);
    }

    @Test
    void triesAgainWhenChanceRepeatsItself() {
        int[] call = {0};
        Entropy repeating =
                target -> {
                    target[0] = (byte) (call[0]++ / 2);
                };
        var table = new IndexTable(1, 10, repeating);

        int first = table.allocate(owner).orElseThrow();
        table.allocate(owner);
        int third = table.allocate(owner).orElseThrow();

        assertThat(third).isNotEqualTo(first);
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void refusesWhenFullAndServesAgainAfterARelease() {
        var table = new IndexTable(1, 2, rig.entropy);
        int first = table.allocate(owner).orElseThrow();
        table.allocate(owner);

        assertThat(table.allocate(owner)).isEmpty();
        table.release(first);
        table.release(first);

        assertThat(table.owner(first)).isEmpty();
        int again = table.allocate(owner).orElseThrow();
        assertThat(table.owner(again)).containsSame(owner);
    }

    @Test
    void refusesNonsenseAtConstruction() {
        assertThatThrownBy(() -> new IndexTable(16, 1, rig.entropy))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new IndexTable(1, 0, rig.entropy))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
