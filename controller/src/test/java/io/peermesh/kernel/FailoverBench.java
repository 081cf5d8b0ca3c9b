package io.peermesh.kernel;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Outage;
import io.peermesh.demo.PingWatch;
import io.peermesh.demo.Rig;
import io.peermesh.demo.RigException;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Measures how long traffic is interrupted when something fails, by pings every 10 ms between two
 * clients: from the last answer before to the first answer after. Started by {@code
 * bench/failover}.
 */
final class FailoverBench {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int BEFORE = 50;
    private static final int AFTER = 100;
    private static final int DRAIN_PINGS = 1000;

    /** A link that fails often is held down longer each time: then a new mesh is started. */
    private static final int IN_ONE_MESH = 4;

    private final int repetitions;
    private final Map<String, Runnable> cases = new LinkedHashMap<>();

    private FailoverBench(int repetitions) {
        this.repetitions = repetitions;
        add("link", "silent cut of the link between the clients' controllers", this::linkCut);
        add("process", "kill -9 of a stock client's controller", this::killedProcess);
        add("machine", "a stock client's controller vanishes from the network", this::lostMachine);
        add("drain", "drain of a stock client's controller, 1,000 pings", this::drain);
        add("rolling", "rolling restart of four controllers, each", this::rollingRestart);
        cases.put("frr", this::frr);
    }

    private void add(String name, String label, Case body) {
        cases.put(name, () -> print(label, outages(name, body)));
    }

    /** Arguments: repetitions, then the cases to measure, all without any. */
    public static void main(String[] arguments) {
        var bench = new FailoverBench(Integer.parseInt(arguments[0]));
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        System.out.printf(
                "%-58s %4s %7s %7s %7s %7s  %s%n",
                "outage in ms, pings every 10 ms", "runs", "min", "p50", "p90", "max", "lost");
        for (Map.Entry<String, Runnable> one : bench.cases.entrySet()) {
            if (wanted.isEmpty() || wanted.contains(one.getKey())) {
                one.getValue().run();
            }
        }
    }

    /** One repetition, or one for each of several controllers. */
    private interface Case {
        List<Outage> run(Deployment mesh, List<WireguardClient> clients, int repetition);
    }

    private List<Outage> outages(String name, Case body) {
        var outages = new ArrayList<Outage>();
        while (outages.size() < repetitions) {
            inMesh(
                    name.equals("rolling") ? 4 : 3,
                    (mesh, clients) -> {
                        for (int i = 0; i < IN_ONE_MESH && outages.size() < repetitions; i++) {
                            outages.addAll(body.run(mesh, clients, i));
                            System.err.printf("%s: %d of %d%n", name, outages.size(), repetitions);
                        }
                    });
        }
        return outages;
    }

    /** A mesh with one stock WireGuard client at each of the first three controllers. */
    private static void inMesh(
            int controllers, BiConsumer<Deployment, List<WireguardClient>> body) {
        try (Rig rig = Rig.open();
                var mesh = Deployment.started(rig, Deployment.Options.usual(controllers))) {
            var clients = new ArrayList<WireguardClient>();
            for (int id = 1; id <= 3; id++) {
                clients.add(mesh.attach("client" + id, id - 1, id));
            }
            body.accept(mesh, clients);
        }
    }

    private List<Outage> linkCut(Deployment mesh, List<WireguardClient> clients, int repetition) {
        int one = repetition % 3; // in turns, so that no link is held down for having flapped
        int other = (repetition + 1) % 3;
        Machine here = mesh.controller(one + 1).machine();
        Machine there = mesh.controller(other + 1).machine();
        awaitUsed(mesh, one + 1, other + 1);
        demandAt(mesh, clients.get(one), one + 1);
        demandAt(mesh, clients.get(other), other + 1);
        Outage outage =
                outage(clients.get(one), clients.get(other), () -> here.rig().cut(here, there));
        here.rig().heal(here, there);
        return List.of(outage);
    }

    private static void demandAt(Deployment mesh, WireguardClient client, int controllerId) {
        if (mesh.ownerOf(client) != mesh.controller(controllerId)) {
            throw new RigException(
                    client.address() + " has moved: this machine is too busy to measure on");
        }
    }

