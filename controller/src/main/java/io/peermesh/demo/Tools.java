package io.peermesh.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The programs that the rig needs, and the Debian packages that have them. */
final class Tools {
    /** What any rig needs. */
    static final Map<String, String> NAMESPACES =
            ordered(
                    "ip", "iproute2",
                    "bridge", "iproute2",
                    "unshare", "util-linux",
                    "nsenter", "util-linux",
                    "setsid", "util-linux",
                    "mount", "mount",
                    "bash", "bash");

    /** What the demonstration needs besides. */
    static final Map<String, String> CLIENTS =
            ordered(
                    "ping", "iputils-ping",
                    "wg", "wireguard-tools",
                    "wireguard-go", "wireguard-go");

    private static final List<String> FOLDERS =
            List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin");
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);

    private Tools() {}

    /** The packages of those programs that are not there; {@code /dev/net/tun} counts as one. */
    static List<String> missing(Map<String, String> programs) {
        var packages = new TreeSet<String>();
        programs.forEach((program, packageName) -> {
            if (!isThere(program)) {
                packages.add(packageName);
            }
        });
        return new ArrayList<>(packages);
    }

    /** Whether a TUN device can be opened at all. */
    static boolean hasTun() {
        return Files.isWritable(Path.of("/dev/net/tun"));
    }

    /** Installs Debian packages, as root. */
    static Output install(List<String> packages) {
        var update = Commands.run(INSTALL_LIMIT, List.of("apt-get", "-qq", "update"));
        if (!update.ok()) {
            return update;
        }
        var command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "DEBIAN_FRONTEND=noninteractive",
                                "apt-get",
                                "-qq",
                                "install",
                                "-y",
                                "--no-install-recommends"));
        command.addAll(packages);
        return Commands.run(INSTALL_LIMIT, command);
    }

    /** Whether a program can be run. */
    static boolean isThere(String program) {
        return FOLDERS.stream().anyMatch(at -> Files.isExecutable(Path.of(at, program)));
    }

    private static Map<String, String> ordered(String... pairs) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return Map.copyOf(map);
    }
}
