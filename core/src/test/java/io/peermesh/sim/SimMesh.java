package io.peermesh.sim;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.liveness.ProbeProfile;
import io.peermesh.node.Desired;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A topology in a world: one keyset, controllers that all peer with each other, clients. Controller
 * i has the underlay address 192.0.2.i (or 2001:db8::i), the overlay address 10.199.0.(200+i) and
 * advertises 172.16.i.0/24; client k has 198.18.0.(1+k) and 10.199.0.k, beyond 200 the next
 * subnets.
 */
final class SimMesh implements AutoCloseable {
    static final Prefix OVERLAY = Prefix.literal("10.199.0.0/16");
    private static final int INNER_MTU = 1420;
    private static final int GENERATION = 1;
    private static final int CHATTERING = 50;
    private static final long KEEPALIVE_NANOS = 25 * World.SECOND;

    /** What a topology is made of. */
    record Plan(int controllers, int clients, boolean v6Underlay, boolean tun, int linkMtuBytes) {
        static Plan of(int controllers, int clients) {
            return new Plan(controllers, clients, false, true, INNER_MTU);
        }

        Plan overV6() {
            return new Plan(controllers, clients, true, tun, linkMtuBytes);
        }

        Plan withoutTun() {
            return new Plan(controllers, clients, v6Underlay, false, linkMtuBytes);
        }

        Plan withLinkMtu(int bytes) {
            return new Plan(controllers, clients, v6Underlay, tun, bytes);
        }
    }

    private final World world;
    private final Plan plan;
    private final Ledger ledger = new Ledger();
    private final CheckedCiphers ciphers = new CheckedCiphers(ledger);
    private final SimNet net;
    private final SimMemory memory = new SimMemory();
    private final Fences fences;
    private final Function<Boolean, AeadProvider> cipherChoice;
    private final Keyset keyset;
    private final TopologyKeys keys;
    private final List<SimController> controllers = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();

    /** A topology whose controllers do not run yet. */
    SimMesh(long seed, Plan plan) {
        this(seed, plan, CheapAead::provider);
    }

    /**
     * The same with other ciphers.
     *
     * @param cipherChoice makes the provider of a controller or client, given whether its CPU has
     *     AES
     */
    SimMesh(long seed, Plan plan, Function<Boolean, AeadProvider> cipherChoice) {
        this.world = new World(seed);
        this.plan = plan;
        this.net = new SimNet(world, ledger, ciphers);
        this.cipherChoice = cipherChoice;
        this.fences = new Fences(world, plan.clients);
        ciphers.tellSends(fences::onSent);
        byte[] secret = new byte[Keyset.SECRET_BYTES];
        world.random().nextBytes(secret);
        keyset = new Keyset(uuid(), GENERATION, 0, Secret.of(secret));
        keys = new TopologyKeys(keyset);
        for (int id = 1; id <= plan.controllers; id++) {
            controllers.add(newController(desired(id, uuid()), host(id)));
        }
    }

    private UUID uuid() {
        return new UUID(world.random().nextLong(), world.random().nextLong());
    }

    /** The ciphers of somebody who is neither a controller nor a client of this mesh's own. */
    AeadProvider provider(int controllerId) {
        return provider(CheckedCiphers.Holder.controller(controllerId));
    }

    private AeadProvider provider(CheckedCiphers.Holder holder) {
        return ciphers.watched(cipherChoice.apply(world.random().nextBoolean()), holder);
    }

    private SimController newController(Desired desired, IpAddress host) {
        return new SimController(
                world,
                net,
                ledger,
                memory.arena(),
                provider(CheckedCiphers.Holder.controller(desired.selfId())),
                fences,
                desired,
                host,
                plan.tun);
    }

    // ---- addresses

    IpAddress host(int id) {
        return IpAddress.literal(plan.v6Underlay ? "2001:db8::" + id : "192.0.2." + id);
    }

