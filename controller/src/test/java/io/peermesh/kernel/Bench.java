package io.peermesh.kernel;

import io.peermesh.demo.Child;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Output;
import io.peermesh.demo.Rig;
import io.peermesh.demo.RigException;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures two peered controllers beside two stock wireguard-go in the same run, on the same
 * machine: throughput, CPU seconds per gigabyte, round-trip times. Started by {@code bench/run}.
 */
final class Bench {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int WARM_UP_SECONDS = 5;
    private static final int PINGS = 300;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ is part of the kernel's interface
    private static final Pattern TIME = Pattern.compile("time=([\\d.]+) ms");

    private final int seconds;

    private Bench(int seconds) {
        this.seconds = seconds;
    }

    /** Two machines with a tunnel between them, and the processes that carry it. */
    private record Tunnel(Machine from, Machine to, String address, List<Child> processes) {}

    private record Load(double gigabits, double tunnelCpu, double machineCpu) {}

    /** Arguments: seconds per measurement, then paths of wireguard-go programs to compare with. */
    public static void main(String[] arguments) {
        var bench = new Bench(Integer.parseInt(arguments[0]));
        System.out.printf(
                "%-44s %8s %8s %9s %9s %9s %9s%n",
                "", "1 stream", "4 str.", "tunnel", "machine", "ping p50", "p99");
        System.out.printf(
                "%-44s %8s %8s %9s %9s %9s %9s%n",
                "", "Gbit/s", "Gbit/s", "CPU s/GB", "CPU s/GB", "ms", "ms");
        for (String program : List.of(arguments).subList(1, arguments.length)) {
            bench.measureWireguard(program);
        }
        bench.measureControllers("Peermesh, AES-256-GCM", List.of());
        bench.measureControllers("Peermesh, ChaCha20-Poly1305", List.of("--disable", "no-aes"));
    }

    private void measureWireguard(String program) {
        try (Rig rig = Rig.open()) {
            Machine one = rig.machine("one");
            Machine two = rig.machine("two");
            String keyOne = one.must("wg", "genkey").strip();
            String keyTwo = two.must("wg", "genkey").strip();
            var a = WireguardClient.start(one, conf(keyOne, "10.9.0.1", keyTwo, two), program);
            var b = WireguardClient.start(two, conf(keyTwo, "10.9.0.2", keyOne, one), program);
            var processes = List.of(a.process(), b.process());
            String version = one.must(program, "--version").lines().findFirst().orElse("");
            report(version, new Tunnel(one, two, b.address(), processes));
        }
    }

    private static String conf(String key, String address, String peerKey, Machine peer) {
        String peerPublic = peer.must("sh", "-c", "echo " + peerKey + " | wg pubkey").strip();
        return """
        [Interface]
        PrivateKey = %s
        ListenPort = 51820
        Address = %s/32
        MTU = 1420
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.9.0.0/24
        Endpoint = %s:51820
        """
                .formatted(key, address, peerPublic, peer.ipv4());
    }

    private void measureControllers(String label, List<String> more) {
        var options = new Deployment.Options(2, Deployment.Underlay.IPV4, "pm0", more);
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, options)) {
            var one = mesh.controller(1);
            var two = mesh.controller(2);
            String address =
                    two.api().get("/api/config").response().path("overlay_ipaddress").asString();
            var processes = List.of(one.process(), two.process());
            report(label, new Tunnel(one.machine(), two.machine(), address, processes));
        }
    }

    private void report(String label, Tunnel tunnel) {
        iperf(tunnel, WARM_UP_SECONDS, 1);
        double[] idle = roundTrips(tunnel);
        Load one = load(tunnel, 1);
        Load four = load(tunnel, 4);
        System.out.printf(
                "%-44s %8.2f %8.2f %9.2f %9.2f %9.2f %9.2f%n",
                label,
                one.gigabits(),
                four.gigabits(),
                one.tunnelCpu(),
                one.machineCpu(),
                idle[PINGS / 2],
                idle[PINGS * 99 / 100]);
    }

    private Load load(Tunnel tunnel, int streams) {
        double tunnelBefore = tunnelSeconds(tunnel);
        double machineBefore = machineSeconds();
        JsonNode received = iperf(tunnel, seconds, streams);
        double gigabytes = received.path("bytes").asDouble() / 1e9;
        return new Load(
                received.path("bits_per_second").asDouble() / 1e9,
                (tunnelSeconds(tunnel) - tunnelBefore) / gigabytes,
                (machineSeconds() - machineBefore) / gigabytes);
    }

    private static JsonNode iperf(Tunnel tunnel, int seconds, int streams) {
        var listen = List.of("iperf3", "--forceflush", "-s", "-1", "-B", tunnel.address());
        Child server = tunnel.to().start("iperf3", Map.of(), listen);
        Waiting.untilTrue(LIMIT, () -> server.log().contains("listening"));
        Output output =
                tunnel.from()
                        .run(
                                LIMIT,
                                "iperf3",
                                "-J",
                                "-C",
                                "cubic",
                                "-t",
                                "" + seconds,
                                "-P",
                                "" + streams,
                                "-c",
                                tunnel.address());
        server.awaitExit(LIMIT);
        if (!output.ok()) {
            throw new RigException("iperf3: " + output.text());
        }
        return new JsonMapper().readTree(output.text()).path("end").path("sum_received");
    }

    /** Sorted round-trip times in milliseconds; a lost one counts as a second. */
    private static double[] roundTrips(Tunnel tunnel) {
        String count = Integer.toString(PINGS + 20);
        Output output =
                tunnel.from().run(LIMIT, "ping", "-n", "-i", "0.01", "-c", count, tunnel.address());
        var times = new ArrayList<Double>();
        TIME.matcher(output.text())
                .results()
                .skip(20) // processors that just fell asleep
                .forEach(result -> times.add(Double.parseDouble(result.group(1))));
        var sorted = new double[PINGS];
        Arrays.fill(sorted, 1000);
        for (int i = 0; i < Math.min(PINGS, times.size()); i++) {
            sorted[i] = times.get(i);
        }
        Arrays.sort(sorted);
        return sorted;
    }

    private static double tunnelSeconds(Tunnel tunnel) {
        return tunnel.processes().stream().mapToDouble(child -> processSeconds(child.pid())).sum();
    }

    private static double processSeconds(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** All that the processors did: user, nice, system, irq, softirq. */
    private static double machineSeconds() {
        String[] fields =
                read(Path.of("/proc/stat")).lines().findFirst().orElse("").split(" +", -1);
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new RigException("Reading " + file, e);
        }
    }
}
