package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.replication.SharedEntry;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of one clientpack.
 *
 * @param generation from 1; part of what its keys are derived from
 */
record PackState(
        boolean disabled, boolean checkedOut, int generation, SortedMap<String, String> tags) {
    /** A pack that nobody has touched. */
    static final PackState NEW = new PackState(false, false, 1, Collections.emptySortedMap());

    /** The packs that shared entries speak of; entries that make no sense are let be. */
    static Map<IpAddress, PackState> all(List<SharedEntry> entries) {
        var packs = new HashMap<IpAddress, PackState>();
        for (SharedEntry entry : entries) {
            String[] parts = entry.key().split("/", 3);
            Optional<IpAddress> address =
                    entry.key().startsWith(SharedFields.PACK) && parts.length == 3
                            ? IpAddress.parse(parts[1])
                            : Optional.empty();
            address.ifPresent(each ->
                    packs.put(each, packs.getOrDefault(each, NEW).with(parts[2], entry.value())));
        }
        return Map.copyOf(packs);
    }

    private PackState with(String field, String value) {
        if (field.startsWith(SharedFields.TAG)) {
            return withTag(field.substring(SharedFields.TAG.length()), value);
        }
        return switch (field) {
            case SharedFields.DISABLED ->
                    new PackState(value.equals("1"), checkedOut, generation, tags);
            case SharedFields.CHECKED_OUT ->
                    new PackState(disabled, value.equals("1"), generation, tags);
            case SharedFields.GENERATION ->
                    new PackState(disabled, checkedOut, parseGeneration(value), tags);
            default -> this; // a field of a newer version
        };
    }

    private PackState withTag(String key, String value) {
        if (!value.startsWith("=")) {
            return this;
        }
        var more = new TreeMap<>(tags);
        more.put(key, value.substring(1));
        return new PackState(disabled, checkedOut, generation, more);
    }

    private static int parseGeneration(String value) {
        return value.matches("[0-9]{10}") ? (int) Math.max(1, Long.parseLong(value)) : 1;
    }

    /** The form in the shared state: texts compare as the numbers do. */
    static String generationText(int generation) {
        return "%010d".formatted(generation);
    }
}
