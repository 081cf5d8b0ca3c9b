package io.peermesh.node;

import static io.peermesh.node.Pipe.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.session.Refusal;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Tai64n;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clients of several nodes together: where they are, where they go, what is known of them. */
class NodeClientsTest {
    @Test
    void aClientIsRoutedFromEverywhere() {
        Pipe pipe = Pipe.settled(3, 2);
        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("unreachable");

        pipe.addClient(1).connect(2);
        pipe.run(SECOND);

        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("client 1");
        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("link 2");
        assertThat(pipe.controller(3).via("10.0.1.1")).isEqualTo("link 2");
        assertThat(pipe.controller(1).node.status(pipe.now).clients())
                .singleElement()
                .satisfies(client -> {
                    assertThat(client.owner()).isEqualTo(2);
                    assertThat(client.endpoint()).isEqualTo(Endpoint.parse("198.51.100.1:40000"));
                });
        assertThat(pipe.controller(2).reports)
                .filteredOn(report -> report instanceof Report.ClientUp)
                .hasSize(1);
    }

    @Test
    void aClientThatMovesIsFencedAtItsFormerController() {
        Pipe pipe = Pipe.settled(3, 1);
        Pipe.Client client = pipe.addClient(1);
        client.connect(1);
        pipe.run(20 * SECOND);

        client.connect(3);
        pipe.run(SECOND);

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("link 3");
        assertThat(pipe.controller(3).via("10.0.1.1")).isEqualTo("client 1");
        assertThat(pipe.controller(1).reports)
                .contains(new Report.ClientDown(Pipe.client(1), "moved to controller 3"));

        client.connect(1);
        pipe.run(10 * SECOND);

        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("link 1");
        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("client 1");
    }

    @Test
    void aLateReleaseOfTheFormerControllerDoesNotTakeTheClientAway() {
        Pipe pipe = Pipe.settled(2, 1);
        Pipe.Client client = pipe.addClient(1);
        client.connect(1);
        pipe.run(SECOND);
        pipe.lost = (from, to) -> from == pipe.controller(1) || to == pipe.controller(1);
        pipe.run(2 * SECOND);
        client.connect(2); // the first one does not hear of it, and lets go after 3 minutes
        pipe.run(200 * SECOND);

        pipe.lost = (from, to) -> false;
        pipe.run(10 * SECOND);

        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("client 1");
        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("link 2");
        assertThat(pipe.controller(2).reports)
                .noneMatch(report -> report instanceof Report.ClientDown);
    }

    @Test
    void aClientThatFallsSilentIsLetGoAfterThreeMinutes() {
        Pipe pipe = Pipe.settled(2, 1);
        pipe.addClient(1).connect(1);
        pipe.run(SECOND);

        pipe.lost = (from, to) -> from instanceof Pipe.Client || to instanceof Pipe.Client;
        pipe.run(170 * SECOND);
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("link 1");
        pipe.run(20 * SECOND);

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("unreachable");
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("unreachable");
        assertThat(pipe.controller(2).node.status(pipe.now).clients()).isEmpty();
    }

    @Test
    void aClientStaysConnectedOverManyRenewals() {
        Pipe pipe = Pipe.settled(2, 1);
        pipe.addClient(1).connect(1);

        pipe.run(1_000 * SECOND);

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("client 1");
        assertThat(pipe.controller(1).reports)
                .noneMatch(report -> report instanceof Report.ClientDown);
    }

    @Test
    void aDisabledPackLosesItsSession() {
        Pipe pipe = Pipe.settled(2, 1);
        pipe.addClient(1).connect(1);
        pipe.run(SECOND);

        pipe.controller(1).configure(c -> c.clients(List.of()));
        pipe.controller(2).configure(c -> c.clients(List.of()));
        pipe.run(20 * SECOND);

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("none");
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("none");
        assertThat(pipe.controller(1).reports).anyMatch(r -> r instanceof Report.ClientDown);
    }

    @Test
    void aRestartedControllerCallsItsIdleClientsBack() {
        Pipe pipe = Pipe.settled(2, 1);
        pipe.controller(2).configure(c -> c.clients(List.of())); // does not know the pack yet
        Pipe.Client client = pipe.addClient(1);
        client.connect(1);
        pipe.run(SECOND);
        pipe.crash(1);
        pipe.run(5 * SECOND);
        assertThat(pipe.controller(2).via("10.0.1.1"))
                .as("nobody takes it over")
                .isEqualTo("unreachable");

        pipe.start(pipe.desired(1, 2, 1));
        pipe.run(2 * SECOND); // the others remember where the client was

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("client 1");
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("link 1");
    }

