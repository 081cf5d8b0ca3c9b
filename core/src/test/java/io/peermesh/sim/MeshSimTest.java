package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A mesh whose network works: handshakes, forwarding, renewal of keys, moves of clients. */
class MeshSimTest {
    private static final int LARGEST_PAYLOAD = 1420 - 28;

    @Test
    void twoControllersCarryPacketsBetweenTheirClients() {
        Seeds.each(5, seed -> everyPairReaches(seed, Plan.of(2, 2)));
    }

    @Test
    void threeControllersCarryPacketsBetweenTheirClients() {
        Seeds.each(5, seed -> everyPairReaches(seed, Plan.of(3, 4)));
    }

    @Test
    void tenControllersCarryPacketsBetweenTheirClients() {
        Seeds.each(2, seed -> everyPairReaches(seed, Plan.of(10, 12)));
    }

    @Test
    void theUnderlayMayBeIpv6() {
        Seeds.each(3, seed -> everyPairReaches(seed, Plan.of(3, 3).overV6()));
    }

    @Test
    void controllersWithoutTunCarryPacketsToo() {
        Seeds.each(3, seed -> everyPairReaches(seed, Plan.of(3, 3).withoutTun()));
    }

    private static void everyPairReaches(long seed, Plan plan) {
        try (var mesh = new SimMesh(seed, plan)) {
            start(mesh);

            for (SimClient from : mesh.clients()) {
                for (SimClient to : mesh.clients()) {
                    if (from != to) {
                        from.stack().ping(to.stack().address(), 64);
                        from.stack().send(to.stack().address(), LARGEST_PAYLOAD);
                        from.stack().send(to.stack().address(), TestPacket.MIN_PAYLOAD);
                    }
                }
            }

            mesh.assertAllArrivedOrLostInNet();
            int pairs = plan.clients() * (plan.clients() - 1);
            assertThat(mesh.ledger().delivered()).isEqualTo(4L * pairs);
        }
    }

