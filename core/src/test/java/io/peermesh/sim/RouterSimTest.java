package io.peermesh.sim;

import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.sim.SimStack.IcmpReceived;
import io.peermesh.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The mesh behaves like routers do: traceroute, path MTU, unreachable destinations. */
class RouterSimTest {
    private static final IpAddress FAR = SimMesh.clientAddress(2);

    private static void inMesh(Plan plan, Consumer<SimMesh> body) {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, plan)) {
                        mesh.startControllers();
                        mesh.addClients();
                        mesh.awaitLinks(20 * SECOND);
                        mesh.awaitClients(20 * SECOND);
                        mesh.world().run(5 * SECOND);
                        body.accept(mesh);
                    }
                });
    }

    @Test
    void eachControllerOnTheWayAppearsInATraceroute() {
        inMesh(Plan.of(2, 2), RouterSimTest::traceroute);
        inMesh(Plan.of(2, 2).withoutTun(), RouterSimTest::traceroute);
    }

    private static void traceroute(SimMesh mesh) {
        SimStack client = mesh.client(1).stack();
        for (int ttl = 1; ttl <= 2; ttl++) {
            client.send(FAR, 100, ttl);
            mesh.world().run(SECOND);
        }
        long arrives = client.send(FAR, 100, 3);
        mesh.world().run(SECOND);

        assertThat(client.icmpErrors())
                .containsExactly(
                        new IcmpReceived(SimMesh.controllerAddress(1), 11, 0, 0),
                        new IcmpReceived(SimMesh.controllerAddress(2), 11, 0, 0));
        assertThat(mesh.ledger().hasArrived(arrives)).isTrue();
    }

    @Test
    void aPacketThatIsTooBigForALinkIsAnsweredWithTheMtuThatFits() {
        inMesh(
                Plan.of(2, 2).withLinkMtu(1300),
                mesh -> {
                    SimStack client = mesh.client(1).stack();

                    long fits = client.send(FAR, 1300 - 28);
                    long tooBig = client.send(FAR, 1301 - 28);
                    mesh.world().run(SECOND);

                    assertThat(mesh.ledger().hasArrived(fits)).isTrue();
                    assertThat(mesh.ledger().hasArrived(tooBig)).isFalse();
                    assertThat(client.icmpErrors())
                            .containsExactly(
                                    new IcmpReceived(SimMesh.controllerAddress(1), 3, 4, 1300));
                });
    }

    @Test
    void addressesOfNobodyAreAnsweredAsUnreachable() {
        inMesh(
                Plan.of(2, 2),
                mesh -> {
                    SimStack client = mesh.client(1).stack();

                    client.send(IpAddress.literal("10.199.77.77"), 100);
                    client.send(IpAddress.literal("172.31.0.1"), 100);
                    mesh.world().run(SECOND);

                    assertThat(client.icmpErrors())
                            .hasSize(2)
                            .allMatch(e -> e.from().equals(SimMesh.controllerAddress(1)))
                            .allMatch(e -> e.type() == 3 && e.code() <= 1);
                });
    }

    @Test
    void aControllerWithoutTunTellsThatNobodyListens() {
        inMesh(
                Plan.of(2, 2).withoutTun(),
                mesh -> {
                    SimStack client = mesh.client(1).stack();

                    client.send(SimMesh.controllerAddress(2), 100);
                    mesh.world().run(SECOND);

                    assertThat(client.icmpErrors())
                            .containsExactly(
                                    new IcmpReceived(SimMesh.controllerAddress(2), 3, 3, 0));
                });
    }

    @Test
    void stockClientsSeeNoneOfOurHeaderFlags() {
        inMesh(
                Plan.of(2, 2),
                mesh -> {
                    List<byte[]> toClients = new ArrayList<>();
                    mesh.net()
                            .tap(sent -> {
                                if (sent.from().port() == 51820) {
                                    toClients.add(sent.datagram());
                                }
                            });
                    SimController from = mesh.controller(1);
                    if (from.tun().offloads()) {
                        for (IpAddress to : List.of(SimMesh.clientAddress(1), FAR)) {
                            long id = mesh.ledger().inject("controller 1", to);
                            int source = from.overlayAddress().v4Bits();
                            byte[] packet = TestPacket.udp(source, to.v4Bits(), id, 100);
                            from.tun().sendUnfinished(TestPacket.unfinish(packet));
                        }
                    }
                    from.stack().send(FAR, 100);

                    mesh.assertAllArrivedOrLostInNet();
                    assertThat(toClients)
                            .isNotEmpty()
                            .allMatch(d -> ByteBuffer.wrap(d, 0, 4).getInt() << 8 == 0);
                });
    }
}
