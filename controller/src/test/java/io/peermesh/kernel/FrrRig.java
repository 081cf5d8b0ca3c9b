package io.peermesh.kernel;

import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.RigException;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The usual way to build a mesh that heals without Peermesh, to compare with: routers with a
 * wireguard-go interface for each neighbor, and FRR's OSPF with BFD at 50 ms times 3 over them.
 */
final class FrrRig {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path DAEMONS = Path.of("/usr/lib/frr");

    private final List<Machine> machines = new ArrayList<>();

    private FrrRig() {}

    /** Starts a full mesh of routers, and waits until each reaches all others directly. */
    static FrrRig start(Rig rig, int routers) {
        if (!Files.isExecutable(DAEMONS.resolve("ospfd"))) {
            throw new RigException("FRR is missing; install the package frr");
        }
        var frr = new FrrRig();
        for (int id = 1; id <= routers; id++) {
            frr.machines.add(rig.machine("router" + id));
        }
        frr.tunnels();
        for (int id = 1; id <= routers; id++) {
            frr.daemons(id);
        }
        for (int id = 2; id <= routers; id++) {
            frr.awaitDirect(1, id);
        }
        return frr;
    }

    Machine machine(int id) {
        return machines.get(id - 1);
    }

    /** The address that a router is reached by, whichever way. */
    String address(int id) {
        return "10.99.0." + id;
    }

    /** Waits until traffic takes the tunnel between two routers, and BFD watches it. */
    void awaitDirect(int one, int other) {
        boolean direct =
                Waiting.untilTrue(LIMIT, () -> isDirect(one, other) && isDirect(other, one));
        if (!direct) {
            throw new RigException(
                    "OSPF does not use the tunnel %d-%d:%n%s%n%s"
                            .formatted(
                                    one,
                                    other,
                                    machine(one).run(LIMIT, "ip", "route").text(),
                                    show(one, "show bfd peers brief")));
        }
    }

    private boolean isDirect(int from, int to) {
        String route = machine(from).run(LIMIT, "ip", "route", "get", address(to)).text();
        return route.contains("dev " + device(from, to) + " ")
                && show(from, "show bfd peers brief")
                        .lines()
                        .anyMatch(line -> line.contains(link(to, from)) && line.contains("up"));
    }

    private String show(int id, String command) {
        return machine(id).run(LIMIT, "vtysh", "--vty_socket", folder(id), "-c", command).text();
    }

    private static String device(int at, int to) {
        return "w" + at + to;
    }

    /** The address of {@code at} on its tunnel to {@code to}. */
    private static String link(int at, int to) {
        return "10.98.%d%d.%d".formatted(Math.min(at, to), Math.max(at, to), at < to ? 0 : 1);
    }

    private void tunnels() {
        Map<Integer, String> keys = new HashMap<>();
        for (int id = 1; id <= machines.size(); id++) {
            keys.put(id, machine(id).must("wg", "genkey").strip());
        }
        for (int at = 1; at <= machines.size(); at++) {
            machine(at).must("ip", "addr", "add", address(at) + "/32", "dev", "lo");
            machine(at).must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
            machine(at).must("sysctl", "-q", "-w", "net.ipv4.conf.all.rp_filter=0");
            for (int to = 1; to <= machines.size(); to++) {
                if (to != at) {
                    tunnel(at, to, keys);
                }
            }
        }
    }

    private void tunnel(int at, int to, Map<Integer, String> keys) {
        Machine machine = machine(at);
        String device = device(at, to);
        String peerKey = machine.must("sh", "-c", "echo " + keys.get(to) + " | wg pubkey").strip();
        machine.start(
                "wireguard-go", WireguardClient.ENVIRONMENT, List.of("wireguard-go", "-f", device));
        Waiting.untilTrue(
                LIMIT,
                () -> machine.run(LIMIT, "test", "-S", "/run/wireguard/" + device + ".sock").ok());
        Path conf =
                write(
                        machine.rig().folder().resolve(device + ".conf"),
                        """
                        [Interface]
                        PrivateKey = %s
                        ListenPort = %d
                        [Peer]
                        PublicKey = %s
                        AllowedIPs = 0.0.0.0/0
                        Endpoint = %s:%d
                        PersistentKeepalive = 1
                        """
                                .formatted(
                                        keys.get(at),
                                        port(at, to),
                                        peerKey,
                                        machine(to).ipv4(),
                                        port(to, at)));
        machine.must("wg", "setconf", device, conf.toString());
        machine.must("ip", "addr", "add", link(at, to) + "/31", "dev", device);
        machine.must("ip", "link", "set", device, "mtu", "1420", "up");
    }

    private static int port(int at, int to) {
        return 51_800 + 10 * at + to;
    }

    /** In the rig's own /run; FRR insists on a user of its own, who must get there. */
    private static String folder(int id) {
        return "/run/frr" + id;
    }

    private void daemons(int id) {
        var interfaces = new StringBuilder();
        for (int to = 1; to <= machines.size(); to++) {
            if (to != id) {
                interfaces.append(
                        """
                        interface %s
                         ip ospf network point-to-point
                         ip ospf area 0
                         ip ospf hello-interval 1
                         ip ospf dead-interval 4
                         ip ospf bfd
                         ip ospf bfd profile fast
                        """
                                .formatted(device(id, to)));
            }
        }
        start(
                id,
                "zebra",
                """
                route-map SOURCE permit 10
                 set src %s
                ip protocol ospf route-map SOURCE
                """
                        .formatted(address(id)));
        start(
                id,
                "bfdd",
                """
                bfd
                 profile fast
                  detect-multiplier 3
                  receive-interval 50
                  transmit-interval 50
                """);
        start(
                id,
                "ospfd",
                interfaces
                        + """
                        interface lo
                         ip ospf area 0
                        router ospf
                         ospf router-id %s
                         timers throttle spf 0 50 1000
                        """
                                .formatted(address(id)));
    }

    private void start(int id, String daemon, String configuration) {
        Machine machine = machine(id);
        String folder = folder(id) + "/";
        machine.must("install", "-d", "-o", "frr", "-g", "frr", folder);
        Path written = write(machine.rig().folder().resolve(daemon + id), configuration);
        String conf = folder + daemon + ".conf";
        machine.must("install", "-o", "frr", written.toString(), conf);
        var command = new ArrayList<>(List.of(DAEMONS.resolve(daemon).toString(), "-f", conf));
        command.addAll(List.of("-i", folder + daemon + ".pid", "-z", folder + "zserv"));
        command.addAll(List.of("--vty_socket", folder, "-u", "frr", "-g", "frr", "-P", "0"));
        command.addAll(List.of("--log", "stdout"));
        if (daemon.equals("bfdd")) {
            command.addAll(List.of("--bfdctl", folder + "bfdctl"));
        }
        machine.start(daemon, Map.of(), command);
        boolean ready =
                Waiting.untilTrue(
                        LIMIT,
                        () -> machine.run(LIMIT, "test", "-S", folder + daemon + ".vty").ok());
        if (!ready) {
            throw new RigException(daemon + " does not start");
        }
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RigException("Writing " + file, e);
        }
    }
}
