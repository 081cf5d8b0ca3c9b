package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import io.peermesh.testing.Bytes;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Carries out {@link Fault}s on a mesh, drawn from the world's seed, and ends them all again. */
final class Chaos {
    private static final double LONG_PAUSE = 0.2;
    private static final double BIG_CLOCK_STEP = 0.1;
    private static final int RECORDED = 256;

    private final SimMesh mesh;
    private final World world;
    private final SplittableRandom random;
    private final List<SimNet.Sent> recorded = new ArrayList<>();

    /** Chaos that has not begun. */
    Chaos(SimMesh mesh) {
        this.mesh = mesh;
        this.world = mesh.world();
        this.random = world.random();
        mesh.net().tap(this::record);
    }

    /** Keeps some of what goes over the wire. */
    private void record(SimNet.Sent sent) {
        if (recorded.size() < RECORDED) {
            recorded.add(sent);
        } else if (random.nextInt(16) == 0) {
            recorded.set(random.nextInt(RECORDED), sent);
        }
    }

    /** Draws a fault and carries it out. */
    void strike() {
        Fault fault = Fault.draw(random);
        world.tell("fault", fault.toString());
        strike(fault);
    }

    private void strike(Fault fault) {
        SimController one = anyController();
        SimController other = anyController();
        SimClient client = anyClient();
        switch (fault) {
            case CUT -> cut(one, other);
            case CUT_ONE_WAY -> mesh.net().cutOneWay(one.host(), other.host());
            case SPLIT -> split();
            case ISOLATE -> mesh.controllers().forEach(each -> cut(one, each));
            case CUT_CLIENT -> mesh.net().cut(client.local().address(), one.host());
            case HEAL -> mesh.net().heal(one.host(), other.host());
            case HEAL_ALL -> mesh.net().healAll();
            case BAD_NETWORK -> mesh.net().conditions(badConditions());
            case BAD_LINK ->
                    mesh.net().conditionsBetween(one.host(), other.host(), badConditions());
            case JITTER -> mesh.net().conditions(SimNet.Conditions.JITTERY);
            case GOOD_NETWORK -> calm();
            case CRASH -> ifRunning(one, SimController::crash);
            case CRASH_WITHOUT_DISK -> ifRunning(one, SimController::crashWithoutDisk);
            case QUICK_RESTART -> ifRunning(one, this::quickRestart);
            case STOP -> ifRunning(one, this::stop);
            case START ->
                    mesh.controllers().stream()
                            .filter(each -> !each.isRunning())
                            .findAny()
                            .ifPresent(SimController::start);
            case PAUSE -> ifRunning(one, this::pause);
            case CLOCK_STEP -> one.stepClock(clockStepNanos());
            case CLIENT_CLOCK_STEP -> client.stepClock(clockStepNanos());
            case SLOW_DISK -> one.slowDisk(random.nextBoolean() ? 0 : random.nextLong(2 * SECOND));
            case JUNK -> repeat(random.nextInt(50), this::sendJunk);
            case REPLAY -> repeat(random.nextInt(50), this::replay);
            case FORGED_ICMP -> repeat(random.nextInt(500), this::forgeIcmp);
            case DISABLE_OR_ENABLE -> one.setDisabled(anyPack(), random.nextBoolean());
            case UNPEER_OR_PEER -> unpeerOrPeer(one, other);
            case ADVERTISE_TWICE -> advertiseTwice(one, other);
            case PROBE_PROFILE -> changeProbes(one);
            case DRAIN_OR_UNDRAIN -> drainOrUndrain(one);
            case CLIENT_MOVES -> client.move(elsewhere());
            case CLIENT_SWITCHES -> client.use(one.clientsEndpoint());
            case DISCONNECT -> one.disconnect(client.stack().address());
        }
    }

    /** The underlay works everywhere, as far as it is not cut. */
    void calm() {
        mesh.net().conditions(SimNet.Conditions.PERFECT);
        mesh.net().forgetSpecialConditions();
    }

    /**
     * Ends all faults: every controller runs, as it was configured in the beginning, and every cut
     * is healed. Clocks stay wrong, packs stay disabled, and clients where they are.
     */
    void end() {
        world.tell("fault", "all faults end");
        calm();
        mesh.net().healAll();
        mesh.net().untap();
        for (SimController each : mesh.controllers()) {
            each.slowDisk(0);
            each.configure(
                    new Configured(each.original()).probes(each.desired().probes()).desired());
            if (!each.isRunning()) {
                each.start();
            }
        }
    }

    // ---- whom it strikes

    private SimController anyController() {
        return mesh.controller(1 + random.nextInt(mesh.controllers().size()));
    }

    private SimClient anyClient() {
        return mesh.client(1 + random.nextInt(mesh.clients().size()));
    }

    private Desired.Client anyPack() {
        List<Desired.Client> packs = mesh.controller(1).original().clients();
        return packs.get(random.nextInt(packs.size()));
    }

