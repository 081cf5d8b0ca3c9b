package io.peermesh.sim;

import static io.peermesh.sim.World.MILLISECOND;
import static io.peermesh.sim.World.SECOND;

import io.peermesh.sim.SimMesh.Plan;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * How long clients are without their mesh, in simulated time, and how much work it is to take them
 * over: real nodes, real handshakes with the real X25519, the cheap cipher for transport.
 *
 * <p>As a program it prints the figures for a number of clients, 100 and 10,000 if none is given.
 * Simulated time knows no load, so the outage is what the protocol needs; the clients per second
 * are those of one processor that does the work of all survivors and of all clients.
 */
final class Failover {
    private static final int CONTROLLERS = 3;
    private static final long LIMIT_NANOS = 60 * SECOND;

    private Failover() {}

    /**
     * What was measured.
     *
     * @param outageNanos per client, ascending, simulated; only of those that came back
     * @param cpuNanos processor time between the fault and the last client's return
     */
    record Result(int clients, long[] outageNanos, long cpuNanos) {
        double millis(double quantile) {
            int last = outageNanos.length - 1;
            return outageNanos[(int) Math.round(quantile * last)] / 1e6;
        }

        double clientsPerSecond() {
            return outageNanos.length * 1e9 / Math.max(1, cpuNanos);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d back; simulated outage p50 %.0f ms, p99 %.0f ms, at most %.0f ms",
                    outageNanos.length,
                    clients,
                    millis(0.5),
                    millis(0.99),
                    millis(1));
        }
    }

    /** Kills the controller that all clients are connected to, and waits for the survivors. */
    static Result killed(long seed, int clients) {
        try (var mesh = meshWith(seed, clients)) {
            World world = mesh.world();
            int[] before = mesh.clients().stream().mapToInt(SimClient::sessions).toArray();
            mesh.controller(1).crash();
            long begin = world.elapsedNanos();
            long cpu = cpuNanos();
            long[] back = new long[clients];
            int returned = 0;
            while (returned < clients && world.elapsedNanos() - begin < LIMIT_NANOS) {
                world.run(MILLISECOND);
                for (int i = 0; i < clients; i++) {
                    if (back[i] == 0 && mesh.clients().get(i).sessions() > before[i]) {
                        back[i] = world.elapsedNanos() - begin;
                        returned++;
                    }
                }
            }
            long[] outages = LongStream.of(back).filter(nanos -> nanos > 0).sorted().toArray();
            return new Result(clients, outages, cpuNanos() - cpu);
        }
    }

    /** A mesh at rest, all clients at controller 1, each of which has sent something just now. */
    private static SimMesh meshWith(long seed, int clients) {
        var mesh = new SimMesh(seed, Plan.of(CONTROLLERS, clients));
        mesh.net().stormBeyond(30_000 + 100L * clients);
        mesh.startControllers();
        mesh.awaitLinks(20 * SECOND);
        for (int k = 1; k <= clients; k++) {
            mesh.addClient(1);
        }
        mesh.world().run(20 * SECOND);
        boolean connected = mesh.clients().stream().allMatch(SimClient::isConnected);
        mesh.world().expect(connected, "all clients connect");
        return mesh;
    }

    /** Cuts the link between two clients that ping each other every 10 ms; for several seeds. */
    static Result linkCut(long[] seeds) {
        long cpu = cpuNanos();
        long[] outages = Arrays.stream(seeds).map(Failover::linkCut).sorted().toArray();
        return new Result(seeds.length, outages, cpuNanos() - cpu);
    }

    private static long linkCut(long seed) {
        try (var mesh = new SimMesh(seed, Plan.of(CONTROLLERS, 2))) {
            World world = mesh.world();
            mesh.startControllers();
            mesh.addClients();
            mesh.awaitLinks(20 * SECOND);
            mesh.awaitClients(20 * SECOND);
            world.run(5 * SECOND + world.random().nextLong(SECOND));
            SimStack from = mesh.client(1).stack();
            mesh.net().cut(mesh.host(1), mesh.host(2));
            long begin = world.elapsedNanos();
            boolean answered = false;
            while (!answered && world.elapsedNanos() - begin < LIMIT_NANOS) {
                long ping = from.ping(SimMesh.clientAddress(2), 64);
                world.run(10 * MILLISECOND);
                answered = mesh.ledger().hasArrived(ping);
            }
            return world.elapsedNanos() - begin;
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Prints the figures; arguments are numbers of clients. */
    public static void main(String[] arguments) {
        int[] counts =
                arguments.length == 0
                        ? new int[] {100, 10_000}
                        : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        killed(1, 50); // lets the JVM compile
        for (int count : counts) {
            Result result = killed(2, count);
            System.out.printf(
                    "killed controller: %s; %.0f clients per second of CPU%n",
                    result, result.clientsPerSecond());
        }
        long[] seeds = LongStream.rangeClosed(1, 20).toArray();
        System.out.println("silent cut of a link: " + linkCut(seeds));
    }
}
