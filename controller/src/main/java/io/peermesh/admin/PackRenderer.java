package io.peermesh.admin;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.crypto.X25519;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.license.Addressing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Writes a clientpack as a WireGuard configuration. The same input gives the same bytes. Everything
 * outside of comments is what a stock client needs. The comments are for its operator, and for our
 * own agent, which reads these (see {@code io.peermesh.agent.Pack}):
 *
 * <pre>
 *   # Peermesh-Controller = ID OVERLAY-ADDRESS HOST:PORT     one line for each, home included
 *   # Peermesh-Virtual = OVERLAY-ADDRESS                     every controller answers there
 * </pre>
 */
final class PackRenderer {
    /** The client listens on a fixed port, so that every controller may begin a handshake. */
    static final int LISTEN_PORT = 51820;

    /** Keeps the client's firewall and NAT open. */
    static final int KEEPALIVE_SECONDS = 25;

    private PackRenderer() {}

    /**
     * What goes into a pack.
     *
     * @param addressing the overlay addresses of the controllers
     * @param homeId the controller that the pack names
     * @param endpoints where clients reach each controller, home included
     * @param allowed the overlay subnet, then the advertised ones
     */
    record Input(
            Keyset keyset,
            String topologyName,
            Addressing addressing,
            IpAddress address,
            int generation,
            int mtuBytes,
            int homeId,
            SortedMap<Integer, EndpointAdmin.Endpoint> endpoints,
            List<Prefix> allowed) {
        /** The same with another home and other endpoints. */
        Input with(int home, SortedMap<Integer, EndpointAdmin.Endpoint> others) {
            return new Input(
                    keyset,
                    topologyName,
                    addressing,
                    address,
                    generation,
                    mtuBytes,
                    home,
                    others,
                    allowed);
        }
    }

    static String fileName(IpAddress address) {
        return name(address) + ".conf";
    }

    /** A pack is named by its overlay address with underscores. */
    static String name(IpAddress address) {
        return address.toString().replace('.', '_');
    }

    static String render(Input input) {
        return comments(input) + settings(input);
    }

    /**
     * Differs when, and only when, a pack no longer does what a new one with the same home would,
     * for a stock client or for our agent: what is prose, such as the topology's name, does not
     * count.
     *
     * <pre>
     *   HOME SHA1 ID=ENDPOINT ID=ENDPOINT ...     SHA1 of the settings and of the lines for the agent
     * </pre>
     */
    static String digest(Input input) {
        var text = new StringBuilder();
        text.append(input.homeId()).append(' ');
        text.append(sha1(settings(input) + linesForAgent(input)));
        input.endpoints()
                .forEach((id, each) ->
                        text.append(' ').append(id).append('=').append(each.endpoint()));
        return text.toString();
    }

    /** The home in a digest; empty for none. */
    static Optional<Integer> homeOf(String digest) {
        int blank = digest.indexOf(' ');
        return blank < 0
                ? Optional.empty()
                : Optional.of(Integer.valueOf(digest.substring(0, blank)));
    }

    /** The endpoints in a digest, by controller id. */
    static Map<Integer, String> endpointsOf(String digest) {
        return Arrays.stream(digest.split(" ", -1))
                .map(field -> field.split("=", 2))
                .filter(field -> field.length == 2)
                .collect(Collectors.toMap(field -> Integer.valueOf(field[0]), field -> field[1]));
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    /**
     * What the failover of a stock client needs. An endpoint that another controller tells, and
     * that is none, is left out.
     */
    static PackWays ways(Input input) {
        List<IpAddress> licensed = input.addressing().controllers();
        List<EndpointAdmin.Endpoint> homeFirst =
                input.endpoints().values().stream()
                        .filter(each -> each.controllerId() <= licensed.size())
                        .sorted(Comparator.comparing(each -> each.controllerId() != input.homeId()))
                        .toList();
        return new PackWays(
                X25519.publicKey(new TopologyKeys(input.keyset()).gatewayKey()),
                homeFirst.stream()
                        .flatMap(each ->
                                SourceAddress.parse(each.endpoint(), ClientEndpoints.DEFAULT_PORT)
                                        .stream())
                        .toList(),
                homeFirst.stream()
                        .map(EndpointAdmin.Endpoint::controllerId)
                        .sorted()
                        .map(id -> licensed.get(id - 1))
                        .toList());
    }

    private static String comments(Input input) {
        var text = new StringBuilder();
        text.append("# Clientpack ").append(name(input.address()));
        text.append(" of the topology ").append(input.topologyName()).append('\n');
        text.append("# For one machine only. It holds keys: keep it private.\n#\n");
        text.append("# Home: controller ").append(input.homeId()).append(" at ");
        text.append(endpoint(input, input.homeId())).append('\n');
        input.endpoints().values().stream()
                .filter(each -> each.controllerId() != input.homeId())
                .forEach(each ->
                        text.append("# Also:  controller ")
                                .append(each.controllerId())
                                .append(" at ")
                                .append(each.endpoint())
                                .append('\n'));
        text.append("#\n# A controller may be the first to speak, after a restart for example.\n");
        text.append("# For that the client's firewall must admit UDP to its port ");
        text.append(LISTEN_PORT).append("\n# from all of the controllers above.\n");
        text.append("#\n# peermesh client up reads these, and moves when a controller fails:\n");
        text.append(linesForAgent(input));
        return text.toString();
    }

    private static String linesForAgent(Input input) {
        var text = new StringBuilder();
        List<IpAddress> controllers = input.addressing().controllers();
        input.endpoints().values().stream()
                .filter(each -> each.controllerId() <= controllers.size())
                .forEach(each ->
                        text.append("# Peermesh-Controller = ")
                                .append(each.controllerId())
                                .append(' ')
                                .append(controllers.get(each.controllerId() - 1))
                                .append(' ')
                                .append(each.endpoint())
                                .append('\n'));
        text.append("# Peermesh-Virtual = ").append(input.addressing().virtualAddress());
        return text.append('\n').toString();
    }

    private static String settings(Input input) {
        var keys = new TopologyKeys(input.keyset());
        int bits = input.address().v4Bits();
        return String.join(
                "\n",
                "[Interface]",
                "PrivateKey = " + base64(keys.clientKey(bits, input.generation())),
                "Address = " + input.address() + "/32",
                "ListenPort = " + LISTEN_PORT,
                "MTU = " + input.mtuBytes(),
                "",
                "[Peer]",
                "PublicKey = " + X25519.publicKey(keys.gatewayKey()),
                "PresharedKey = " + base64(keys.clientPresharedKey(bits, input.generation())),
                "Endpoint = " + endpoint(input, input.homeId()),
                "AllowedIPs = "
                        + input.allowed().stream()
                                .map(Prefix::toString)
                                .collect(Collectors.joining(", ")),
                "PersistentKeepalive = " + KEEPALIVE_SECONDS,
                "");
    }

    private static String endpoint(Input input, int id) {
        EndpointAdmin.Endpoint endpoint = input.endpoints().get(id);
        if (endpoint == null) {
            throw new IllegalArgumentException("no endpoint of controller " + id);
        }
        return endpoint.endpoint();
    }

    private static String base64(Secret secret) {
        return Base64.getEncoder().encodeToString(secret.reveal());
    }
}