    private static void ifRunning(SimController controller, Consumer<SimController> action) {
        if (controller.isRunning()) {
            action.accept(controller);
        }
    }

    private static void repeat(int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }

    // ---- how

    private void cut(SimController one, SimController other) {
        mesh.net().cut(one.host(), other.host());
    }

    private void split() {
        int left = random.nextInt(1 << mesh.controllers().size());
        for (SimController one : mesh.controllers()) {
            for (SimController other : mesh.controllers()) {
                if (isOn(left, one) != isOn(left, other)) {
                    cut(one, other);
                }
            }
        }
    }

    private static boolean isOn(int side, SimController controller) {
        return (side & (1 << (controller.id() - 1))) != 0;
    }

    private SimNet.Conditions badConditions() {
        long least = random.nextLong(30 * MILLISECOND);
        return new SimNet.Conditions(
                random.nextDouble(0.4),
                random.nextDouble(0.2),
                least,
                least + random.nextLong(1, 60 * MILLISECOND),
                random.nextDouble());
    }

    private void quickRestart(SimController controller) {
        controller.crash();
        world.after(
                random.nextLong(1, 400 * MILLISECOND),
                () -> {
                    if (!controller.isRunning()) {
                        controller.start();
                    }
                });
    }

    private void stop(SimController controller) {
        if (!controller.isPaused()) {
            controller.stop();
        }
    }

    private void pause(SimController controller) {
        long most = world.chance(LONG_PAUSE) ? 20 * SECOND : SECOND;
        controller.pause(random.nextLong(10 * MILLISECOND, most));
    }

    private long clockStepNanos() {
        long most = world.chance(BIG_CLOCK_STEP) ? 600 * SECOND : 10 * SECOND;
        return random.nextLong(-most, most);
    }

    private void unpeerOrPeer(SimController one, SimController other) {
        Desired desired = one.desired();
        var peers = new HashMap<>(desired.peers());
        if (peers.remove(other.id()) == null && one != other) {
            peers.putAll(one.original().peers());
        }
        one.configure(new Configured(desired).peers(peers).desired());
    }

    private void advertiseTwice(SimController one, SimController other) {
        Desired desired = one.desired();
        var subnets = new ArrayList<>(desired.advertised());
        Prefix subnet = SimMesh.subnet(other.id());
        if (!subnets.remove(subnet)) {
            subnets.add(subnet);
        }
        one.configure(new Configured(desired).advertised(subnets).desired());
    }

    private void changeProbes(SimController controller) {
        ProbeProfile[] all = ProbeProfile.values();
        ProbeProfile drawn = all[random.nextInt(all.length)];
        controller.configure(new Configured(controller.desired()).probes(drawn).desired());
    }

    private void drainOrUndrain(SimController controller) {
        Desired.Load load = controller.desired().load();
        var other = new Desired.Load(!load.draining(), load.weight(), load.movesPerMinute());
        controller.configure(new Configured(controller.desired()).load(other).desired());
    }

    private Endpoint elsewhere() {
        int last = random.nextInt(256);
        boolean v4 = mesh.controller(1).host().isV4();
        IpAddress host = IpAddress.literal(v4 ? "203.0.113." + last : "2001:db8:e::" + last);
        return new Endpoint(host, anyPort());
    }

    private int anyPort() {
        return 1 + random.nextInt(65_535);
    }

    // ---- strangers

    private void sendJunk() {
        byte[] junk = Bytes.random(random.nextInt(200), random);
        if (junk.length > 4 && random.nextBoolean()) {
            Arrays.fill(junk, 1, 4, (byte) 0);
            junk[0] = (byte) random.nextInt(6);
        }
        mesh.net().transmit("stranger", elsewhere(), anySocket(), junk);
    }

    private Endpoint anySocket() {
        SimController to = anyController();
        int peer = 1 + random.nextInt(LinkPorts.MAX_CONTROLLERS);
        return peer == to.id() || random.nextBoolean()
                ? to.clientsEndpoint()
                : new Endpoint(to.host(), LinkPorts.local(to.id(), peer));
    }

    private void forgeIcmp() {
        Endpoint socket = anySocket();
        world.after(random.nextLong(3 * SECOND), () -> mesh.net().forgeUnreachable(socket));
    }

    private void flipOneBit(byte[] datagram) {
        if (datagram.length > 0) {
            datagram[random.nextInt(datagram.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void replay() {
        if (recorded.isEmpty()) {
            return;
        }
        SimNet.Sent sent = recorded.get(random.nextInt(recorded.size()));
        byte[] datagram = sent.datagram().clone();
        switch (random.nextInt(4)) {
            case 0 -> datagram = Arrays.copyOf(datagram, random.nextInt(datagram.length + 1));
            case 1 -> flipOneBit(datagram);
            default -> {}
        }
        Endpoint from = random.nextBoolean() ? sent.from() : elsewhere();
        Endpoint to = random.nextInt(3) > 0 ? sent.to() : anySocket();
        mesh.net().replay(from, to, datagram);
    }
}
