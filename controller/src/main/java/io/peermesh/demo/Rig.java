package io.peermesh.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A small internet in namespaces of its own: machines, joined by a bridge.
 *
 * <pre>
 *   this process --pipe--> holder: first process of new user (without root), net, mount, pid namespaces
 *                          |  bridge "internet"
 *                          +-- 198.51.100.1, 2001:db8:77::1   network namespace of machine 1
 *                          +-- 198.51.100.2, 2001:db8:77::2   network namespace of machine 2 ...
 * </pre>
 *
 * <p>The holder ends when its pipe is closed: by {@link #close}, or because this process has died
 * of whatever. With it the kernel ends every process of the rig and removes its interfaces and
 * namespaces; they have no name outside, so nothing can be left over or collide with another rig.
 * {@code /run} is a file system of the rig's own, which is why {@code ip netns} and the control
 * sockets of WireGuard work without root and unseen by the host.
 *
 * <p>Safe from any thread.
 */
public final class Rig implements AutoCloseable {
    private static final Duration SETUP = Duration.ofSeconds(20);
    private static final int MOST_MACHINES = 250;
    private static final String HOLD =
            """
            set -e
            trap '' INT TERM
            trap 'rm -rf "$0"' EXIT
            mount -t tmpfs tmpfs /run
            mkdir -p /run/netns /run/wireguard
            ip link set lo up
            ip link add internet type bridge mcast_snooping 0
            ip link set internet up
            echo ready
            cat >/dev/null
            """;

    private final Process holder;
    private final long holderPid;
    private final boolean root;
    private final Path folder;
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Thread onExit = new Thread(this::end, "rig-clean-up");

    private Rig(Process holder, long holderPid, boolean root, Path folder) {
        this.holder = holder;
        this.holderPid = holderPid;
        this.root = root;
        this.folder = folder;
    }

    /**
     * Makes an empty rig.
     *
     * @throws RigException when this system does not allow it; the message says what is missing
     */
    public static Rig open() {
        List<String> missing = Tools.missing(Tools.NAMESPACES);
        if (!missing.isEmpty()) {
            throw new RigException("Missing on this machine: " + String.join(", ", missing));
        }
        boolean root = "0".equals(Commands.run(SETUP, List.of("id", "-u")).text().strip());
        try {
            Path folder = Files.createTempDirectory("peermesh-rig-");
            return start(root, folder);
        } catch (IOException e) {
            throw new RigException("Starting namespaces", e);
        }
    }

    /** Why no rig can be made here, in words; empty when it can. */
    public static Optional<String> whyNot() {
        try (Rig rig = open()) {
            rig.machine("probe");
            return Optional.empty();
        } catch (RigException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Rig start(boolean root, Path folder) throws IOException {
        var command = new ArrayList<>(List.of("setsid", "unshare"));
        if (!root) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--net", "--mount", "--pid", "--fork", "--kill-child"));
        command.addAll(List.of("--mount-proc", "sh", "-c", HOLD, folder.toString()));
        Process holder = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = firstLine(holder);
        var inner = holder.toHandle().children().findFirst();
        if (!said.equals("ready") || inner.isEmpty()) {
            Commands.killTree(holder.toHandle());
            Files.deleteIfExists(folder);
            throw new RigException(refusal(root, said));
        }
        var rig = new Rig(holder, inner.get().pid(), root, folder);
        Runtime.getRuntime().addShutdownHook(rig.onExit);
        return rig;
    }

    private static String firstLine(Process holder) throws IOException {
        var reader =
                new BufferedReader(
                        new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        return line == null ? "nothing" : line;
    }

    private static String refusal(boolean root, String said) {
        if (root) {
            return "This system does not let root make network namespaces (it says: " + said + ")";
        }
        return "This system does not let an ordinary user make namespaces (it says: "
                + said
                + "). Run it as root, or allow it: sysctl kernel.unprivileged_userns_clone=1"
                + " user.max_user_namespaces=10000, and"
                + " kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu";
    }

    /** Adds a machine with an interface {@code eth0} on the internet of this rig. */
    public synchronized Machine machine(String name) {
        int number = machines.size() + 1;
        if (number > MOST_MACHINES || machines.containsKey(name)) {
            throw new RigException("Cannot add a machine " + name + " to this rig");
        }
        var machine = new Machine(this, name, number);
        machine.plugIn(machines.values());
        machines.put(name, machine);
        return machine;
    }

    /** Silently drops everything between two machines; both still reach all the others. */
    public void cut(Machine one, Machine other) {
        isolate(one, "on");
        isolate(other, "on");
    }

    /** Takes back {@link #cut}. */
    public void heal(Machine one, Machine other) {
        isolate(one, "off");
        isolate(other, "off");
    }

    private void isolate(Machine machine, String onOrOff) {
        must("bridge", "link", "set", "dev", machine.port(), "isolated", onOrOff);
    }

    /** Whether the rig was made by root, who may force socket buffers and install packages. */
    public boolean isRoot() {
        return root;
    }

    /** A folder that vanishes with the rig. */
    public Path folder() {
        return folder;
    }

    /** How a person enters this rig from another terminal, as a prefix of a command. */
    public String enterPrefix() {
        return String.join(" ", enter());
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The virtual machine is ending: the hook does, or has done, the same.
            return;
        }
        end();
    }

    private void end() {
        try {
            holder.getOutputStream().close();
            if (!holder.waitFor(5, TimeUnit.SECONDS)) {
                Commands.killTree(holder.toHandle());
            }
        } catch (IOException e) {
            Commands.killTree(holder.toHandle());
        } catch (InterruptedException e) {
            Commands.killTree(holder.toHandle());
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command in the middle of the internet, where the bridge is. */
    String must(String... command) {
        var entered = new ArrayList<>(enter());
        entered.addAll(List.of(command));
        Output output = Commands.run(SETUP, new ProcessBuilder(entered), Optional.of(folder));
        if (!output.ok()) {
            throw new RigException(
                    "In the rig, " + String.join(" ", command) + ": " + output.text().strip());
        }
        return output.text();
    }

    /** The command that enters the namespaces of the holder. */
    List<String> enter() {
        var command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holderPid)));
        if (!root) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        command.addAll(List.of("--net", "--mount", "--pid", "--"));
        return command;
    }
}
