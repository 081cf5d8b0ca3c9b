package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A controller that ends comes back with its links and clients. */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class RestartIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    // A stock client notices after 15 s that it hears nothing, then tries every 5 s.
    private static final Duration CLIENT_NOTICES = Duration.ofSeconds(40);
    private static final int ENDED_BY_SIGTERM = 143;

    private Rig rig;
    private Deployment mesh;
    private WireguardClient alice;
    private WireguardClient bob;

    @BeforeAll
    void start() {
        rig = Rig.open();
        mesh = Deployment.calm(rig, Deployment.Options.usual(2));
        alice = mesh.attach("alice", 0, 1);
        bob = mesh.attach("bob", 1, 2);
        assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    @Test
    void anOrderlyStopLeavesNoDeviceAndComesBack() {
        ControllerProcess controller = mesh.controller(1);

        int exitCode = controller.stop();
        String devices = controller.machine().must("ip", "-o", "link");
        controller.startAgain();

        assertThat(exitCode).isIn(0, ENDED_BY_SIGTERM);
        assertThat(devices).doesNotContain("pm0");
        comesBack(controller);
    }

    @Test
    void aKilledControllerComesBack() {
        ControllerProcess controller = mesh.controller(2);

        controller.kill();
        controller.startAgain();

        comesBack(controller);
    }

    private void comesBack(ControllerProcess controller) {
        controller.awaitApi();
        mesh.awaitLinks();
        assertThat(Traffic.reachesWithin(CLIENT_NOTICES, alice.machine(), bob.address())).isTrue();
        assertThat(Traffic.reachesWithin(CLIENT_NOTICES, bob.machine(), alice.address())).isTrue();
    }
}