    @Test
    void aClientWhoseClockWasSetBackIsReportedAndConnectsAfterAReset() {
        Pipe pipe = Pipe.settled(2, 1);
        pipe.addClient(1).connect(1);
        pipe.run(SECOND);
        Pipe.Client rebooted = pipe.addClient(1); // in the place of the first
        rebooted.clockErrorNanos = -3_600 * SECOND;
        rebooted.connect(1);
        pipe.run(7 * SECOND);

        assertThat(pipe.controller(1).reports)
                .filteredOn(report -> report instanceof Report.ClientClockBack)
                .as("said once a minute")
                .singleElement()
                .satisfies(report ->
                        assertThat(((Report.ClientClockBack) report).secondsBehind())
                                .isBetween(3_590L, 3_601L));
        assertThat(rebooted.machine.session()).isEmpty();

        pipe.controller(2).node.resetTimestamp(Pipe.client(1), pipe.now); // at any controller
        pipe.run(7 * SECOND);

        assertThat(rebooted.machine.session()).isPresent();
    }

    @Test
    void anInitiationThatOneControllerAcceptedIsARefusedReplayAtAnother() {
        Pipe pipe = Pipe.settled(2, 1);
        Pipe.Client client = pipe.addClient(1);
        client.connect(1);
        pipe.run(SECOND);
        Pipe.Client replayed = pipe.addClient(1);
        replayed.clockErrorNanos = -SECOND; // the same timestamp as the first

        replayed.connect(2);
        pipe.run(SECOND);

        assertThat(pipe.controller(2).node.counters().clientHandshakesRefused())
                .containsKey(Refusal.REPLAYED);
        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("client 1");
    }

    @Test
    void aTakeOverBearsLaterTimestampsThanTheOneBeforeWhoseClockWasAhead() {
        Pipe pipe = Pipe.settled(3, 1);
        wallClock(pipe, 2, 50);
        wallClock(pipe, 3, 0);
        pipe.addClient(1).connect(1);
        pipe.run(SECOND);
        pipe.controller(3).configure(c -> c.load(new Desired.Load(true, 10, 60)));
        pipe.run(SECOND);
        pipe.crash(1);
        pipe.run(SECOND);
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("client 1");
        pipe.controller(3).configure(c -> c.load(Desired.Load.NORMAL));
        pipe.run(SECOND);

        pipe.crash(2);
        pipe.run(2 * SECOND);

        assertThat(pipe.controller(3).via("10.0.1.1")).isEqualTo("client 1");
    }

    private static void wallClock(Pipe pipe, int id, long aheadSeconds) {
        long epochNanos = (1_800_000_000L + aheadSeconds) * SECOND;
        pipe.controller(id).node.onWallClock(epochNanos, 0);
    }

    @Test
    void twoMachinesWithOnePackAreFoundAndTheOneThatIsConnectedStays() {
        Pipe pipe = Pipe.settled(2, 1);
        Pipe.Client one = pipe.addClient(1);
        Pipe.Client other = pipe.addTwin(1);
        for (int i = 0; i < 6; i++) {
            one.connect(1);
            pipe.run(15 * SECOND);
            other.connect(1);
            pipe.run(15 * SECOND);
        }

        assertThat(pipe.controller(1).reports)
                .filteredOn(report -> report instanceof Report.PackOnTwoMachines)
                .as("said once")
                .hasSize(1);
        assertThat(pipe.controller(1).node.counters().clientHandshakesRefused())
                .containsKey(Refusal.SECOND_MACHINE);
    }

    @Test
    void nobodyGetsThePacketsOfAControllerByClaimingItsAddress() {
        Pipe pipe = Pipe.settled(3, 0);
        var pack = new Desired.Client(1, Pipe.overlay(2), 1, 1420);
        pipe.controllers.values().forEach(each -> each.configure(c -> c.clients(List.of(pack))));
        var record =
                new Payload.Ownership(
                        Pipe.overlay(2),
                        3,
                        0,
                        true,
                        1_000,
                        0,
                        Tai64n.NONE,
                        Tai64n.NONE,
                        Optional.empty());

        new Forger(pipe, 1, 3).tell(new Payload.Ownerships(List.of(record)));
        pipe.run(SECOND);

        assertThat(pipe.controller(1).via("10.0.0.2")).isEqualTo("link 2");
        assertThat(pipe.controller(2).via("10.0.0.2")).isEqualTo("local");
    }

    @Test
    void ofTwoPacksWithOneAddressTheLastIsTheOneThatConnects() {
        Pipe pipe = Pipe.settled(2, 0);
        var former = new Desired.Client(1, Pipe.client(1), 7, 1420);
        var last = new Desired.Client(2, Pipe.client(1), 1, 1420);
        pipe.controllers
                .values()
                .forEach(each -> each.configure(c -> c.clients(List.of(former, last))));

        pipe.addClient(1).connect(1); // with the keys of generation 1
        pipe.run(SECOND);

        assertThat(pipe.controller(1).via("10.0.1.1")).isEqualTo("client 2");
        assertThat(pipe.controller(2).via("10.0.1.1")).isEqualTo("link 1");
    }
}
