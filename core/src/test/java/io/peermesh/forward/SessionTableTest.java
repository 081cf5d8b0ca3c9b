package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final Tunnel TUNNEL =
            new Tunnel(Tunnel.Kind.CLIENT, 1, IpAddress.literal("10.0.0.1"), 0, 1420);

    @Test
    void agreesWithAMapOverRandomAdditionsAndRemovals() {
        long seed = Long.getLong("seed", 20_260_301L);
        var random = new Random(seed);
        var table = new SessionTable();
        Map<Integer, Keypair> twin = new HashMap<>();

        for (int i = 0; i < 50_000; i++) {
            int index = random.nextInt(3000); // few, so that they meet
            if (random.nextInt(5) < (i < 25_000 ? 3 : 2)) {
                Keypair keypair = keypair(index);
                table.put(TUNNEL, keypair);
                twin.put(index, keypair);
            } else if (twin.containsKey(index)) {
                table.remove(twin.remove(index));
            }
            int slot = table.find(random.nextInt(3000));
            assertThat(table.size()).as("seed %d, round %d", seed, i).isEqualTo(twin.size());
            assertThat(slot < 0 || twin.containsValue(table.keypair(slot))).isTrue();
        }
        for (int index = 0; index < 3000; index++) {
            int slot = table.find(index);
            assertThat(slot < 0 ? null : table.keypair(slot))
                    .as("seed %d, index %d", seed, index)
                    .isSameAs(twin.get(index));
        }
    }

    @Test
    void removingAnOldKeypairLeavesTheNewOneUnderItsIndex() {
        var table = new SessionTable();
        Keypair old = keypair(7);
        Keypair now = keypair(7);
        table.put(TUNNEL, old);
        table.put(TUNNEL, now);

        table.remove(old);

        assertThat(table.keypair(table.find(7))).isSameAs(now);
    }

    @Test
    void findsTensOfThousands() {
        var table = new SessionTable();
        var keypairs = new ArrayList<Keypair>();
        for (int i = 0; i < 40_000; i++) {
            keypairs.add(keypair(i << 12));
            table.put(TUNNEL, keypairs.getLast());
        }

        for (int i = 0; i < 40_000; i++) {
            assertThat(table.keypair(table.find(i << 12))).isSameAs(keypairs.get(i));
        }
    }

    private static Keypair keypair(int index) {
        return new Keypair(index, 0, true, 0, new TestAead(1), new TestAead(2));
    }
}
