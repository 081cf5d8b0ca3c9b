package io.peermesh.sim;

import io.peermesh.port.Entropy;
import java.util.SplittableRandom;

/** Randomness that a seed repeats. */
final class SeededEntropy implements Entropy {
    private final SplittableRandom random;

    SeededEntropy(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public void fill(byte[] target) {
        random.nextBytes(target);
    }
}
