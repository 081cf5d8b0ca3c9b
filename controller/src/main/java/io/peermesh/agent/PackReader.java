package io.peermesh.agent;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.wire.LinkPorts;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a clientpack strictly: each setting once, each value checked, and the controllers from the
 * comments that a stock WireGuard does not see:
 *
 * <pre>
 *   # Peermesh-Controller = ID OVERLAY-ADDRESS HOST:PORT
 *   # Peermesh-Virtual = OVERLAY-ADDRESS
 * </pre>
 *
 * A message names the line and never repeats a key.
 */
final class PackReader {
    /** Far more than any pack has. */
    static final int MAX_CHARACTERS = 65_536;

    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 9_000;
    private static final int MAX_PREFIXES = 1_024;
    private static final String NEXT = "; download the pack anew from a controller";

    /** What wg-quick(8) does and we do not. */
    private static final Set<String> IGNORED =
            Set.of(
                    "interface.dns",
                    "interface.table",
                    "interface.fwmark",
                    "interface.saveconfig",
                    "interface.preup",
                    "interface.postup",
                    "interface.predown",
                    "interface.postdown");

    private static final Set<String> KNOWN =
            Set.of(
                    "interface.privatekey",
                    "interface.address",
                    "interface.listenport",
                    "interface.mtu",
                    "peer.publickey",
                    "peer.presharedkey",
                    "peer.endpoint",
                    "peer.allowedips",
                    "peer.persistentkeepalive");

    private final Map<String, Entry> settings = new HashMap<>();
    private final TreeMap<Integer, Pack.Controller> controllers = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<IpAddress> virtualAddress = Optional.empty();
    private String section = "";

    private PackReader() {}

    /** What became of a text. */
    sealed interface Reading {
        /** It is a clientpack; the warnings are for the operator. */
        record Read(Pack pack, List<String> warnings) implements Reading {}

        /** It is none, or broken. */
        record Refused(String reason) implements Reading {}
    }

    private record Entry(int line, String value) {}

    /** Ends the reading; never leaves this class. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Reads the text of a clientpack. */
    static Reading read(String text) {
        var reader = new PackReader();
        try {
            if (text.length() > MAX_CHARACTERS) {
                throw new Refusal("this is no clientpack: it is longer than 64 KB");
            }
            reader.readLines(text.lines().toList());
            Pack pack = reader.pack();
            return new Reading.Read(pack, List.copyOf(reader.warnings));
        } catch (Refusal refusal) {
            return new Reading.Refused(String.valueOf(refusal.getMessage()));
        }
    }

    // ---- lines

