package io.peermesh.sim;

import io.peermesh.agent.AgentBench;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.Secret;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.Forwarder;
import io.peermesh.forward.ForwarderSettings;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;

/**
 * A client with our agent: the real agent and the real forwarder, glued by direct calls where the
 * product has threads and queues. The clientpack is that of client 1 of the mesh.
 */
final class SimAgent implements AutoCloseable {
    private static final int TUN_BATCH = 16;

    private final SimMesh mesh;
    private final World world;
    private final SimMemory memory = new SimMemory();
    private final World.Alarm turn;
    private final Deque<DataEvent> events = new ArrayDeque<>();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final SimStack stack;
    private final SimTun tun;
    private final Forwarder forwarder;
    private final AgentBench agent;
    private boolean stopped;

    SimAgent(SimMesh mesh, IpAddress host, int homeId) {
        this.mesh = mesh;
        this.world = mesh.world();
        turn = world.new Alarm(this::turn);
        stack =
                new SimStack(
                        world,
                        mesh.ledger(),
                        "agent",
                        CheckedCiphers.NO_CONTROLLER,
                        SimMesh.clientAddress(1),
                        java.util.List.of(),
                        this::sendPacket);
        tun = new SimTun(false, false, stack::onPacket, () -> turn.at(world.nowNanos()));
        forwarder =
                new Forwarder(
                        Optional.of(AgentBench.filter(tun, answers::add)),
                        events::add,
                        ForwarderSettings.defaults(),
                        memory.arena());
        var local = new Endpoint(host, 51820);
        forwarder.setSocket(0, mesh.net().open("agent", local, () -> turn.at(world.nowNanos())));
        agent =
                new AgentBench(
                        pack(homeId),
                        mesh.provider(CheckedCiphers.NO_CONTROLLER),
                        new SeededEntropy(world.random().split()),
                        world.epochNanos(),
                        world.nowNanos());
        turn.at(world.nowNanos());
        tick();
    }

    private void sendPacket(byte[] packet) {
        tun.sendPlain(packet);
    }

    private String pack(int homeId) {
        int bits = SimMesh.clientAddress(1).v4Bits();
        var text = new StringBuilder();
        for (SimController each : mesh.controllers()) {
            text.append(
                    "# Peermesh-Controller = %d %s %s%n"
                            .formatted(each.id(), each.overlayAddress(), each.clientsEndpoint()));
        }
        text.append("# Peermesh-Virtual = 10.199.0.254\n[Interface]\n");
        text.append("PrivateKey = ").append(base64(mesh.keys().clientKey(bits, 1)));
        text.append("\nAddress = ").append(SimMesh.clientAddress(1)).append("/32\n[Peer]\n");
        text.append("PublicKey = ");
        text.append(Identity.of(mesh.keys().gatewayKey()).publicKey());
        text.append("\nPresharedKey = ").append(base64(mesh.keys().clientPresharedKey(bits, 1)));
        text.append("\nAllowedIPs = ").append(SimMesh.OVERLAY).append("\nEndpoint = ");
        text.append(mesh.controller(homeId).clientsEndpoint()).append('\n');
        return text.toString();
    }

    private static String base64(Secret secret) {
        return Base64.getEncoder().encodeToString(secret.reveal());
    }

    AgentBench agent() {
        return agent;
    }

    SimStack stack() {
        return stack;
    }

    private void tick() {
        if (!stopped) {
            agent.onWallClock(world.epochNanos(), world.nowNanos());
            world.after(World.SECOND, this::tick);
            turn.at(world.nowNanos());
        }
    }

    /** The process is not run for a time; what arrives waits, or is lost when there is too much. */
    void pause(long nanos) {
        stopped = true;
        world.after(
                nanos,
                () -> {
                    stopped = false;
                    tick();
                });
    }

    private void turn() {
        if (stopped) {
            return;
        }
        long now = world.nowNanos();
        boolean worked = forwarder.receive(0, now);
        worked |= forwarder.readTun(TUN_BATCH, now);
        forwarder.flush(now);
        control(now);
        if (worked || !events.isEmpty()) {
            turn.at(now);
        }
        turn.at(agent.nextDeadlineNanos());
    }

    private void control(long now) {
        for (Integer each = answers.poll(); each != null; each = answers.poll()) {
            agent.onProbeAnswer(each, now);
        }
        for (DataEvent each = events.poll(); each != null; each = events.poll()) {
            agent.onEvent(each, now);
            agent.drainCommands(command -> forwarder.execute(command, now));
        }
        if (agent.nextDeadlineNanos() <= now) {
            agent.onTimer(now);
        }
        agent.drainCommands(command -> forwarder.execute(command, now));
        forwarder.flush(now);
    }

    @Override
    public void close() {
        memory.close();
    }
}
