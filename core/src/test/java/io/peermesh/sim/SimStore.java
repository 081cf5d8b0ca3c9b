package io.peermesh.sim;

import io.peermesh.node.Desired;
import io.peermesh.replication.SharedEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A controller's disk: the topology-wide state, and what follows from it for the configuration. As
 * in the product, a change is stored first and the node is told second, and a restart begins with
 * what is stored.
 */
final class SimStore {
    private static final String DISABLED = "1";
    private static final String ENABLED = "0";

    private final Map<String, SharedEntry> entries = new TreeMap<>();

    /** Takes over what is newer. */
    void merge(List<SharedEntry> heard) {
        for (SharedEntry entry : heard) {
            SharedEntry known = entries.get(entry.key());
            if (known == null || entry.isNewerThan(known)) {
                entries.put(entry.key(), entry);
            }
        }
    }

    /** An administrator disables or enables a clientpack here. */
    void setDisabled(Desired.Client client, boolean disabled, int controllerId) {
        String key = key(client);
        long counter = entries.containsKey(key) ? entries.get(key).counter() + 1 : 1;
        String value = disabled ? DISABLED : ENABLED;
        entries.put(key, new SharedEntry(key, value, counter, controllerId));
    }

    /** The disk is lost, with all that was on it. */
    void wipe() {
        entries.clear();
    }

    /** All that is stored, by key. */
    List<SharedEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** The packs that may connect. */
    List<Desired.Client> enabled(List<Desired.Client> all) {
        var enabled = new ArrayList<Desired.Client>();
        for (Desired.Client client : all) {
            SharedEntry entry = entries.get(key(client));
            if (entry == null || !entry.value().equals(DISABLED)) {
                enabled.add(client);
            }
        }
        return enabled;
    }

    private static String key(Desired.Client client) {
        return "pack/" + client.overlayAddress() + "/disabled";
    }

    /** 40 hex digits that differ where the stored state does, as the topology checksum. */
    String checksum() {
        long sum = 1;
        for (SharedEntry entry : entries.values()) {
            sum = sum * 0x9e37_79b9_7f4a_7c15L + entry.hashCode();
        }
        byte[] bytes = ByteBuffer.allocate(8).putLong(sum).array();
        return java.util.HexFormat.of().formatHex(bytes) + "0".repeat(24);
    }
}
