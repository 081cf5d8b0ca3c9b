package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Outage;
import io.peermesh.demo.PingWatch;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Traffic of stock WireGuard clients goes on when a link, a controller or its machine fails, and
 * while a controller is emptied or all are restarted. Each outage is printed; what is asserted is
 * what a busy machine keeps, too. {@code bench/failover} measures.
 */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverIT {
    /** Far from the fraction of a second that is usual, far below what WireGuard does by itself. */
    private static final Duration BACK = Duration.ofSeconds(10);

    private static final int STEADY = 50;
    private static final int PINGS = 1000;
    private static final int LOST_AT_MOST = 20;

    private Rig rig;
    private Deployment mesh;
    private WireguardClient alice;
    private WireguardClient bob;

    @BeforeAll
    void start() {
        rig = Rig.open();
        mesh = Deployment.started(rig, Deployment.Options.usual(4));
        alice = mesh.attach("alice", 0, 1);
        bob = mesh.attach("bob", 1, 2);
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    @Test
    @Order(1) // the clients are where they were attached: at two controllers
    void aSilentCutIsRoutedAround() {
        Machine one = mesh.ownerOf(alice).machine();
        Machine other = mesh.ownerOf(bob).machine();
        assertThat(one).isNotSameAs(other);

        comesBack("silent cut of a link", () -> rig.cut(one, other));

        rig.heal(one, other);
    }

    @Test
    void aKilledControllersClientsAreTakenOver() {
        ControllerProcess victim = mesh.ownerOf(alice);

        comesBack("killed controller", victim::kill);

        assertThat(mesh.ownerOf(alice, victim)).isNotSameAs(victim);
        startAgain(victim);
    }

    @Test
    void aVanishedMachinesClientsAreTakenOver() {
        ControllerProcess victim = mesh.ownerOf(alice);

        comesBack("vanished machine", victim.machine()::unplug);

        assertThat(mesh.ownerOf(alice, victim)).isNotSameAs(victim);
        victim.machine().replug();
        mesh.awaitLinks();
    }

    @Test
    void aDrainLosesNothing() {
        ControllerProcess owner = mesh.ownerOf(bob);
        try (var watch = PingWatch.start(alice.machine(), bob.address())) {
            watch.awaitMore(STEADY, BACK);

            Deployment.setDraining(owner, true);

            assertThat(watch.awaitMore(PINGS - STEADY, Duration.ofMinutes(2))).isTrue();
            Outage outage = watch.stop();
            System.out.println("drain: " + outage.text());
            assertThat(outage.lost()).as(outage.text()).isLessThan(LOST_AT_MOST);
        }
        assertThat(mesh.ownerOf(bob)).isNotSameAs(owner);
        Deployment.setDraining(owner, false);
    }

    @Test
    void aRollingRestartInterruptsNobodyForLong() {
        for (ControllerProcess each : mesh.controllers()) {
            comesBack(
                    "restart of " + each,
                    () -> {
                        each.stop();
                        startAgain(each);
                    });
        }
    }

    private void startAgain(ControllerProcess controller) {
        controller.startAgain();
        controller.awaitApi();
        mesh.awaitLinks();
    }

    private void comesBack(String what, Runnable fault) {
        try (var watch = PingWatch.start(alice.machine(), bob.address())) {
            watch.awaitMore(STEADY, BACK);

            fault.run();

            assertThat(watch.awaitMore(2 * STEADY, BACK)).as(what).isTrue();
            Outage outage = watch.stop();
            System.out.println(what + ": " + outage.text());
            assertThat(outage.millis()).as(outage.text()).isLessThan((double) BACK.toMillis());
        }
    }
}
