package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.Checksums;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.License;
import io.peermesh.replication.SharedEntry;
import io.peermesh.store.Keysets;
import io.peermesh.store.Licenses;
import io.peermesh.store.Peers;
import io.peermesh.store.Routes;
import io.peermesh.store.StoreException;
import io.peermesh.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Everything that is configured, as one immutable value; read from the store after each change.
 *
 * @param local fields of this controller alone, by {@link Field}
 * @param license the license, whether or not its parameters are accepted
 * @param addressing empty until they are
 * @param peers by controller id
 * @param routes by id
 * @param packs state of every clientpack that differs from a new one, by overlay address
 * @param checksum the topology checksum; empty without accepted license and keyset
 */
record Configuration(
        UUID installation,
        Map<String, String> local,
        Optional<Licensed> license,
        Optional<Addressing> addressing,
        Optional<Keysets.Row> keyset,
        SortedMap<Integer, Peers.Row> peers,
        SortedMap<Integer, Routes.Row> routes,
        SharedFields shared,
        Map<IpAddress, PackState> packs,
        Optional<String> checksum) {

    /** Names of local fields. */
    static final class Field {
        static final String INSTALLATION = "installation";
        static final String CONTROLLER_NAME = "controller_name";
        static final String NTP_HOSTS = "ntp_hosts";
        static final String SELF_ID = "self_id";
        static final String CLIENT_ENDPOINT = "client_endpoint";
        static final String DRAINING = "draining";
        static final String WEIGHT = "weight";
        static final String MOVES_PER_MINUTE = "moves_per_minute";
        static final String PROBES = "probes";
        static final String REMOVED_ROUTES = "removed_routes";

        private Field() {}
    }

    /** A license as stored, and what it says. */
    record Licensed(Licenses.Row row, License license) {}

    /** Reads it; the installation must have its name already. */
    static Configuration load(Transaction tx) {
        Map<String, String> local = tx.local().all();
        Optional<Licensed> license = tx.license().find().map(Configuration::licensed);
        Optional<Addressing> addressing = license.flatMap(Configuration::addressing);
        Optional<Keysets.Row> keyset = tx.keyset().find();
        List<SharedEntry> entries = tx.shared().all();
        var peers = new TreeMap<Integer, Peers.Row>();
        tx.peers().all().forEach(peer -> peers.put(peer.controllerId(), peer));
        var routes = new TreeMap<Integer, Routes.Row>();
        tx.routes().all().forEach(route -> routes.put(route.id(), route));
        return new Configuration(
                UUID.fromString(local.getOrDefault(Field.INSTALLATION, "")),
                local,
                license,
                addressing,
                keyset,
                peers,
                routes,
                SharedFields.of(entries),
                PackState.all(entries),
                addressing.isEmpty() || keyset.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Checksums.topology(
                                        keyset.get().keyset(),
                                        license.orElseThrow().license().text(),
                                        license.orElseThrow().row().parameters(),
                                        entries)));
    }

    private static Licensed licensed(Licenses.Row row) {
        return switch (License.parse(row.text())) {
            case License.Parsed.Good(License license) -> new Licensed(row, license);
            case License.Parsed.Bad(String reason) ->
                    throw new StoreException("the stored license cannot be read: " + reason);
        };
    }

    private static Optional<Addressing> addressing(Licensed licensed) {
        String parameters = licensed.row().parameters();
        if (parameters.isEmpty()) {
            return Optional.empty();
        }
        Optional<Addressing> addressing = AddressingText.parse(parameters);
        if (addressing.isEmpty()) {
            throw new StoreException("the stored license parameters cannot be read");
        }
        return addressing;
    }

    boolean isLicensed() {
        return addressing.isPresent();
    }

    OptionalInt selfId() {
        String text = local.getOrDefault(Field.SELF_ID, "");
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    /** The id that stands on shared entries written here; 1 until the own one is chosen. */
    int writerId() {
        return selfId().orElse(1);
    }

    /** The configured name, else the license's; empty without either. */
    String topologyName() {
        return shared.find(SharedFields.TOPOLOGY_NAME)
                .or(() -> license.map(each -> each.license().claims().topologyName()))
                .orElse("");
    }

    PackState pack(IpAddress address) {
        return packs.getOrDefault(address, PackState.NEW);
    }
}
