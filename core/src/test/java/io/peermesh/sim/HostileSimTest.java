package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.forward.DropReason;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.sim.SimMesh.Plan;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Junk, replays and floods: nothing breaks, memory stays bounded, honest peers get through. */
class HostileSimTest {
    private static void start(SimMesh mesh) {
        mesh.startControllers();
        mesh.addClients();
        mesh.awaitLinks(20 * SECOND);
        mesh.awaitClients(20 * SECOND);
        mesh.world().run(5 * SECOND);
    }

    @Test
    void junkChangesNothing() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        start(mesh);

                        for (int i = 0; i < 2000; i++) {
                            sendJunk(mesh);
                            mesh.world().run(MILLISECOND);
                        }

                        mesh.world().expect(mesh.allLinksUp(), "the link stays up");
                        mesh.client(1).stack().send(SimMesh.clientAddress(2), 500);
                        mesh.client(2).stack().send(SimMesh.clientAddress(1), 500);
                        mesh.assertAllArrivedOrLostInNet();
                        assertThat(
                                        mesh.controller(1)
                                                .counters()
                                                .drops(DropReason.MALFORMED_DATAGRAM))
                                .isPositive();
                    }
                });
    }

    private static void sendJunk(SimMesh mesh) {
        SplittableRandom random = mesh.world().random();
        byte[] junk = Bytes.random(random.nextInt(10) == 0 ? 0 : random.nextInt(200), random);
        if (junk.length > 4 && random.nextBoolean()) {
            Arrays.fill(junk, 1, 4, (byte) 0);
            junk[0] = (byte) random.nextInt(6);
        }
        mesh.net().transmit("stranger", stranger(random), anyPort(mesh, random), junk);
    }

    private static Endpoint stranger(SplittableRandom random) {
        return new Endpoint(
                IpAddress.v4(0xcb007100 | random.nextInt(256)), 1 + random.nextInt(65535));
    }

    private static Endpoint anyPort(SimMesh mesh, SplittableRandom random) {
        int id = 1 + random.nextInt(2);
        int port = random.nextBoolean() ? 51820 : LinkPorts.local(id, 3 - id);
        return new Endpoint(mesh.host(id), port);
    }

    /** Whatever was ever sent comes again, from elsewhere, cut, or with a bit flipped. */
    @Test
    void recordedDatagramsThatComeAgainChangeNothing() {
        Seeds.each(
                5,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        List<SimNet.Sent> recorded = new ArrayList<>();
                        mesh.net().tap(recorded::add);
                        start(mesh);
                        for (int i = 0; i < 50; i++) {
                            mesh.client(1).stack().send(SimMesh.clientAddress(2), 300);
                            mesh.world().run(20 * MILLISECOND);
                        }
                        mesh.net().untap();

                        for (int i = 0; i < 2000; i++) {
                            replay(mesh, recorded);
                            mesh.world().run(MILLISECOND);
                        }

                        mesh.world().expect(mesh.allLinksUp(), "the link stays up");
                        mesh.awaitPing(
                                mesh.client(1).stack(), SimMesh.clientAddress(2), 10 * SECOND);
                        mesh.awaitPing(
                                mesh.client(2).stack(), SimMesh.clientAddress(1), 10 * SECOND);
                    }
                });
    }

    private static void replay(SimMesh mesh, List<SimNet.Sent> recorded) {
        SplittableRandom random = mesh.world().random();
        SimNet.Sent sent = recorded.get(random.nextInt(recorded.size()));
        byte[] datagram = sent.datagram().clone();
        switch (random.nextInt(4)) {
            case 0 -> datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> datagram = Arrays.copyOf(datagram, random.nextInt(datagram.length));
            default -> {}
        }
        Endpoint from = random.nextBoolean() ? sent.from() : stranger(random);
        mesh.net().replay(from, sent.to(), datagram);
    }

    /**
     * Initiations with a right mac1 cost a key agreement each, unless the controller notices that
     * it is under load. A stranger who knows the gateway's public key can make any number.
     */
    @Test
    void honestClientsConnectWhileHandshakesFlood() {
        Seeds.each(
                3,
                seed -> {
                    try (var mesh = new SimMesh(seed, Plan.of(2, 2))) {
                        List<byte[]> initiations = new ArrayList<>();
                        mesh.net()
                                .tap(sent -> {
                                    if (sent.datagram()[0] == 1 && sent.to().port() == 51820) {
                                        initiations.add(sent.datagram());
                                    }
                                });
                        mesh.startControllers();
                        mesh.addClient(1);
                        mesh.awaitClients(10 * SECOND);
                        mesh.net().untap();
                        flood(mesh, initiations.getFirst(), 5 * SECOND);

                        mesh.addClient(1);

                        mesh.awaitClients(60 * SECOND);
                        mesh.awaitPing(
                                mesh.client(2).stack(), SimMesh.clientAddress(1), 10 * SECOND);
                        mesh.world().expect(mesh.allLinksUp(), "the link stays up");
                    }
                });
    }

    /** 2,000 copies a second from as many sources. */
    private static void flood(SimMesh mesh, byte[] initiation, long durationNanos) {
        World world = mesh.world();
        long end = world.elapsedNanos() + durationNanos;
        world.after(0, () -> floodOnce(mesh, initiation, end));
    }

    private static void floodOnce(SimMesh mesh, byte[] initiation, long end) {
        World world = mesh.world();
        Endpoint to = mesh.controller(1).clientsEndpoint();
        for (int i = 0; i < 20; i++) {
            mesh.net().transmit("flood", stranger(world.random()), to, initiation);
        }
        if (world.elapsedNanos() < end) {
            world.after(10 * MILLISECOND, () -> floodOnce(mesh, initiation, end));
        }
    }

    @Test
    void aClientMayNotSendFromTheAddressOfAnother() {
        try (var mesh = new SimMesh(5, Plan.of(2, 3))) {
            start(mesh);
            long before = mesh.controller(1).counters().drops(DropReason.SPOOFED_SOURCE);

            mesh.client(1).sendForged(SimMesh.clientAddress(3), SimMesh.clientAddress(2));
            mesh.client(1).sendForged(SimMesh.controllerAddress(1), SimMesh.clientAddress(2));
            mesh.client(1).sendForged(IpAddress.literal("8.8.8.8"), SimMesh.clientAddress(2));
            mesh.world().run(SECOND);

            long after = mesh.controller(1).counters().drops(DropReason.SPOOFED_SOURCE);
            assertThat(after - before).isEqualTo(3);
            assertThat(mesh.ledger().delivered()).isZero();
        }
    }
}
