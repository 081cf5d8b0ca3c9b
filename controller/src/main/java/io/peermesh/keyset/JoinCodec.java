package io.peermesh.keyset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sealed content of the messages of a join, JSON in UTF-8:
 *
 * <pre>
 *   {"ask":"lease","installation":"uuid"}
 *        <-  {"answer":"leased","id":3,"controllers":4}
 *   {"ask":"announce","installation":"uuid","id":3,"address":"" or HOST}
 *        <-  {"answer":"announced","address":HOST}
 *   {"ask":"confirm","installation":"uuid","id":3}
 *        <-  {"answer":"wait","millis":1000}
 *        <-  {"answer":"member","source_id":1,"peers":[[id, HOST, outer MTU], ...]}
 *   instead of each answer
 *        <-  {"answer":"taken"}
 *        <-  {"answer":"denied","reason":"...","text":"..."}
 * </pre>
 *
 * <p>Both sides hold the keyset, but may be of other versions: parsing answers empty for anything
 * unknown or out of range.
 */
final class JoinCodec {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_ADDRESS_CHARACTERS = 253;
    private static final int MAX_TEXT_CHARACTERS = 1_000;
    private static final int MAX_ID = 10;

    private JoinCodec() {}

    static byte[] toBytes(JoinRequest request) {
        ObjectNode json = JSON.createObjectNode();
        String installation = request.installation().toString();
        switch (request) {
            case JoinRequest.Lease _ -> json.put("ask", "lease");
            case JoinRequest.Announce(_, int id, String address) ->
                    json.put("ask", "announce").put("id", id).put("address", address);
            case JoinRequest.Confirm(_, int id) -> json.put("ask", "confirm").put("id", id);
        }
        return JSON.writeValueAsBytes(json.put("installation", installation));
    }

    static Optional<JoinRequest> request(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            UUID installation = UUID.fromString(json.path("installation").asString(""));
            return switch (json.path("ask").asString("")) {
                case "lease" -> Optional.of(new JoinRequest.Lease(installation));
                case "announce" ->
                        Optional.of(
                                new JoinRequest.Announce(
                                        installation,
                                        id(json, "id"),
                                        text(json, "address", MAX_ADDRESS_CHARACTERS)));
                case "confirm" ->
                        Optional.of(new JoinRequest.Confirm(installation, id(json, "id")));
                default -> Optional.empty();
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // malformed, though sealed: another version's mistake
        }
    }

    static byte[] toBytes(JoinAnswer answer) {
        ObjectNode json = JSON.createObjectNode();
        switch (answer) {
            case JoinAnswer.Leased(int id, int controllers) ->
                    json.put("answer", "leased").put("id", id).put("controllers", controllers);
            case JoinAnswer.Announced(String address) ->
                    json.put("answer", "announced").put("address", address);
            case JoinAnswer.Wait(int millis) -> json.put("answer", "wait").put("millis", millis);
            case JoinAnswer.Member(int sourceId, List<JoinAnswer.Peer> peers) -> {
                var array =
                        json.put("answer", "member").put("source_id", sourceId).putArray("peers");
                peers.forEach(peer ->
                        array.addArray().add(peer.id()).add(peer.host()).add(peer.outerMtuBytes()));
            }
            case JoinAnswer.Taken() -> json.put("answer", "taken");
            case JoinAnswer.Denied(String reason, String text) ->
                    json.put("answer", "denied").put("reason", reason).put("text", text);
        }
        return JSON.writeValueAsBytes(json);
    }

    static Optional<JoinAnswer> answer(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return switch (json.path("answer").asString("")) {
                case "leased" ->
                        Optional.of(new JoinAnswer.Leased(id(json, "id"), id(json, "controllers")));
                case "announced" ->
                        Optional.of(
                                new JoinAnswer.Announced(
                                        text(json, "address", MAX_ADDRESS_CHARACTERS)));
                case "wait" -> Optional.of(new JoinAnswer.Wait(json.path("millis").asInt(0)));
                case "member" ->
                        Optional.of(new JoinAnswer.Member(id(json, "source_id"), peers(json)));
                case "taken" -> Optional.of(new JoinAnswer.Taken());
                case "denied" ->
                        Optional.of(
                                new JoinAnswer.Denied(
                                        text(json, "reason", MAX_TEXT_CHARACTERS),
                                        text(json, "text", MAX_TEXT_CHARACTERS)));
                default -> Optional.empty();
            };
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // as above
        }
    }

    private static List<JoinAnswer.Peer> peers(JsonNode json) {
        var peers = new ArrayList<JoinAnswer.Peer>();
        JsonNode array = json.path("peers");
        if (!array.isArray() || array.size() > JoinAnswer.MAX_PEERS) {
            throw new IllegalArgumentException("peers");
        }
        for (JsonNode row : array) {
            String host = row.path(1).asString("");
            if (!SourceAddress.isHost(host)) {
                throw new IllegalArgumentException("a peer's address");
            }
            peers.add(
                    new JoinAnswer.Peer(inRange(row.path(0).asInt(0)), host, row.path(2).asInt(0)));
        }
        return peers;
    }

    private static int id(JsonNode json, String name) {
        return inRange(json.path(name).asInt(0));
    }

    private static int inRange(int id) {
        if (id < 1 || id > MAX_ID) {
            throw new IllegalArgumentException("no controller id: " + id);
        }
        return id;
    }

    private static String text(JsonNode json, String name, int most) {
        String text = json.path(name).asString("");
        if (text.length() > most) {
            throw new IllegalArgumentException(name + " is too long");
        }
        return text;
    }
}
