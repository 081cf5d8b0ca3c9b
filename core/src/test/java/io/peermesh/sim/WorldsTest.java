package io.peermesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.testing.Seeds;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * Random lives of whole meshes, all invariants on. {@code -Dworlds=NUMBER} lives so many small ones
 * and the others in proportion, {@code -Dseeds.from=NUMBER} others, {@code -Dseed=NUMBER} one
 * again.
 */
class WorldsTest {
    private static final int SMALL_WORLDS = 1000;
    private static final Worlds.Kind SMALL =
            new Worlds.Kind(3, 5, 1, 6, 16, 8, CheapAead::provider);
    private static final Worlds.Kind REAL_CIPHER =
            new Worlds.Kind(2, 4, 3, 6, 16, 8, JdkAeadProvider::new);
    private static final Worlds.Kind LARGE =
            new Worlds.Kind(10, 10, 1000, 1000, 6, 6, CheapAead::provider);

    /** As many of this kind as go with {@code -Dworlds} small ones; one at least. */
    private static int scaled(int count) {
        int small = Integer.getInteger("worlds", SMALL_WORLDS);
        return (int) Math.max(1, (long) count * small / SMALL_WORLDS);
    }

    private static void live(String what, int count, Worlds.Kind kind) {
        var lives = new ConcurrentLinkedQueue<Worlds.Life>();
        long begin = System.nanoTime();
        Seeds.eachInParallel(scaled(count), seed -> lives.add(Worlds.live(seed, kind)));
        long[] sorted = lives.stream().mapToLong(Worlds.Life::agreedNanos).sorted().toArray();
        System.out.printf(
                "%d %s worlds in %d s; agreed after p50 %.1f s, p99 %.1f s, at most %.1f s;"
                        + " at most %d datagrams in a second%n",
                sorted.length,
                what,
                (System.nanoTime() - begin) / 1_000_000_000L,
                sorted[sorted.length / 2] / 1e9,
                sorted[sorted.length * 99 / 100] / 1e9,
                sorted[sorted.length - 1] / 1e9,
                lives.stream().mapToLong(Worlds.Life::busiest).max().orElse(0));
    }

    @Test
    void theSameSeedGivesTheSameLife() {
        Seeds.each(
                5,
                seed -> assertThat(Worlds.live(seed, SMALL)).isEqualTo(Worlds.live(seed, SMALL)));
    }

    @Test
    void aThousandSmallWorldsComeToPeace() {
        live("small", SMALL_WORLDS, SMALL);
    }

    @Test
    void worldsWithTheRealCipherComeToPeace() {
        live("real-cipher", 20, REAL_CIPHER);
    }

    @Test
    void largeWorldsComeToPeace() {
        live("large", 20, LARGE);
    }
}