    private void readLines(List<String> lines) throws Refusal {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("#")) {
                readComment(i + 1, line.substring(1).strip());
                continue;
            }
            int hash = line.indexOf('#');
            readSetting(i + 1, (hash < 0 ? line : line.substring(0, hash)).strip());
        }
    }

    private void readSetting(int number, String line) throws Refusal {
        if (line.isEmpty()) {
            return;
        }
        if (line.startsWith("[")) {
            beginSection(number, line.toLowerCase(Locale.ROOT));
            return;
        }
        int equals = line.indexOf('=');
        if (equals < 0 || section.isEmpty()) {
            throw new Refusal("this is no clientpack: line %d is no setting".formatted(number));
        }
        String name = line.substring(0, equals).strip();
        String key = section + "." + name.toLowerCase(Locale.ROOT);
        if (IGNORED.contains(key)) {
            warnings.add("line %d: %s is left to wg-quick, not done here".formatted(number, name));
        } else if (!KNOWN.contains(key)) {
            throw new Refusal("line %d: unknown setting%s".formatted(number, NEXT));
        } else if (settings.putIfAbsent(key, new Entry(number, line.substring(equals + 1).strip()))
                != null) {
            throw new Refusal("line %d: %s is there twice".formatted(number, name));
        }
    }

    private void beginSection(int number, String line) throws Refusal {
        section =
                switch (line) {
                    case "[interface]" -> "interface";
                    case "[peer]" -> {
                        if (section.equals("peer")) {
                            throw new Refusal(
                                    "line %d: a second [Peer]; a clientpack has one, whose key all"
                                                    .formatted(number)
                                            + " controllers show");
                        }
                        yield "peer";
                    }
                    default ->
                            throw new Refusal(
                                    "this is no clientpack: line %d is no section"
                                            .formatted(number));
                };
    }

    private void readComment(int number, String comment) throws Refusal {
        int equals = comment.indexOf('=');
        if (equals < 0 || !comment.startsWith("Peermesh-")) {
            return;
        }
        String value = comment.substring(equals + 1).strip();
        switch (comment.substring(0, equals).strip()) {
            case "Peermesh-Controller" -> readController(number, value);
            case "Peermesh-Virtual" ->
                    virtualAddress = Optional.of(v4(number, "Peermesh-Virtual", value));
            default -> {} // of a newer version
        }
    }

    private void readController(int number, String value) throws Refusal {
        String[] fields = value.split("\\s+", -1);
        if (fields.length != 3) {
            throw new Refusal(
                    "line %d: Peermesh-Controller wants ID OVERLAY-ADDRESS HOST:PORT%s"
                            .formatted(number, NEXT));
        }
        int id =
                number(
                        new Entry(number, fields[0]),
                        "the controller id",
                        LinkPorts.MAX_CONTROLLERS);
        IpAddress overlay = v4(number, "Peermesh-Controller", fields[1]);
        Optional<SourceAddress> endpoint =
                fields[2].matches(".*:[0-9]+")
                        ? SourceAddress.parse(fields[2], 0)
                        : Optional.empty();
        if (id < 1 || endpoint.isEmpty()) {
            throw new Refusal(
                    "line %d: no controller id or no HOST:PORT%s".formatted(number, NEXT));
        }
        if (controllers.put(id, new Pack.Controller(id, overlay, endpoint.get())) != null) {
            throw new Refusal("line %d: controller %d is there twice".formatted(number, id));
        }
    }

    // ---- the whole

    private Pack pack() throws Refusal {
        if (!settings.containsKey("interface.privatekey")
                || !settings.containsKey("peer.publickey")) {
            throw new Refusal(
                    "this is no clientpack: it has no PrivateKey in [Interface] or no PublicKey in"
                            + " [Peer]");
        }
        if (controllers.isEmpty() || virtualAddress.isEmpty()) {
            throw new Refusal(
                    "the pack does not say where the controllers are: it has no"
                            + " Peermesh-Controller or Peermesh-Virtual lines"
                            + NEXT);
        }
        Secret privateKey = secret("interface.privatekey", "PrivateKey");
        PublicKey gateway = publicKey(required("peer.publickey", "PublicKey"));
        if (Identity.of(privateKey).publicKey().equals(gateway)) {
            throw new Refusal("PrivateKey and PublicKey belong together: that is no client" + NEXT);
        }
        return new Pack(
                privateKey,
                hostAddress(required("interface.address", "Address")),
                optionalNumber("interface.listenport", "ListenPort", 0, 65_535),
                mtu(),
                gateway,
                secret("peer.presharedkey", "PresharedKey"),
                allowed(required("peer.allowedips", "AllowedIPs")),
                homeId(required("peer.endpoint", "Endpoint")),
                controllers,
                virtualAddress.orElseThrow());
    }

    private Entry required(String key, String name) throws Refusal {
        Entry entry = settings.get(key);
        if (entry == null) {
            throw new Refusal("the pack has no " + name + NEXT);
        }
        return entry;
    }

    private Secret secret(String key, String name) throws Refusal {
        Entry entry = required(key, name);
        try {
            byte[] bytes = Base64.getDecoder().decode(entry.value());
            if (bytes.length == PublicKey.BYTES) {
                return Secret.of(bytes);
            }
        } catch (IllegalArgumentException e) {
            // said below, without repeating what might be a key
        }
        throw new Refusal(
                "line %d: %s is not 32 bytes in base64%s".formatted(entry.line(), name, NEXT));
    }

    private static PublicKey publicKey(Entry entry) throws Refusal {
        Optional<PublicKey> key = PublicKey.parse(entry.value());
        if (key.isEmpty()) {
            throw new Refusal(
                    "line %d: PublicKey is not 32 bytes in base64%s".formatted(entry.line(), NEXT));
        }
        return key.get();
    }

    private static IpAddress hostAddress(Entry entry) throws Refusal {
        Optional<Prefix> prefix = Prefix.parse(entry.value());
        if (prefix.isEmpty() || !prefix.get().isV4() || prefix.get().length() != 32) {
            throw new Refusal(
                    "line %d: Address must be one IPv4 address with /32".formatted(entry.line()));
        }
        return prefix.get().address();
    }

    private static IpAddress v4(int line, String name, String value) throws Refusal {
        Optional<IpAddress> address = IpAddress.parse(value).filter(IpAddress::isV4);
        if (address.isEmpty()) {
            throw new Refusal(
                    "line %d: %s wants an IPv4 overlay address%s".formatted(line, name, NEXT));
        }
        return address.get();
    }

    private int mtu() throws Refusal {
        int mtu = optionalNumber("interface.mtu", "MTU", 1_420, MAX_MTU);
        if (mtu < MIN_MTU) {
            throw new Refusal("MTU must be between %d and %d".formatted(MIN_MTU, MAX_MTU));
        }
        return mtu;
    }

    private int optionalNumber(String key, String name, int otherwise, int max) throws Refusal {
        Entry entry = settings.get(key);
        return entry == null ? otherwise : number(entry, name, max);
    }

    private static int number(Entry entry, String name, int max) throws Refusal {
        if (entry.value().matches("[0-9]{1,5}") && Integer.parseInt(entry.value()) <= max) {
            return Integer.parseInt(entry.value());
        }
        throw new Refusal(
                "line %d: %s must be a number of at most %d".formatted(entry.line(), name, max));
    }

    private static List<Prefix> allowed(Entry entry) throws Refusal {
        var prefixes = new ArrayList<Prefix>();
        for (String part : entry.value().split(",", -1)) {
            Optional<Prefix> prefix = Prefix.parse(part.strip());
            if (prefix.isEmpty() || !prefix.get().isV4() || prefix.get().length() == 0) {
                throw new Refusal(
                        "line %d: AllowedIPs must be IPv4 subnets, and not everything"
                                .formatted(entry.line()));
            }
            prefixes.add(prefix.get());
        }
        if (prefixes.size() > MAX_PREFIXES) {
            throw new Refusal("more than %d AllowedIPs".formatted(MAX_PREFIXES));
        }
        return prefixes;
    }

    /** The controller that the Endpoint names; the first when an operator has changed it. */
    private int homeId(Entry endpoint) {
        return controllers.values().stream()
                .filter(each -> each.endpoint().toString().equals(endpoint.value()))
                .map(Pack.Controller::id)
                .findFirst()
                .orElseGet(controllers::firstKey);
    }
}
