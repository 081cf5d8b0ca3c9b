package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.Rendezvous;
import io.peermesh.forward.DropReason;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that not everybody reaches, whose clocks are wrong, or in whose name others speak. */
class ClientTroubleSimTest {
    private static final Endpoint STRANGER = Endpoint.parse("203.0.113.9:999").orElseThrow();

    private static void start(SimMesh mesh) {
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND);
    }

    @Test
    void aClientThatTheFirstRankedCannotReachIsTakenOverByTheSecond() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);
                        SimClient client = mesh.client(1);
                        IpAddress to = client.stack().address();
                        List<Integer> ranks = Rendezvous.rank(to, Map.of(2, 10, 3, 10));
                        mesh.net().cut(client.local().address(), mesh.host(ranks.getFirst()));

                        mesh.controller(1).crash();
                        mesh.world().run(500 * MILLISECOND);

                        assertThat(owner(mesh.controller(2), to)).isEqualTo(ranks.getLast());
                        assertThat(owner(mesh.controller(3), to)).isEqualTo(ranks.getLast());
                        mesh.awaitPing(mesh.client(2).stack(), to, 200 * MILLISECOND);
                    }
                });
    }

    private static int owner(SimController at, IpAddress client) {
        return at.status().clients().stream()
                .filter(each -> each.overlayAddress().equals(client))
                .findFirst()
                .orElseThrow()
                .owner();
    }

    /** Its own handshakes are refused as replays; but somebody wants to reach it, so we call it. */
    @Test
    void aClientThatRestartsWithItsClockAnHourBackIsReportedAndCalled() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);

                        SimClient again = mesh.restart(mesh.client(1), -3600 * SECOND);
                        mesh.awaitPing(
                                mesh.client(2).stack(), again.stack().address(), 40 * SECOND);

                        assertThat(mesh.controller(1).reports())
                                .anyMatch(Report.ClientClockBack.class::isInstance);
                        mesh.awaitPing(again.stack(), SimMesh.controllerAddress(3), SECOND);
                        mesh.assertAllAccountedFor();
                    }
                });
    }

    /** A recorded initiation is answered where it is brought to, or not; it moves nobody. */
    @Test
    void initiationsThatAreBroughtToOtherControllersMoveNobody() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 6))) {
                        var recorded = new ArrayList<SimNet.Sent>();
                        mesh.net()
                                .tap(sent -> {
                                    if (sent.datagram()[0] == 1 && sent.to().port() == 51820) {
                                        recorded.add(sent);
                                    }
                                });
                        start(mesh);
                        mesh.net().untap();

                        for (int i = 0; i < 300; i++) {
                            SimNet.Sent sent =
                                    recorded.get(mesh.world().random().nextInt(recorded.size()));
                            int id = 1 + i % 3;
                            Endpoint to = mesh.controller(id).clientsEndpoint();
                            boolean spoofed = mesh.world().random().nextBoolean();
                            mesh.net()
                                    .replay(spoofed ? sent.from() : STRANGER, to, sent.datagram());
                            mesh.world().run(100 * MILLISECOND);
                        }

                        for (SimController each : mesh.controllers()) {
                            assertThat(each.reports())
                                    .noneMatch(Report.ClientMoved.class::isInstance)
                                    .noneMatch(Report.ClientDown.class::isInstance);
                        }
                        for (int k = 2; k <= 6; k++) {
                            mesh.awaitPing(
                                    mesh.client(1).stack(), SimMesh.clientAddress(k), SECOND);
                        }
                    }
                });
    }

    /** Each costs one datagram to a peer, at a limited rate, and the links stay up. */
    @Test
    void forgedIndicesMoveNobodyAndAreLimited() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);
                        Endpoint to = mesh.controller(1).clientsEndpoint();
                        long before = mesh.net().carried();
                        int forged = 0;

                        for (int ms = 0; ms < 1_000; ms++) {
                            for (int i = 0; i < 8; i++) {
                                mesh.net().transmit("stranger", STRANGER, to, forged(mesh));
                                forged++;
                            }
                            mesh.world().run(MILLISECOND);
                        }

                        long caused = mesh.net().carried() - before - forged;
                        assertThat(caused).as("and some probes").isLessThan(5_000 + 500 + 1_000);
                        assertThat(mesh.controller(1).counters().drops(DropReason.RELAY_LIMITED))
                                .isPositive();
                        mesh.world().expect(mesh.allLinksUp(), "links stay up");
                        for (SimController each : mesh.controllers()) {
                            assertThat(each.reports())
                                    .noneMatch(Report.ClientMoved.class::isInstance);
                        }
                    }
                });
    }

    /** In the shape of a client's datagram, with an index of controller 2 or 3. */
    private static byte[] forged(SimMesh mesh) {
        byte[] datagram = Bytes.random(100, mesh.world().random());
        datagram[0] = 4;
        datagram[1] = 0;
        datagram[2] = 0;
        datagram[3] = 0;
        datagram[7] = (byte) ((2 + mesh.world().random().nextInt(2)) << 4);
        return datagram;
    }
}
