package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Deployment;
import io.peermesh.demo.Output;
import io.peermesh.demo.Rig;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A link that is smaller than the clients' MTU. */
@ExtendWith(NeedsNamespaces.class)
class PathMtuIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final int OUTER = 1300;
    private static final int INNER = OUTER - 60;

    @Test
    void aSenderLearnsTheMtuOfASmallerLink() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, Deployment.Options.usual(2))) {
            narrow(mesh, 1, 2);
            narrow(mesh, 2, 1);
            mesh.awaitLinks();
            var alice = mesh.attach("alice", 0, 1);
            var bob = mesh.attach("bob", 1, 2);
            assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();

            Output tooBig =
                    alice.machine()
                            .run(
                                    USUAL,
                                    "ping",
                                    "-n",
                                    "-c",
                                    "2",
                                    "-W",
                                    "1",
                                    "-M",
                                    "do",
                                    "-s",
                                    "1350",
                                    bob.address());
            int lost =
                    Traffic.lost(
                            alice.machine(), bob.address(), 2, "-M", "do", "-s", "" + (INNER - 28));

            assertThat(tooBig.text()).contains("mtu").contains("" + INNER);
            assertThat(lost).isZero();
            assertThat(Traffic.tcp(alice.machine(), bob.machine(), bob.address()))
                    .isGreaterThan(10);
        }
    }

    private static void narrow(Deployment mesh, int id, int peer) {
        var api = mesh.controller(id).api();
        var body = Map.of("name", mesh.controller(peer).machine().ipv4(), "overlay_mtu", OUTER);
        assertThat(api.put("/api/peering/peers/" + peer, body).ok()).isTrue();
    }
}
