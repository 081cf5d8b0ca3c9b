package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusAdminTest {
    @TempDir Path directory;
    private TestController controller;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void showsNothingWhileNoMeshRuns() {
        assertThat(controller.admin.status().mesh().running()).isFalse();
        assertThat(refused(controller.admin.status().licensedMesh())).isEqualTo(Problem.UNLICENSED);
        controller.license();
        assertThat(done(controller.admin.status().licensedMesh()).clients()).isEmpty();
    }

    @Test
    void showsClientsSubnetsAndControllers() {
        controller.ready();
        done(controller.admin.clientpacks().putTag(ACTOR, "10.199.0.1", "role", "web"));
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(Statuses.link(2, NodeStatus.LinkState.UP, "")),
                                List.of(Statuses.client("10.199.0.1", 2, "198.51.100.23:4711")),
                                List.of(
                                        Statuses.route("10.1.0.0/24", 2),
                                        Statuses.route("10.2.0.0/24", 1)),
                                List.of(Statuses.controller(2, controller.checksum(), ""))));

        MeshView view = controller.admin.status().mesh();

        assertThat(view.running()).isTrue();
        assertThat(view.links()).hasSize(1);
        assertThat(view.clients())
                .containsExactly(
                        new MeshView.Client(
                                IpAddress.literal("10.199.0.1"),
                                2,
                                "198.51.100.23",
                                Map.of("role", "web")));
        assertThat(view.subnets())
                .containsExactly(
                        new MeshView.Subnet(Prefix.literal("10.1.0.0/24"), 2, false, true),
                        new MeshView.Subnet(Prefix.literal("10.2.0.0/24"), 1, true, true));
        assertThat(view.controllers().getFirst().sameTopology()).isTrue();
        assertThat(view.consistency()).isEqualTo("equal");
    }

    @Test
    void callsADifferenceCatchingUpForFiveSeconds() {
        controller.ready();
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(Statuses.controller(2, "0".repeat(40), ""))));

        assertThat(controller.admin.status().mesh().consistency()).isEqualTo("catching up");
        controller.now = controller.now.plusSeconds(5);
        assertThat(controller.admin.status().mesh().consistency()).isEqualTo("differs");
    }

    @Test
    void doesNotJudgeControllersThatItHasNotHeard() {
        controller.ready();
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(Statuses.controller(2, "", ""))));

        assertThat(controller.admin.status().mesh().consistency()).isEqualTo("unknown");
    }

    @Test
    void recordsWhatTheMeshReports() {
        controller.ready();
        done(controller.admin.peering().putPeer(ACTOR, 2, "10.1.0.11", OptionalInt.empty()));
        IpAddress client = IpAddress.literal("10.199.0.1");
        Endpoint endpoint = Endpoint.parse("198.51.100.23:4711").orElseThrow();
        controller.admin.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));
        controller.admin.onReport(
                new Report.LinkDown(
                        2,
                        Report.LinkCause.SILENCE,
                        "3 probes unanswered",
                        new Report.LinkEvidence(150_000_000, 0, 0, 0, 12, 0)));
        controller.admin.onReport(new Report.PeerRefused(2, "another keyset"));
        controller.admin.onReport(new Report.ClientUp(client, endpoint));
        controller.admin.onReport(new Report.ClientDown(client, "silent"));

        assertThat(controller.admin.events().recent(5, Long.MAX_VALUE))
                .extracting(event -> event.kind().label() + ": " + event.text())
                .containsExactly(
                        "clientpack_down: Client 10.199.0.1 is gone: silent.",
                        "clientpack_up: Client 10.199.0.1 connected from 198.51.100.23:4711.",
                        "peer_refused: The handshake with controller 2 (10.1.0.11) was refused:"
                                + " another keyset",
                        "peer_down: The link to controller 2 (10.1.0.11) is down: 3 probes"
                                + " unanswered, last heard 150.0 ms ago.",
                        "peer_up: The link to controller 2 (10.1.0.11) is up, round trip 1.5 ms.");
    }

    @Test
    void pagesThroughTheEvents() {
        for (int i = 0; i < 10; i++) {
            controller.admin.events().record(EventKind.PEER_UP, "controller 2", "" + i);
        }

        List<EventView> newest = controller.admin.events().recent(3, Long.MAX_VALUE);
        List<EventView> next = controller.admin.events().recent(3, newest.getLast().id());

        assertThat(newest).extracting(EventView::text).containsExactly("9", "8", "7");
        assertThat(next).extracting(EventView::text).containsExactly("6", "5", "4");
    }

    @Test
    void leavesEventsOutThatComeTooFast() {
        controller.holdBack = true;
        for (int i = 0; i < EventLog.MAX_WAITING + 10; i++) {
            controller.admin.events().record(EventKind.PEER_UP, "controller 2", "" + i);
        }

        assertThat(controller.admin.events().lost()).isEqualTo(10);
        controller.release();
        assertThat(controller.admin.events().recent(1, Long.MAX_VALUE).getFirst().text())
                .isEqualTo("" + (EventLog.MAX_WAITING - 1));
    }

    @Test
    void strangersCannotFlushTheLog() {
        byte[] rubbish = {1, 2, 3};
        for (int i = 0; i < 500; i++) {
            controller.admin.fetchServer().answer("198.51.100.1", rubbish);
            controller.admin.fetchServer().answer("2001:db8::" + i, rubbish);
        }
        assertThat(controller.events()).filteredOn("keyset_refused"::equals).hasSize(60);

        controller.now = controller.now.plusSeconds(60);
        controller.admin.fetchServer().answer("198.51.100.1", rubbish);

        assertThat(controller.events()).filteredOn("keyset_refused"::equals).hasSize(61);
    }

    @Test
    void namesAreChangedAllOrNothing() {
        ConfigAdmin config = controller.admin.config();
        assertThat(config.view().controllerName()).isEqualTo("controller");
        assertThat(config.view().topologyName()).isEmpty();
        assertThat(config.view().topologyChecksum()).isEmpty();

        done(config.change(ACTOR, names("lab", "fra-1", "0.pool.example.net, 192.0.2.1")));
        assertThat(config.view().topologyName()).isEqualTo("lab");
        assertThat(config.view().controllerName()).isEqualTo("fra-1");
        assertThat(config.view().ntpHosts()).isEqualTo("0.pool.example.net 192.0.2.1");

        assertThat(refused(config.change(ACTOR, names("other", "other", "bad host!"))).message())
                .startsWith("ntp_hosts is invalid");
        assertThat(refused(config.change(ACTOR, names("a\"b", "x", ""))).message())
                .startsWith("topology_name is invalid");
        assertThat(refused(config.change(ACTOR, names("x", "a\nb", ""))).message())
                .startsWith("controller_name is invalid");
        done(
                config.change(
                        ACTOR,
                        new ConfigChange(Optional.of(" "), Optional.empty(), Optional.empty())));
        assertThat(config.view().controllerName()).isEqualTo("fra-1");
        assertThat(config.view().topologyName()).isEqualTo("lab");
    }

    @Test
    void writesDownWhoChangedWhat() {
        done(controller.admin.config().change(ACTOR, names("lab", "fra-1", "")));

        AuditLog.Entry entry = controller.admin.audit().recent(10).getFirst();

        assertThat(entry)
                .isEqualTo(
                        new AuditLog.Entry(
                                TestController.START,
                                "api",
                                "198.51.100.7",
                                "change-config",
                                "fra-1 lab"));
    }

    @Test
    void anEmptyReportOfSharedStateChangesNothing() {
        controller.ready();
        int plans = controller.mesh.plans.size();

        controller.admin.onReport(new Report.SharedChanged(List.of()));
        controller.admin.onReport(new Report.SharedChanged(controller.mesh.plan().shared()));

        assertThat(controller.mesh.plans).hasSize(plans);
    }

    private static ConfigChange names(String topology, String controller, String ntp) {
        return new ConfigChange(Optional.of(topology), Optional.of(controller), Optional.of(ntp));
    }
}
