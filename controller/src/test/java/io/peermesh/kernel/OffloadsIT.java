package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything still works with each probed feature switched off, one by one and all together. */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class OffloadsIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final double MEGABITS_AT_LEAST = 10;

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
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-gso",
                "no-gro",
                "no-vnet",
                "no-uso",
                "no-forced-buffers",
                "no-libcrypto",
                "no-dispatch",
                "no-aes",
                "no-gso,no-gro,no-vnet,no-uso,no-forced-buffers,no-libcrypto,no-aes"
            })
    void carriesTrafficWith(String disabled) {
        restartWith(disabled);
        Machine one = mesh.controller(1).machine();
        Machine two = mesh.controller(2).machine();

        assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
        assertThat(Traffic.tcp(alice.machine(), bob.machine(), bob.address()))
                .isGreaterThan(MEGABITS_AT_LEAST);
        assertThat(Traffic.udp(bob.machine(), alice.machine(), alice.address()))
                .isGreaterThan(MEGABITS_AT_LEAST);
        assertThat(Traffic.tcp(one, two, overlayAddress(2))).isGreaterThan(MEGABITS_AT_LEAST);
        assertThat(Traffic.udp(two, one, overlayAddress(1))).isGreaterThan(MEGABITS_AT_LEAST);
    }

    private void restartWith(String disabled) {
        mesh.controllers().forEach(ControllerProcess::stop);
        mesh.controllers().forEach(each -> each.startAgain(List.of("--disable", disabled)));
        mesh.controllers().forEach(ControllerProcess::awaitApi);
        mesh.awaitLinks();
        // A stock client would notice by itself after 15 s; this starts it anew at once.
        alice.configure(mesh.clientpack(0, 1));
        bob.configure(mesh.clientpack(1, 2));
        assertThat(Traffic.reachesWithin(USUAL, bob.machine(), overlayAddress(2))).isTrue();
    }

    private String overlayAddress(int id) {
        return mesh.controller(id)
                .api()
                .get("/api/config")
                .response()
                .path("overlay_ipaddress")
                .asString();
    }
}
