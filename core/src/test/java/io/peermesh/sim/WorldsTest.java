package io.peermesh.sim;

import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.testing.Seeds;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * Random lives of whole meshes, all invariants on. {@code -Dworlds=NUMBER} lives more of them,
 * {@code -Dseeds.from=NUMBER} others, {@code -Dseed=NUMBER} one again.
 */
class WorldsTest {
    private static final Worlds.Kind SMALL =
            new Worlds.Kind(2, 5, 1, 6, 24, 12, CheapAead::provider);
    private static final Worlds.Kind REAL_CIPHER =
            new Worlds.Kind(3, 4, 3, 6, 24, 12, JdkAeadProvider::new);
    private static final Worlds.Kind LARGE =
            new Worlds.Kind(10, 10, 1000, 1000, 15, 15, CheapAead::provider);

    private static void live(String what, int count, Worlds.Kind kind) {
        var took = new ConcurrentLinkedQueue<Long>();
        long begin = System.nanoTime();
        Seeds.eachInParallel(
                Integer.getInteger("worlds", count), seed -> took.add(Worlds.live(seed, kind)));
        long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%d %s worlds in %d s; agreed after p50 %.1f s, p99 %.1f s, at most %.1f s%n",
                sorted.length,
                what,
                (System.nanoTime() - begin) / 1_000_000_000L,
                sorted[sorted.length / 2] / 1e9,
                sorted[sorted.length * 99 / 100] / 1e9,
                sorted[sorted.length - 1] / 1e9);
    }

    @Test
    void aThousandSmallWorldsComeToPeace() {
        live("small", 1000, SMALL);
    }

    @Test
    void worldsWithTheRealCipherComeToPeace() {
        live("real-cipher", 20, REAL_CIPHER);
    }

    @Test
    void largeWorldsComeToPeace() {
        live("large", 2, LARGE);
    }
}
