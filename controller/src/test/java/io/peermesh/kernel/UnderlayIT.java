package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two controllers over each kind of underlay, and without any TUN device. */
@ExtendWith(NeedsNamespaces.class)
class UnderlayIT {
    private static final Duration USUAL = Duration.ofSeconds(10);

    @Test
    void peersByIpv6Address() {
        carries(new Deployment.Options(2, Deployment.Underlay.IPV6, "pm0", List.of()));
    }

    @Test
    void peersByName() {
        carries(new Deployment.Options(2, Deployment.Underlay.NAMES, "pm0", List.of()));
    }

    @Test
    void forwardsWithoutATunDevice() {
        carries(new Deployment.Options(2, Deployment.Underlay.IPV4, "none", List.of()));
    }

    private static void carries(Deployment.Options options) {
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, options)) {
            var alice = mesh.attach("alice", 0, 1);
            var bob = mesh.attach("bob", 1, 2);

            assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
            assertThat(Traffic.tcp(alice.machine(), bob.machine(), bob.address()))
                    .isGreaterThan(10);
            assertThat(Traffic.udp(bob.machine(), alice.machine(), alice.address()))
                    .isGreaterThan(10);
        }
    }
}