    private IpAddress clientHost(int k) {
        return IpAddress.literal(
                plan.v6Underlay
                        ? "2001:db8:c::" + k
                        : "198." + (18 + k / 62_500) + "." + k / 250 % 250 + "." + (1 + k % 250));
    }

    static IpAddress controllerAddress(int id) {
        return IpAddress.literal("10.199.0." + (200 + id));
    }

    static IpAddress clientAddress(int k) {
        return IpAddress.literal("10.199." + k / 200 + "." + (k < 200 ? k : 1 + k % 200));
    }

    static Prefix subnet(int id) {
        return Prefix.literal("172.16." + id + ".0/24");
    }

    // ---- configuration

    /** The configuration of a controller that is peered with all others. */
    Desired desired(int id, UUID installation) {
        Map<Integer, IpAddress> addresses = new HashMap<>();
        Map<Integer, Desired.Peer> peers = new HashMap<>();
        for (int other = 1; other <= plan.controllers; other++) {
            addresses.put(other, controllerAddress(other));
            if (other != id) {
                peers.put(other, peer(host(other)));
            }
        }
        List<Desired.Client> packs = new ArrayList<>();
        for (int k = 1; k <= plan.clients; k++) {
            packs.add(new Desired.Client(k, clientAddress(k), GENERATION, INNER_MTU));
        }
        return new Desired(
                installation,
                id,
                keyset,
                OVERLAY,
                addresses,
                Optional.empty(),
                peers,
                packs,
                List.of(subnet(id)),
                host(id) + ":51820",
                List.of(),
                "0".repeat(40),
                Desired.Load.NORMAL);
    }

    /** A peer at this address. */
    private Desired.Peer peer(IpAddress host) {
        return new Desired.Peer(host.toString(), Optional.of(host), plan.linkMtuBytes);
    }

    // ---- parts

    World world() {
        return world;
    }

    SimNet net() {
        return net;
    }

    Ledger ledger() {
        return ledger;
    }

    TopologyKeys keys() {
        return keys;
    }

    SimController controller(int id) {
        return controllers.get(id - 1);
    }

    List<SimController> controllers() {
        return controllers;
    }

    SimClient client(int k) {
        return clients.get(k - 1);
    }

    List<SimClient> clients() {
        return clients;
    }

    /** Probes all links like this, from the beginning. */
    void probe(ProbeProfile profile) {
        for (SimController each : controllers) {
            each.configure(new Configured(each.desired()).probes(profile).desired());
        }
    }

    void startControllers() {
        controllers.forEach(SimController::start);
    }

    /** Adds the next client, pointed at a controller. */
    SimClient addClient(int controllerId) {
        int k = clients.size() + 1;
        var local = new Endpoint(clientHost(k), 40_000 + k);
        SimClient client = newClient(k, local, controller(controllerId).clientsEndpoint());
        clients.add(client);
        return client;
    }

    private SimClient newClient(int k, Endpoint local, Endpoint gateway) {
        int bits = clientAddress(k).v4Bits();
        var config =
                new SimClient.Config(
                        "client " + k,
                        clientAddress(k),
                        Identity.of(keys.clientKey(bits, GENERATION)),
                        Identity.of(keys.gatewayKey()).publicKey(),
                        keys.clientPresharedKey(bits, GENERATION),
                        KEEPALIVE_NANOS);
        return new SimClient(
                world,
                net,
                ledger,
                memory,
                provider(CheckedCiphers.Holder.client(clientAddress(k))),
                config,
                local,
                gateway);
    }

    /** A client's machine is started anew, and has forgotten everything; its clock is set. */
    SimClient restart(SimClient client, long clockByNanos) {
        world.tell(client.name(), "restarts");
        client.end();
        int k = clients.indexOf(client) + 1;
        SimClient again = newClient(k, client.local(), client.gateway());
        again.stepClock(clockByNanos);
        clients.set(k - 1, again);
        return again;
    }

    /** Another installation that runs under the same controller id, elsewhere. */
    SimController copyOf(int id, UUID installation, IpAddress host) {
        return newController(desired(id, installation), host);
    }

