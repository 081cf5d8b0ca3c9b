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
 * The messages of a join, JSON objects in UTF-8 with base64 fields; what is sealed is in {@link
 * JoinCodec}:
 *
 * <pre>
 *   joiner                                                             source
 *   {"type":"hello","versions":[1]}                              ->
 *        <-  {"type":"challenge","version":1,"challenge":48}
 *   {"type":"request","challenge":48,"nonce":16,"sealed":...}    ->
 *        <-  {"type":"answer","sealed":...}
 *   in the place of each answer:
 *        <-  {"type":"refused","reason":"...","versions":[1]}
 * </pre>
 *
 * <p>Parsing answers empty for anything else; unknown fields are let be.
 */
sealed interface JoinMessage {
    /** The version of the exchange that this program speaks. */
    int VERSION = 1;

    /** Length of the joiner's nonce. */
    int NONCE_BYTES = 16;

    /** The joiner begins. */
    record Hello(List<Integer> versions) implements JoinMessage {}

    /** The source gives what makes the request fresh. */
    record Challenge(int version, byte[] challenge) implements JoinMessage {}

    /** One sealed {@link JoinRequest}. */
    record Request(byte[] challenge, byte[] nonce, byte[] sealed) implements JoinMessage {}

    /** One sealed {@link JoinAnswer}. */
    record Answer(byte[] sealed) implements JoinMessage {}

    /** The source does not answer. */
    record Refused(JoinRefusal reason, List<Integer> versions) implements JoinMessage {}

    /** As it goes over the wire. */
    default byte[] toBytes() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        switch (this) {
            case Hello(var versions) -> putVersions(json.put("type", "hello"), versions);
            case Challenge(var version, var challenge) ->
                    json.put("type", "challenge")
                            .put("version", version)
                            .put("challenge", base64(challenge));
            case Request(var challenge, var nonce, var sealed) ->
                    json.put("type", "request")
                            .put("challenge", base64(challenge))
                            .put("nonce", base64(nonce))
                            .put("sealed", base64(sealed));
            case Answer(var sealed) -> json.put("type", "answer").put("sealed", base64(sealed));
            case Refused(var reason, var versions) ->
                    putVersions(
                            json.put("type", "refused").put("reason", reason.label()), versions);
        }
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    /** Reads a message; empty when it is none. */
    static Optional<JoinMessage> parse(byte[] bytes) {
        try {
            JsonNode json = JsonMapper.shared().readTree(bytes);
            return switch (json.path("type").asString("")) {
                case "hello" -> Optional.of(new Hello(versions(json)));
                case "challenge" ->
                        Optional.of(
                                new Challenge(
                                        json.path("version").asInt(0),
                                        bytes(json, "challenge", JoinChallenges.BYTES)));
                case "request" ->
                        Optional.of(
                                new Request(
                                        bytes(json, "challenge", JoinChallenges.BYTES),
                                        bytes(json, "nonce", NONCE_BYTES),
                                        base64(json, "sealed")));
                case "answer" -> Optional.of(new Answer(base64(json, "sealed")));
                case "refused" ->
                        JoinRefusal.parse(json.path("reason").asString(""))
                                .map(reason -> new Refused(reason, versions(json)));
                default -> Optional.empty();
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // no JSON, no base64, or a field of another length
        }
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
