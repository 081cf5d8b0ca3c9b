package io.peermesh.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stock WireGuard client on a machine: {@code wireguard-go} and {@code wg}, set up from a
 * standard configuration file in the way of wg-quick(8). Safe from any thread.
 */
public final class WireguardClient {
    private static final Duration START = Duration.ofSeconds(10);
    // The keys of a file that are wg-quick's; wg(8) does not know them.
    private static final Set<String> OF_WG_QUICK =
            Set.of("Address", "DNS", "MTU", "Table", "SaveConfig", "PreUp", "PostUp");

    /** What wireguard-go wants to know, and that it shall not advertise the kernel's module. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD", "1",
                    "LOG_LEVEL", "verbose");

    private final Machine machine;
    private final String device;
    private final Child process;
    private final String address;

    private WireguardClient(Machine machine, String device, Child process, String address) {
        this.machine = machine;
        this.device = device;
        this.process = process;
        this.address = address;
    }

    /** Starts a client with Debian's wireguard-go. */
    public static WireguardClient start(Machine machine, String configuration) {
        return start(machine, configuration, "wireguard-go");
    }

    /**
     * Starts a client.
     *
     * @param configuration a wg-quick file
     * @param program the wireguard-go to run
     */
    public static WireguardClient start(Machine machine, String configuration, String program) {
        // Control sockets are files named after the interface, in a folder that machines share.
        String device = "wg-" + machine.name();
        Child process = machine.start("wireguard-go", ENVIRONMENT, List.of(program, "-f", device));
        Path socket = Path.of("/run/wireguard", device + ".sock");
        boolean ready =
                Waiting.untilTrue(
                        START,
                        () ->
                                !process.isAlive()
                                        || machine.run(START, "test", "-S", socket.toString())
                                                .ok());
        if (!ready || !process.isAlive()) {
            throw new RigException(process + " did not start:\n" + process.logTail(10));
        }
        Map<String, List<String>> keys = interfaceKeys(configuration);
        String address = one(keys, "Address").split("/", -1)[0];
        var client = new WireguardClient(machine, device, process, address);
        client.configure(configuration);
        client.bringUp(keys);
        return client;
    }

    /** Its overlay address. */
    public String address() {
        return address;
    }

    /** The machine that it runs on. */
    public Machine machine() {
        return machine;
    }

    /** Its interface. */
    public String device() {
        return device;
    }

    /** The wireguard-go. */
    public Child process() {
        return process;
    }

    /** Replaces keys and peers by those of another file; addresses and routes stay. */
    public void configure(String configuration) {
        Path stripped = machine.rig().folder().resolve(device + ".conf");
        try {
            Files.writeString(stripped, strip(configuration), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RigException("Writing " + stripped, e);
        }
        machine.must("wg", "setconf", device, stripped.toString());
    }

    /** Seconds since 1970 of the last handshake; 0 for never. */
    public long lastHandshake() {
        String text = machine.must("wg", "show", device, "latest-handshakes").strip();
        return text.isEmpty() ? 0 : Long.parseLong(text.split("\\s+", -1)[1]);
    }

    /** Where the client sends now. */
    public String peerEndpoint() {
        return machine.must("wg", "show", device, "endpoints").strip().split("\\s+", -1)[1];
    }

    /** Bytes received and sent, as wg counts them. */
    public long[] transfer() {
        String[] fields = machine.must("wg", "show", device, "transfer").strip().split("\\s+", -1);
        return new long[] {Long.parseLong(fields[1]), Long.parseLong(fields[2])};
    }

    /** Ends the client as a power failure would. */
    public void kill() {
        process.kill();
    }

    private void bringUp(Map<String, List<String>> keys) {
        machine.must("ip", "addr", "add", one(keys, "Address"), "dev", device);
        String mtu = keys.containsKey("MTU") ? one(keys, "MTU") : "1420";
        machine.must("ip", "link", "set", device, "mtu", mtu, "up");
        String allowed = machine.must("wg", "show", device, "allowed-ips").strip();
        for (String line : allowed.lines().toList()) {
            String[] fields = line.split("\\s+", -1);
            for (int i = 1; i < fields.length; i++) {
                if (fields[i].contains("/")) {
                    machine.must("ip", "route", "replace", fields[i], "dev", device);
                }
            }
        }
    }

    private static String one(Map<String, List<String>> keys, String name) {
        return Optional.ofNullable(keys.get(name))
                .map(List::getFirst)
                .orElseThrow(() -> new RigException("The clientpack has no " + name));
    }

    /** The keys of the [Interface] section. */
    private static Map<String, List<String>> interfaceKeys(String configuration) {
        String section = configuration.split("\\[Peer\\]", 2)[0];
        return section.lines()
                .map(line -> line.split("#", 2)[0].strip())
                .filter(line -> line.contains("="))
                .map(line -> line.split("\\s*=\\s*", 2))
                .collect(
                        Collectors.groupingBy(
                                pair -> pair[0],
                                Collectors.mapping(pair -> pair[1], Collectors.toList())));
    }

    private static String strip(String configuration) {
        return configuration
                .lines()
                .filter(line -> !OF_WG_QUICK.contains(line.split("=", 2)[0].strip()))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
