package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What shows only after two minutes. Runs beside the other tests: it mostly waits. */
@ExtendWith(NeedsNamespaces.class)
@Execution(ExecutionMode.CONCURRENT)
class LongSessionIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    // WireGuard's REKEY_AFTER_TIME is 120 s; keys die after 180 s.
    private static final int SECONDS = 200;

    @Test
    void keysAreReplacedUnderTrafficWithoutLoss() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, Deployment.Options.usual(2))) {
            var alice = mesh.attach("alice", 0, 1);
            var bob = mesh.attach("bob", 1, 2);
            assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
            long first = alice.lastHandshake();

            int lost = Traffic.lost(alice.machine(), bob.address(), SECONDS * 5, "-q", "-i", "0.2");

            assertThat(lost).isZero();
            assertThat(alice.lastHandshake() - first).isBetween(100L, 200L);
        }
    }
}