    private List<Outage> killedProcess(
            Deployment mesh, List<WireguardClient> clients, int repetition) {
        ControllerProcess owner = mesh.ownerOf(clients.get(0));
        Outage outage = outage(clients.get(1), clients.get(0), owner::kill);
        owner.startAgain();
        owner.awaitApi();
        mesh.awaitLinks();
        return List.of(outage);
    }

    private List<Outage> lostMachine(
            Deployment mesh, List<WireguardClient> clients, int repetition) {
        Machine machine = mesh.ownerOf(clients.get(0)).machine();
        Outage outage = outage(clients.get(1), clients.get(0), machine::unplug);
        machine.replug();
        mesh.awaitLinks();
        return List.of(outage);
    }

    private List<Outage> drain(Deployment mesh, List<WireguardClient> clients, int repetition) {
        ControllerProcess owner = mesh.ownerOf(clients.get(0));
        try (var watch = PingWatch.start(clients.get(1).machine(), clients.get(0).address())) {
            watch.awaitMore(BEFORE, LIMIT);
            Deployment.setDraining(owner, true);
            watch.awaitMore(DRAIN_PINGS - BEFORE, LIMIT);
            Outage outage = watch.stop();
            Deployment.setDraining(owner, false);
            return List.of(outage);
        }
    }

    private List<Outage> rollingRestart(
            Deployment mesh, List<WireguardClient> clients, int repetition) {
        var outages = new ArrayList<Outage>();
        for (ControllerProcess controller : mesh.controllers()) {
            outages.add(
                    outage(
                            clients.get(0),
                            clients.get(1),
                            () -> {
                                controller.stop();
                                controller.startAgain();
                                controller.awaitApi();
                                mesh.awaitLinks();
                            }));
        }
        return outages;
    }

    private void frr() {
        var outages = new ArrayList<Outage>();
        try (Rig rig = Rig.open()) {
            var routers = FrrRig.start(rig, 3);
            for (int i = 0; i < repetitions; i++) {
                Machine one = routers.machine(1);
                Machine other = routers.machine(2);
                routers.awaitDirect(1, 2);
                outages.add(outage(one, routers.address(2), () -> rig.cut(one, other)));
                rig.heal(one, other);
            }
        }
        print("FRR OSPF + BFD 3 x 50 ms over wireguard-go: silent cut", outages);
    }

    private static Outage outage(WireguardClient from, WireguardClient to, Runnable fault) {
        return outage(from.machine(), to.address(), fault);
    }

    private static Outage outage(Machine from, String to, Runnable fault) {
        try (var watch = PingWatch.start(from, to)) {
            watch.awaitMore(BEFORE, LIMIT);
            fault.run();
            if (!watch.awaitMore(AFTER, LIMIT)) {
                throw new RigException("No answers within " + LIMIT.toSeconds() + " s");
            }
            return watch.stop();
        }
    }

    /** Waits until traffic takes the link: it is up at both ends, and no longer held down. */
    private static void awaitUsed(Deployment mesh, int one, int other) {
        boolean used =
                Waiting.untilTrue(
                        LIMIT,
                        () ->
                                linkState(mesh, one, other).equals("up")
                                        && linkState(mesh, other, one).equals("up"));
        if (!used) {
            throw new RigException("The link " + one + "-" + other + " does not come back");
        }
    }

    private static String linkState(Deployment mesh, int controller, int peer) {
        JsonNode status = response(mesh.controller(controller), "/api/mesh/v1/status");
        return status.path("links")
                .valueStream()
                .filter(link -> link.path("peer_id").asInt() == peer)
                .map(link -> link.path("state").asString(""))
                .findFirst()
                .orElse("");
    }

    private static JsonNode response(ControllerProcess controller, String path) {
        return controller
                .api()
                .tryGet(path)
                .map(answer -> answer.response())
                .orElseThrow(() -> new RigException(controller + " does not answer"));
    }

    private static void print(String label, List<Outage> outages) {
        double[] sorted = outages.stream().mapToDouble(Outage::millis).sorted().toArray();
        int lost = outages.stream().mapToInt(Outage::lost).sum();
        int sent = outages.stream().mapToInt(Outage::sent).sum();
        System.out.printf(
                "%-58s %4d %7.0f %7.0f %7.0f %7.0f  %d of %d%n",
                label,
                sorted.length,
                sorted[0],
                sorted[sorted.length / 2],
                sorted[sorted.length * 9 / 10],
                sorted[sorted.length - 1],
                lost,
                sent);
    }
}
