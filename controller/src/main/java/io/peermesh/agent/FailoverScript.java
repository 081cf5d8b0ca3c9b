package io.peermesh.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes the files that let a stock WireGuard interface move between controllers: a POSIX shell
 * script, and a systemd service and timer that run it. They hold the gateway's public key and no
 * secret: everything else is asked of {@code wg} when the script runs.
 */
final class FailoverScript {
    private static final String RESOURCE = "failover.sh";

    private final Pack pack;
    private final String device;

    FailoverScript(Pack pack, String device) {
        this.pack = pack;
        this.device = device;
    }

    private String name() {
        return "peermesh-failover-" + device;
    }

    /** Writes the three files and says where they are. */
    List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path script = folder.resolve(name() + ".sh");
        Path service = folder.resolve(name() + ".service");
        Path timer = folder.resolve(name() + ".timer");
        Files.writeString(script, script());
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(service, service());
        Files.writeString(timer, timer());
        return List.of(script, service, timer);
    }

    /** The script. What is put in was checked by {@link PackReader}: no character is special. */
    String script() {
        // The home controller is where the interface begins: the list starts with it.
        String endpoints =
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(pack.controller(pack.homeId())),
                                pack.controllers().values().stream()
                                        .filter(each -> each.id() != pack.homeId()))
                        .map(each -> each.endpoint().toString())
                        .collect(Collectors.joining(" "));
        String probes =
                pack.controllers().values().stream()
                        .map(each -> each.overlayAddress().toString())
                        .collect(Collectors.joining(" "));
        return template()
                .replace("@INTERFACE@", device)
                .replace("@KEY@", pack.gateway().toString())
                .replace("@ENDPOINTS@", endpoints)
                .replace("@PROBES@", probes);
    }

    private static String template() {
        try (InputStream in = FailoverScript.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + RESOURCE, e);
        }
    }

    String service() {
        return """
        [Unit]
        Description=Point WireGuard interface %1$s at a Peermesh controller that answers
        After=network-online.target

        [Service]
        Type=oneshot
        ExecStart=/usr/local/sbin/%2$s.sh
        """
                .formatted(device, name());
    }

    String timer() {
        return """
        [Unit]
        Description=Look every 2 s whether the controller of WireGuard interface %1$s answers

        [Timer]
        OnBootSec=10s
        OnUnitInactiveSec=2s
        AccuracySec=100ms

        [Install]
        WantedBy=timers.target
        """
                .formatted(device);
    }

    String howToInstall() {
        return """
        As root, in that folder:
          install -m 755 %1$s.sh /usr/local/sbin/
          install -m 644 %1$s.service %1$s.timer /etc/systemd/system/
          systemctl daemon-reload
          systemctl enable --now %1$s.timer
        """
                .formatted(name());
    }
}
