package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.replication.SharedEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sealed content of the last message of a fetch, JSON in UTF-8:
 *
 * <pre>
 *   {"keyset": {"uuid": "...", "generation": 1, "created": millis, "secret": base64(32)},
 *    "license": "...", "parameters": "...",
 *    "shared": [["key", "value", counter, controller id], ...]}
 * </pre>
 */
final class HandoutCodec {
    /** The most shared entries that are read. */
    static final int MAX_SHARED = 500_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private HandoutCodec() {}

    static byte[] toBytes(Handout handout) {
        var json = JSON.createObjectNode();
        byte[] secret = handout.keyset().topologySecret().reveal();
        json.putObject("keyset")
                .put("uuid", handout.keyset().uuid().toString())
                .put("generation", handout.keyset().generation())
                .put("created", handout.keyset().createdEpochMillis())
                .put("secret", Base64.getEncoder().encodeToString(secret));
        json.put("license", handout.license()).put("parameters", handout.parameters());
        var shared = json.putArray("shared");
        for (SharedEntry entry : handout.shared()) {
            shared.addArray()
                    .add(entry.key())
                    .add(entry.value())
                    .add(entry.counter())
                    .add(entry.controllerId());
        }
        return JSON.writeValueAsBytes(json);
    }

    static Optional<Handout> parse(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            JsonNode keyset = json.path("keyset");
            Optional<List<SharedEntry>> shared = shared(json.path("shared"));
            if (shared.isEmpty()) {
                return Optional.empty();
            }
            byte[] secret = Base64.getDecoder().decode(keyset.path("secret").asString(""));
            return Optional.of(
                    new Handout(
                            new Keyset(
                                    UUID.fromString(keyset.path("uuid").asString("")),
                                    keyset.path("generation").asInt(0),
                                    keyset.path("created").asLong(0),
                                    Secret.of(secret)),
                            json.path("license").asString(""),
                            json.path("parameters").asString(""),
                            shared.get()));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // malformed, though sealed: another version's mistake
        }
    }

    private static Optional<List<SharedEntry>> shared(JsonNode array) {
        if (!array.isArray() || array.size() > MAX_SHARED) {
            return Optional.empty();
        }
        var entries = new ArrayList<SharedEntry>();
        for (JsonNode row : array) {
            var entry =
                    new SharedEntry(
                            row.path(0).asString(""),
                            row.path(1).asString(""),
                            row.path(2).asLong(0),
                            row.path(3).asInt(0));
            if (!isSound(entry)) {
                return Optional.empty();
            }
            entries.add(entry);
        }
        return Optional.of(entries);
    }

    private static boolean isSound(SharedEntry entry) {
        int key = entry.key().getBytes(StandardCharsets.UTF_8).length;
        int value = entry.value().getBytes(StandardCharsets.UTF_8).length;
        return key >= 1
                && key <= SharedEntry.MAX_KEY_BYTES
                && value <= SharedEntry.MAX_VALUE_BYTES
                && entry.counter() >= 1
                && entry.controllerId() >= 1
                && entry.controllerId() <= 10;
    }
}
