package io.peermesh.cli;

import io.peermesh.ip.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code peermesh controller}. */
@Command(
        name = "controller",
        description = "Run a controller until it is stopped (SIGTERM or Ctrl-C).",
        mixinStandardHelpOptions = true)
final class ControllerCommand implements Callable<Integer> {
    private static final int DEFAULT_API_PORT = 8000;
    private static final int MAX_INTERFACE_NAME = 15; // IFNAMSIZ - 1

    private final Launcher launcher;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Where the state is kept; made at the first start.")
    private Path data = Path.of(".");

    @Option(
            names = "--api",
            paramLabel = "ADDR[:PORT]",
            defaultValue = "0.0.0.0:8000",
            description =
                    "Where the API listens. Other controllers fetch the keyset there."
                            + " Default: ${DEFAULT-VALUE}")
    private String api = "";

    @Option(
            names = "--underlay",
            paramLabel = "ADDR",
            description =
                    "The address that peers and clients reach: UDP ports are bound to it."
                            + " Default: all addresses.")
    private @Nullable String underlay;

    @Option(
            names = "--client-port",
            paramLabel = "PORT",
            defaultValue = "51820",
            description = "The clients' UDP port. Default: ${DEFAULT-VALUE}")
    private int clientPort;

    @Option(
            names = "--tun",
            paramLabel = "NAME|none",
            defaultValue = "peermesh0",
            description =
                    "The TUN device; none forwards between tunnels only and needs no root."
                            + " Default: ${DEFAULT-VALUE}")
    private String tun = "";

    @Option(
            names = "--initial-api-password-file",
            paramLabel = "FILE",
            description = "Holds the first password; without it one is generated and shown once.")
    private @Nullable Path initialApiPasswordFile;

    @Option(
            names = "--disable",
            paramLabel = "WORDS",
            defaultValue = "",
            description = "Features to do without, such as no-gso,no-gro,no-vnet,no-libcrypto.")
    private String disabled = "";

    @Option(
            names = "--allow-weak-token",
            description = "Let in security tokens of fewer than 12 characters.")
    private boolean allowWeakToken;

    ControllerCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() {
        return launcher.controller(options());
    }

    private ControllerOptions options() {
        if (clientPort < 1 || clientPort > 65535) {
            throw bad("--client-port must be between 1 and 65535");
        }
        if (tun.isEmpty() || tun.length() > MAX_INTERFACE_NAME || tun.matches(".*[\\s/].*")) {
            throw bad("--tun must be an interface name of at most 15 characters, or none");
        }
        return new ControllerOptions(
                data,
                apiAddress(),
                Optional.ofNullable(underlay).map(this::underlayAddress),
                clientPort,
                tun.equals("none") ? Optional.empty() : Optional.of(tun),
                Optional.ofNullable(initialApiPasswordFile),
                disabled,
                allowWeakToken);
    }

    private InetSocketAddress apiAddress() {
        boolean bareV6 = IpAddress.parse(api).map(address -> !address.isV4()).orElse(false);
        int colon = bareV6 || api.endsWith("]") ? -1 : api.lastIndexOf(':');
        String host = (colon < 0 ? api : api.substring(0, colon)).replaceAll("[\\[\\]]", "");
        IpAddress address =
                IpAddress.parse(host)
                        .orElseThrow(() -> bad("--api must be an IP address[:port], not " + api));
        try {
            int port = colon < 0 ? DEFAULT_API_PORT : Integer.parseInt(api.substring(colon + 1));
            return new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw bad("--api must be an IP address[:port], not " + api);
        }
    }

    private IpAddress underlayAddress(String text) {
        return IpAddress.parse(text.replaceAll("[\\[\\]]", ""))
                .orElseThrow(() -> bad("--underlay must be an IP address, not " + text));
    }

    private ParameterException bad(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