    /** All clients of the plan, spread over the controllers. */
    void addClients() {
        for (int k = 1; k <= plan.clients; k++) {
            addClient(1 + (k - 1) % plan.controllers);
        }
    }

    // ---- what tests ask

    boolean allLinksUp() {
        for (SimController one : controllers) {
            for (int peer : one.desired().peers().keySet()) {
                if (!one.isUp(peer)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Runs until every link is up. */
    void awaitLinks(long limitNanos) {
        world.expect(world.runUntil(this::allLinksUp, limitNanos), "all links come up");
    }

    /** Runs until every client has a session. */
    void awaitClients(long limitNanos) {
        boolean connected =
                world.runUntil(() -> clients.stream().allMatch(SimClient::isConnected), limitNanos);
        world.expect(connected, "all clients connect");
    }

    /** Sends pings until one is answered. */
    void awaitPing(SimStack from, IpAddress to, long limitNanos) {
        List<Long> pings = new ArrayList<>();
        long end = world.elapsedNanos() + limitNanos;
        while (world.elapsedNanos() < end) {
            pings.add(from.ping(to, 64));
            boolean answered =
                    world.runUntil(
                            () -> pings.stream().anyMatch(ledger::hasArrived),
                            200 * World.MILLISECOND);
            if (answered) {
                return;
            }
        }
        world.expect(false, "a ping of " + from.address() + " to " + to + " is answered");
    }

    /** Up to 50 clients send something to a client, a controller, or into a subnet. */
    void chatter() {
        var random = world.random();
        int first = random.nextInt(clients.size());
        for (int i = 0; i < Math.min(CHATTERING, clients.size()); i++) {
            SimClient from = clients.get((first + i) % clients.size());
            IpAddress to =
                    switch (random.nextInt(4)) {
                        case 0 -> controllerAddress(1 + random.nextInt(controllers.size()));
                        case 1 -> behind(1 + random.nextInt(controllers.size()));
                        default -> clientAddress(1 + random.nextInt(clients.size()));
                    };
            if (!to.equals(from.stack().address())) {
                from.stack().send(to, random.nextInt(TestPacket.MIN_PAYLOAD, 400));
            }
        }
    }

    /** An address in the subnet of a controller. */
    static IpAddress behind(int id) {
        return IpAddress.literal("172.16." + id + ".77");
    }

    /** Lets the world come to rest, then demands that every packet is accounted for. */
    void assertAllAccountedFor() {
        net.conditions(SimNet.Conditions.PERFECT);
        net.forgetSpecialConditions();
        world.run(10 * World.SECOND);
        controllers.forEach(each -> world.tell(each.name(), "dropped " + each.drops().byReason()));
        Map<String, Long> counted = new HashMap<>();
        controllers.forEach(each -> counted.put(each.name(), each.drops().packets()));
        clients.forEach(each -> counted.put(each.name(), each.dropped()));
        ledger.leftByPlace()
                .forEach((place, left) -> {
                    long drops = counted.getOrDefault(place, 0L);
                    world.expect(
                            left.size() <= drops,
                            "%s counted %d drops, but %d packets ended there, such as %s"
                                    .formatted(place, drops, left.size(), left));
                });
        long all =
                controllers.stream().mapToLong(each -> each.drops().all()).sum()
                        + clients.stream().mapToLong(SimClient::dropped).sum();
        world.expect(
                ledger.copiesLeft() <= all,
                "%d copies of packets are missing, %d drops were counted"
                        .formatted(ledger.copiesLeft(), all));
    }

    /** Like {@link #assertAllAccountedFor}, where nothing may have been dropped either. */
    void assertAllArrivedOrLostInNet() {
        net.conditions(SimNet.Conditions.PERFECT);
        world.run(10 * World.SECOND);
        world.expect(ledger.missing().isEmpty(), "packets are missing: " + ledger.missing());
    }

    @Override
    public void close() {
        memory.close();
    }
}