    private static void start(SimMesh mesh) {
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND); // owners and routes are known everywhere
    }

    @Test
    void theRealCiphersCarryPacketsToo() {
        Seeds.each(
                2,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2), JdkAeadProvider::new)) {
                        start(mesh);

                        mesh.awaitPing(
                                mesh.client(1).stack(), SimMesh.clientAddress(2), 2 * SECOND);
                        mesh.client(1).stack().send(SimMesh.clientAddress(2), LARGEST_PAYLOAD);

                        mesh.assertAllArrivedOrLostInNet();
                    }
                });
    }

    @Test
    void aBadNetworkDelaysTheMeshButDoesNotStopIt() {
        Seeds.each(
                6,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(4, 6))) {
                        mesh.net().conditions(SimNet.Conditions.BAD);
                        mesh.startControllers();
                        mesh.addClients();
                        mesh.world().run(30 * SECOND);
                        for (int round = 0; round < 50; round++) {
                            chatter(mesh);
                            mesh.world().run(100 * MILLISECOND);
                        }
                        for (SimClient to : mesh.clients().subList(1, 6)) {
                            mesh.awaitPing(
                                    mesh.client(1).stack(), to.stack().address(), 20 * SECOND);
                        }

                        mesh.assertAllAccountedFor();
                    }
                });
    }

    /** Every client sends something to a random other. */
    private static void chatter(SimMesh mesh) {
        var random = mesh.world().random();
        for (SimClient from : mesh.clients()) {
            SimClient to = mesh.client(1 + random.nextInt(mesh.clients().size()));
            if (from != to) {
                int payload = random.nextInt(TestPacket.MIN_PAYLOAD, LARGEST_PAYLOAD + 1);
                from.stack().send(to.stack().address(), payload);
            }
        }
    }

    @Test
    void aClientThatTheOperatorDisconnectsComesBackByItself() {
        Seeds.each(
                2,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);
                        SimController owner = mesh.controller(1);
                        int before = mesh.client(1).sessions();

                        owner.disconnect(SimMesh.clientAddress(1));
                        mesh.world().run(SECOND);
                        assertThat(owner.reports())
                                .anyMatch(report ->
                                        report instanceof Report.ClientDown down
                                                && down.cause().contains("operator"));
                        mesh.awaitPing(
                                mesh.client(1).stack(), SimMesh.clientAddress(2), 60 * SECOND);

                        assertThat(mesh.client(1).sessions()).isGreaterThan(before);
                    }
                });
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        Seeds.each(1, seed -> assertThat(trace(seed)).isEqualTo(trace(seed)));
    }

    private static String trace(long seed) {
        try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
            mesh.net().conditions(SimNet.Conditions.BAD);
            mesh.startControllers();
            mesh.addClients();
            mesh.world().run(20 * SECOND);
            return mesh.net().carried() + "\n" + mesh.world().diagram();
        }
    }

    @Test
    void localStacksReachEachOtherAndTheClients() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);
                        SimStack one = mesh.controller(1).stack();

                        long toPeer = one.ping(SimMesh.controllerAddress(2), 500);
                        long toOwnClient = one.ping(SimMesh.clientAddress(1), 500);
                        long toFarClient = one.ping(SimMesh.clientAddress(2), 500);
                        long fromClient =
                                mesh.client(3).stack().ping(SimMesh.controllerAddress(1), 500);
                        mesh.world().run(SECOND);

                        assertThat(List.of(toPeer, toOwnClient, toFarClient, fromClient))
                                .allMatch(mesh.ledger()::hasArrived);
                    }
                });
    }

    @Test
    void aControllerWithoutTunAnswersPings() {
        try (var mesh = new SimMesh(1, Plan.of(2, 1).withoutTun())) {
            start(mesh);
            SimStack client = mesh.client(1).stack();

            long near = client.ping(SimMesh.controllerAddress(1), 100);
            long far = client.ping(SimMesh.controllerAddress(2), 100);
            mesh.world().run(SECOND);

            assertThat(List.of(near, far)).allMatch(mesh.ledger()::hasArrived);
        }
    }

    @Test
    void superPacketsArriveAsTheirSegments() {
        Seeds.each(
                6,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);
                        SimController from = mesh.controller(1);
                        IpAddress farStack = SimMesh.controllerAddress(2);
                        IpAddress farClient = SimMesh.clientAddress(2);
                        IpAddress nearClient = SimMesh.clientAddress(1);

                        for (IpAddress to : List.of(farStack, farClient, nearClient)) {
                            sendStream(mesh, from, to);
                        }

                        mesh.assertAllArrivedOrLostInNet();
                        assertThat(mesh.ledger().delivered()).isEqualTo(3 * 120);
                    }
                });
    }

    /** 120 TCP segments: in super-packets where the device takes them, else one by one. */
    private static void sendStream(SimMesh mesh, SimController from, IpAddress to) {
        int payload = 1380;
        int perPacket = from.tun().offloads() ? 40 : 1;
        int sequence = mesh.world().random().nextInt();
        int source = from.overlayAddress().v4Bits();
        for (int sent = 0; sent < 120; sent += perPacket) {
            long[] ids = new long[perPacket];
            for (int i = 0; i < perPacket; i++) {
                ids[i] = mesh.ledger().inject("controller " + from.id(), to);
            }
            byte[] packet = TestPacket.tcp(source, to.v4Bits(), sequence, ids, payload);
            sequence += perPacket * payload;
            boolean taken =
                    from.tun().offloads()
                            ? from.tun().sendSuper(TestPacket.unfinish(packet), payload)
                            : from.tun().sendPlain(TestPacket.finish(packet));
            assertThat(taken).isTrue();
        }
    }

    @Test
    void advertisedSubnetsAreReachedFromEverywhere() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);
                        var behindThree = IpAddress.literal("172.16.3.77");

                        mesh.awaitPing(mesh.client(1).stack(), behindThree, 2 * SECOND);
                        mesh.awaitPing(mesh.client(3).stack(), behindThree, 2 * SECOND);
                        mesh.awaitPing(mesh.controller(2).stack(), behindThree, 2 * SECOND);
                    }
                });
    }

    @Test
    void aSubnetThatIsNoLongerAdvertisedIsUnreachable() {
        try (var mesh = new SimMesh(3, Plan.of(3, 1))) {
            start(mesh);
            SimStack client = mesh.client(1).stack();
            mesh.awaitPing(client, IpAddress.literal("172.16.3.77"), 2 * SECOND);

            SimController three = mesh.controller(3);
            three.configure(new Configured(three.desired()).advertised(List.of()).desired());
            mesh.world().run(2 * SECOND);
            long ping = client.ping(IpAddress.literal("172.16.3.77"), 64);
            mesh.world().run(2 * SECOND);

            assertThat(mesh.ledger().hasArrived(ping)).isFalse();
        }
    }

    @Test
    void keysAreRenewedUnderWayWithoutLosingAPacket() {
        Seeds.each(
                2,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        start(mesh);
                        mesh.net().conditions(SimNet.Conditions.JITTERY);
                        int before = mesh.client(1).sessions();
                        for (int i = 0; i < 400 * 20; i++) {
                            chatter(mesh);
                            mesh.world().run(50 * MILLISECOND);
                        }

                        assertThat(mesh.client(1).sessions() - before).isBetween(3, 4);
                        mesh.assertAllArrivedOrLostInNet();
                        assertThat(mesh.allLinksUp()).isTrue();
                    }
                });
    }

    @Test
    void linksThatBothSidesStartAtOnceComeUpAndStayUp() {
        Seeds.each(
                10,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 0))) {
                        mesh.startControllers();
                        mesh.awaitLinks(5 * SECOND);
                        for (int i = 0; i < 300; i++) {
                            mesh.world().run(SECOND);
                            assertThat(mesh.allLinksUp()).as("after %d s", i).isTrue();
                        }
                    }
                });
    }

    @Test
    void aPeerThatIsConfiguredLateIsFound() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 3))) {
                        SimController late = mesh.controller(3);
                        var whole = late.desired();
                        late.configure(new Configured(whole).peers(Map.of()).desired());
                        mesh.startControllers();
                        mesh.addClients();
                        mesh.world().run(20 * SECOND);
                        assertThat(mesh.controller(1).isUp(3)).isFalse();

                        late.configure(whole);

                        mesh.awaitLinks(10 * SECOND);
                        mesh.awaitPing(
                                mesh.client(1).stack(), SimMesh.clientAddress(3), 5 * SECOND);
                    }
                });
    }

    @Test
    void aClientMayChangeItsAddressWithoutLosingAPacket() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);
                        for (int i = 1; i <= 5; i++) {
                            mesh.client(1)
                                    .move(new Endpoint(IpAddress.literal("203.0.113." + i), 1000));
                            mesh.client(1).stack().send(SimMesh.clientAddress(2), 100);
                            mesh.world().run(100 * MILLISECOND);
                            mesh.client(2).stack().send(SimMesh.clientAddress(1), 100);
                            mesh.world().run(100 * MILLISECOND);
                        }

                        mesh.assertAllArrivedOrLostInNet();
                        assertThat(mesh.ledger().delivered()).isEqualTo(10);
                        assertThat(mesh.client(1).sessions()).isEqualTo(1);
                    }
                });
    }

    @Test
    void aClientMayUseAnotherController() {
        Seeds.each(
                4,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(3, 2))) {
                        start(mesh);
                        var pings = new ArrayList<Long>();
                        for (int to : List.of(3, 2, 1)) {
                            mesh.client(1).use(mesh.controller(to).clientsEndpoint());
                            mesh.awaitPing(
                                    mesh.client(1).stack(), SimMesh.clientAddress(2), 60 * SECOND);
                            mesh.world().run(SECOND);
                            pings.add(mesh.client(2).stack().ping(SimMesh.clientAddress(1), 64));
                            mesh.world().run(SECOND);
                        }

                        assertThat(pings).allMatch(mesh.ledger()::hasArrived);
                    }
                });
    }
}
