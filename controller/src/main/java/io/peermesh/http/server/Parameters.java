package io.peermesh.http.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parameters of a request, from the query and from a JSON or form body (with files or without),
 * whatever the method: API clients send bodies with GET and DELETE, booleans and numbers as strings
 * and strings as numbers. The body wins over the query.
 */
public final class Parameters {
    private final ObjectNode values;

    private Parameters(ObjectNode values) {
        this.values = values;
    }

    /** Reads both; an empty body counts as {@code {}}. */
    static Parameters of(Map<String, String> query, String contentType, byte[] body) {
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        query.forEach(values::put);
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return new Parameters(values);
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        if (text.startsWith("{")) {
            values.setAll(parse(text)); // curl -d says "form" and means JSON
        } else if (type.startsWith("application/x-www-form-urlencoded")) {
            readForm(text, values);
        } else if (type.startsWith("multipart/form-data")) {
            Multipart.parse(contentType, body).forEach(values::put);
        } else if (type.isEmpty() || type.contains("json")) {
            throw new BadArgument("the body must be a JSON object");
        } else {
            throw new BadArgument(
                    415, "the body must be a JSON object with Content-Type: application/json");
        }
        return new Parameters(values);
    }

    private static ObjectNode parse(String text) {
        try {
            return (ObjectNode) Envelope.JSON.readTree(text);
        } catch (JacksonException malformed) {
            throw new BadArgument(
                    "the body is not valid JSON: "
                            + malformed.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private static void readForm(String text, ObjectNode into) {
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                into.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new BadArgument("the body is not a valid form");
        }
    }

    /** The names of all that was given. */
    public List<String> names() {
        return List.copyOf(values.propertyNames());
    }

    /** Whether the parameter was given, be it empty. */
    public boolean has(String name) {
        return values.hasNonNull(name);
    }

    /** A text; numbers and booleans as they are written. */
    public Optional<String> text(String name) {
        JsonNode node = values.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isValueNode()) {
            throw new BadArgument(name + " must be a string");
        }
        return Optional.of(node.asString());
    }

    /** A text that API clients fill with {@code _notset} or nothing when they have none. */
    public Optional<String> textOrNotSet(String name) {
        return text(name)
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.equals("_notset"));
    }

    /** A text that must be there and not be blank. */
    public String requiredText(String name) {
        return text(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new BadArgument(name + " is missing"));
    }

    /** An integer, also as a string; {@code {"id": {"id": 2}}} of old scripts counts as 2. */
    public Optional<Integer> number(String name) {
        JsonNode node = values.get(name);
        if (node != null && node.isObject() && node.has(name)) {
            node = node.get(name);
        }
        if (node == null || node.isNull() || (node.isString() && node.asString().isBlank())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.valueOf(node.asString().strip()));
        } catch (NumberFormatException | JacksonException malformed) {
            throw new BadArgument(name + " must be an integer");
        }
    }

    /** An integer that must be there. */
    public int requiredNumber(String name) {
        return number(name).orElseThrow(() -> new BadArgument(name + " is missing"));
    }

    /** A boolean, also as {@code "True"}, {@code "on"}, {@code 1} and so on. */
    public Optional<Boolean> flag(String name) {
        return text(name)
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> !text.isEmpty())
                .map(text ->
                        switch (text) {
                            case "true", "yes", "on", "1" -> true;
                            case "false", "no", "off", "0" -> false;
                            default -> throw new BadArgument(name + " must be true or false");
                        });
    }

    /** A list: a JSON array, or a text whose parts are separated by commas or white space. */
    public List<String> list(String name) {
        JsonNode node = values.get(name);
        if (node != null && node.isArray()) {
            var parts = new ArrayList<String>();
            node.forEach(part -> parts.add(part.asString()));
            return parts;
        }
        return text(name).stream()
                .flatMap(text -> List.of(text.split("[,\\s]+")).stream())
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
