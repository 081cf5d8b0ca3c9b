package io.peermesh.http.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON around every answer. Names are snake_case, what is absent is left out.
 *
 * <p>The official Python client looks for the regular expression <code>{"error".*}</code> in the
 * text of every successful answer and takes a match for a failure. A blank after the brace keeps an
 * object whose first key happens to be {@code error} (a tag that an operator named so) from
 * matching, and changes nothing for JSON.
 */
public final class Envelope {
    /** The mapper of all that the API sends and reads. Immutable. */
    public static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .changeDefaultPropertyInclusion(inclusion ->
                            inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                    .build();

    private Envelope() {}

    /** {@code {"response": …}}. */
    static byte[] success(Object response) {
        String text = JSON.writeValueAsString(Map.of("response", response));
        return text.replace("{\"error\"", "{ \"error\"").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@code {"error": {"name", "log", "message"}}}.
     *
     * @param log the id of the server's log entry
     */
    static byte[] failure(String name, String log, String message) {
        var error = new LinkedHashMap<String, String>();
        error.put("name", name);
        error.put("log", log);
        error.put("message", message);
        return JSON.writeValueAsBytes(Map.of("error", error));
    }
}
