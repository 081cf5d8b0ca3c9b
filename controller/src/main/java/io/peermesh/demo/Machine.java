package io.peermesh.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A network namespace of a {@link Rig} that plays a machine on the internet. Safe from any thread.
 */
public final class Machine {
    private static final Duration USUAL = Duration.ofSeconds(20);
    // "sh -c ENTER hosts command...": the namespace that `ip netns exec` makes for mounts is the
    // command's own, so only it sees this /etc/hosts.
    private static final String ENTER = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

    private final Rig rig;
    private final String name;
    private final int number;
    private final Path hosts;
    private int childCount;

    Machine(Rig rig, String name, int number) {
        this.rig = rig;
        this.name = name;
        this.number = number;
        this.hosts = rig.folder().resolve(name + ".hosts");
    }

    /** Its name, which is also that of its namespace. */
    public String name() {
        return name;
    }

    /** Its IPv4 address on the internet of the rig. */
    public String ipv4() {
        return "198.51.100." + number;
    }

    /** Its IPv6 address on the internet of the rig. */
    public String ipv6() {
        return "2001:db8:77::" + Integer.toHexString(number);
    }

    /** Its port on the bridge. */
    String port() {
        return "port" + number;
    }

    void plugIn(Collection<Machine> others) {
        write(hosts, "127.0.0.1 localhost\n::1 localhost\n");
        var script = new StringJoiner("\n", "set -e\n", "\n");
        script.add("ip netns add %s".formatted(name));
        script.add(
                "ip link add %s type veth peer name eth0 address %s netns %s"
                        .formatted(port(), mac(), name));
        script.add("ip link set %s master internet up".formatted(port()));
        script.add("ip -n %s link set lo up".formatted(name));
        script.add("ip -n %s addr add %s/24 dev eth0".formatted(name, ipv4()));
        script.add("ip -n %s addr add %s/64 dev eth0 nodad".formatted(name, ipv6()));
        script.add("ip -n %s link set eth0 up".formatted(name));
        for (Machine other : others) {
            knowNeighbor(script, this, other);
            knowNeighbor(script, other, this);
        }
        rig.must("sh", "-c", script.toString());
    }

    // Fixed neighbors: after a cut the kernel would else report hosts as unreachable by itself,
    // and a cut must be silent.
    private static void knowNeighbor(StringJoiner script, Machine at, Machine neighbor) {
        for (String address : List.of(neighbor.ipv4(), neighbor.ipv6())) {
            script.add(
                    "ip -n %s neigh replace %s lladdr %s dev eth0 nud permanent"
                            .formatted(at.name, address, neighbor.mac()));
        }
    }

    private String mac() {
        return "02:00:00:00:00:%02x".formatted(number);
    }

    /** Gives {@code eth0} one more IPv4 address. */
    public void addAddress(String prefix) {
        rig.must("ip", "-n", name, "addr", "add", prefix, "dev", "eth0");
    }

    /** Takes an IPv4 address from {@code eth0}. */
    public void removeAddress(String prefix) {
        rig.must("ip", "-n", name, "addr", "del", prefix, "dev", "eth0");
    }

    /** Takes the machine off the internet without notice: it keeps its carrier. */
    public void unplug() {
        rig.must("bridge", "link", "set", "dev", port(), "state", "0");
    }

    /** Takes back {@link #unplug}. */
    public void replug() {
        rig.must("bridge", "link", "set", "dev", port(), "state", "3");
    }

    /** Lets this machine know a host by name, as a line of its /etc/hosts. */
    public synchronized void knowHost(String hostName, String address) {
        try {
            Files.writeString(
                    hosts,
                    address + " " + hostName + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new RigException("Writing " + hosts, e);
        }
    }

    /** Runs a command here to its end, or stops it when the limit is over. */
    public Output run(Duration limit, String... command) {
        var builder = new ProcessBuilder(entered(List.of(command)));
        return Commands.run(limit, builder, Optional.of(rig.folder()));
    }

    /** Runs a command here that must succeed, and returns what it wrote. */
    public String must(String... command) {
        Output output = run(USUAL, command);
        if (!output.ok()) {
            throw new RigException(
                    "On %s, %s: %s"
                            .formatted(name, String.join(" ", command), output.text().strip()));
        }
        return output.text();
    }

    /** Starts a command here that goes on; its output goes to a log file in the rig's folder. */
    public Child start(String label, Map<String, String> environment, List<String> command) {
        Path log = rig.folder().resolve(name + "-" + label + "-" + nextChild() + ".log");
        var builder = new ProcessBuilder(entered(command));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            return new Child(label + " on " + name, builder.start(), log);
        } catch (IOException e) {
            throw new RigException("Starting " + label + " on " + name, e);
        }
    }

    /** Starts a command here whose input and output are pipes of the caller. */
    Process startPiped(List<String> command) throws IOException {
        return new ProcessBuilder(entered(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /**
     * Opens a port on the loopback address of the real machine that leads to a TCP port of this
     * one, for clients that cannot enter the rig: this process, or a browser.
     */
    public Door door(int port) {
        try {
            return Door.open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), this, port);
        } catch (IOException e) {
            throw new RigException("Opening a port on the loopback address", e);
        }
    }

    /** The rig that this machine is part of. */
    public Rig rig() {
        return rig;
    }

    private List<String> entered(List<String> command) {
        var whole = new ArrayList<>(rig.enter());
        whole.addAll(List.of("ip", "netns", "exec", name, "sh", "-c", ENTER, hosts.toString()));
        whole.addAll(command);
        return whole;
    }

    private synchronized int nextChild() {
        return ++childCount;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RigException("Writing " + file, e);
        }
    }
}
