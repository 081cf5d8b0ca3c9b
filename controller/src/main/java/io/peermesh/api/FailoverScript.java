package io.peermesh.api;

import io.peermesh.crypto.PublicKey;
import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.SourceAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The files that let a stock WireGuard interface move between controllers: a POSIX shell script,
 * and a systemd service and timer that run it. They hold the gateway's public key and no secret:
 * everything else is asked of {@code wg} when the script runs. None of the types that go into the
 * script can hold a character that is special to a shell.
 *
 * @param gateway the public key that all controllers show
 * @param endpoints where clients reach the controllers, that of the home first
 * @param probes overlay addresses of the controllers; one that answers a ping will do
 * @param device name of the WireGuard interface, see {@link #isDevice}
 */
public record FailoverScript(
        PublicKey gateway, List<SourceAddress> endpoints, List<IpAddress> probes, String device) {
    private static final String RESOURCE = "failover.sh";

    /** Copies the lists; refuses a device that could not be one. */
    public FailoverScript {
        endpoints = List.copyOf(endpoints);
        probes = List.copyOf(probes);
        if (!isDevice(device)) {
            throw new IllegalArgumentException("not a name for an interface: '" + device + "'");
        }
    }

    /** Whether a text may name an interface: at most 15 letters, digits, '_', '-' and '.'. */
    public static boolean isDevice(String text) {
        return text.matches("[A-Za-z0-9_.-]{1,15}") && !text.startsWith(".");
    }

    /** The files' name without its ending. */
    public String name() {
        return "peermesh-failover-" + device;
    }

    /** The script. */
    public String script() {
        return template()
                .replace("@INTERFACE@", device)
                .replace("@KEY@", gateway.toString())
                .replace("@ENDPOINTS@", words(endpoints))
                .replace("@PROBES@", words(probes));
    }

    private static String words(List<?> list) {
        return list.stream().map(Object::toString).collect(Collectors.joining(" "));
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

    /** The systemd service that runs it once. */
    public String service() {
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

    /** The systemd timer that runs the service. */
    public String timer() {
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

    /** What to do with the files, for people. */
    public String howToInstall() {
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
