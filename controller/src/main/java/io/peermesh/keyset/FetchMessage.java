package io.peermesh.keyset;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The messages of a keyset fetch, JSON objects in UTF-8 with base64 fields:
 *
 * <pre>
 *   client                                                    source
 *   {"type":"hello","versions":[1],"nonce":32}        ->
 *        <-  {"type":"offer","version":1,"exchange":16,"nonce":32,
 *             "salt":16,"cost":"n,r,p","round1":1600}
 *   {"type":"share","exchange":16,
 *    "round1":1600,"round2":800,"kem":1206}           ->
 *        <-  {"type":"answer","round2":800,"kem":1088}
 *   {"type":"confirm","exchange":16,"mac":32}         ->
 *        <-  {"type":"keyset","mac":32,"sealed":...}
 *   in the place of each answer:
 *        <-  {"type":"refused","reason":"...","versions":[1]}
 * </pre>
 *
 * <p>Parsing answers empty for anything else; unknown fields are let be.
 */
sealed interface FetchMessage {
    /** The version of the exchange that this program speaks. */
    int VERSION = 1;

    /** Length of exchange ids. */
    int ID_BYTES = 16;

    /** Length of nonces. */
    int NONCE_BYTES = 32;

    /** Length of confirmations. */
    int MAC_BYTES = 32;

    /** The client begins. */
    record Hello(List<Integer> versions, byte[] nonce) implements FetchMessage {}

    /** The source has a keyset, and says how its token was stretched. */
    record Offer(
            int version, byte[] exchange, byte[] nonce, byte[] salt, String cost, byte[] round1)
            implements FetchMessage {}

    /** The client's part of the key agreement. */
    record Share(byte[] exchange, byte[] round1, byte[] round2, byte[] kem)
            implements FetchMessage {}

    /** The source's part of the key agreement. */
    record Answer(byte[] round2, byte[] kem) implements FetchMessage {}

    /** The client shows that it has the key. */
    record Confirm(byte[] exchange, byte[] mac) implements FetchMessage {}

    /** The source shows that it has the key, and hands out the keyset. */
    record Sealed(byte[] mac, byte[] sealed) implements FetchMessage {}

    /** The source does not go on. */
    record Refused(FetchRefusal reason, List<Integer> versions) implements FetchMessage {}

    /** As it goes over the wire. */
    default byte[] toBytes() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        switch (this) {
            case Hello(var versions, var nonce) -> {
                json.put("type", "hello");
                putVersions(json, versions);
                json.put("nonce", base64(nonce));
            }
            case Offer(var version, var exchange, var nonce, var salt, var cost, var round1) ->
                    json.put("type", "offer")
                            .put("version", version)
                            .put("exchange", base64(exchange))
                            .put("nonce", base64(nonce))
                            .put("salt", base64(salt))
                            .put("cost", cost)
                            .put("round1", base64(round1));
            case Share(var exchange, var round1, var round2, var kem) ->
                    json.put("type", "share")
                            .put("exchange", base64(exchange))
                            .put("round1", base64(round1))
                            .put("round2", base64(round2))
                            .put("kem", base64(kem));
            case Answer(var round2, var kem) ->
                    json.put("type", "answer")
                            .put("round2", base64(round2))
                            .put("kem", base64(kem));
            case Confirm(var exchange, var mac) ->
                    json.put("type", "confirm")
                            .put("exchange", base64(exchange))
                            .put("mac", base64(mac));
            case Sealed(var mac, var sealed) ->
                    json.put("type", "keyset")
                            .put("mac", base64(mac))
                            .put("sealed", base64(sealed));
            case Refused(var reason, var versions) -> {
                json.put("type", "refused").put("reason", reason.label());
                putVersions(json, versions);
            }
        }
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    /** Reads a message; empty when it is malformed. */
    static Optional<FetchMessage> parse(byte[] bytes) {
        try {
            JsonNode json = JsonMapper.shared().readTree(bytes);
            return switch (json.path("type").asString("")) {
                case "hello" ->
                        Optional.of(new Hello(versions(json), bytes(json, "nonce", NONCE_BYTES)));
                case "offer" -> Optional.of(offer(json));
                case "share" ->
                        Optional.of(
                                new Share(
                                        bytes(json, "exchange", ID_BYTES),
                                        bytes(json, "round1", Juggling.ROUND1_BYTES),
                                        bytes(json, "round2", Juggling.ROUND2_BYTES),
                                        bytes(json, "kem", Encapsulation.PUBLIC_KEY_BYTES)));
                case "answer" ->
                        Optional.of(
                                new Answer(
                                        bytes(json, "round2", Juggling.ROUND2_BYTES),
                                        bytes(json, "kem", Encapsulation.CIPHERTEXT_BYTES)));
                case "confirm" ->
                        Optional.of(
                                new Confirm(
                                        bytes(json, "exchange", ID_BYTES),
                                        bytes(json, "mac", MAC_BYTES)));
                case "keyset" ->
                        Optional.of(
                                new Sealed(bytes(json, "mac", MAC_BYTES), base64(json, "sealed")));
                case "refused" ->
                        FetchRefusal.parse(json.path("reason").asString(""))
                                .map(reason -> new Refused(reason, versions(json)));
                default -> Optional.empty();
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // no JSON, no base64, or a field of another length
        }
    }

    private static Offer offer(JsonNode json) {
        return new Offer(
                json.path("version").asInt(0),
                bytes(json, "exchange", ID_BYTES),
                bytes(json, "nonce", NONCE_BYTES),
                bytes(json, "salt", Scrypt.SALT_BYTES),
                json.path("cost").asString(""),
                bytes(json, "round1", Juggling.ROUND1_BYTES));
    }

    private static void putVersions(ObjectNode json, List<Integer> versions) {
        var array = json.putArray("versions");
        versions.forEach(array::add);
    }

    private static List<Integer> versions(JsonNode json) {
        var versions = new ArrayList<Integer>();
        for (JsonNode version : json.path("versions")) {
            versions.add(version.asInt(0));
        }
        return List.copyOf(versions);
    }

    private static byte[] bytes(JsonNode json, String name, int length) {
        byte[] bytes = base64(json, name);
        if (bytes.length != length) {
            throw new IllegalArgumentException(name + " has " + bytes.length + " bytes");
        }
        return bytes;
    }

    private static byte[] base64(JsonNode json, String name) {
        return Base64.getDecoder().decode(json.path(name).asString(""));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
