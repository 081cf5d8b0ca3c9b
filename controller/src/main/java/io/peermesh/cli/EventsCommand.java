package io.peermesh.cli;

import io.peermesh.api.Event;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code peermesh events}. */
@Command(
        name = "events",
        description = "What happened, oldest first: links, clients, keyset, license, passwords.",
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {
    private static final int WAIT_SECONDS = 20;
    private static final int PAGE = 1000;
    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([smhd])");
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));

    @Mixin private final Connection connection;
    private final Shell shell;

    @Option(names = "--follow", description = "Go on printing what happens, until interrupted.")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "An age such as 90s, 30m, 12h, 7d, or a time such as 2030-12-31T23:59:59Z.")
    private @Nullable String since;

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "Only these, such as peer_down,client_moved.")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--peer", paramLabel = "ID", description = "Only about this controller.")
    private @Nullable Integer peer;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Only about this client.")
    private @Nullable String client;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Of past events the newest N, at most 1000. Default: 50")
    private int limit = 50;

    @Option(names = "--count", paramLabel = "N", description = "With --follow: end after N events.")
    private long count = Long.MAX_VALUE;

    EventsCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Override
    public Integer call() {
        String filter = filter();
        try (ApiClient api = connection.open()) {
            JsonNode past = api.get("/api/mesh/v1/events?limit=" + limit + filter);
            List<JsonNode> events = new ArrayList<>(past.valueStream().toList().reversed());
            if (!follow) {
                return printPast(api, past, events);
            }
            long newest = newestId(api);
            events.forEach(event -> print(api, event));
            for (long left = count - events.size(); left > 0; ) {
                JsonNode more =
                        api.get(
                                "/api/mesh/v1/events?after="
                                        + newest
                                        + "&wait="
                                        + WAIT_SECONDS
                                        + "&limit="
                                        + PAGE
                                        + filter);
                for (JsonNode event : more) {
                    newest = event.path("id").asLong();
                    print(api, event);
                    left--;
                }
            }
        }
        return ExitCode.OK;
    }

    private int printPast(ApiClient api, JsonNode past, List<JsonNode> events) {
        if (!connection.printsJson(past)) {
            events.forEach(event -> print(api, event));
        }
        return ExitCode.OK;
    }

    /** Of any kind, so that filtered events are not asked for from the beginning. */
    private static long newestId(ApiClient api) {
        return api.get("/api/mesh/v1/events?limit=1").at("/0/id").asLong(0);
    }

    private String filter() {
        var filter = new StringBuilder();
        if (since != null) {
            filter.append("&since=").append(encoded(time(since).toString()));
        }
        if (!kinds.isEmpty()) {
            filter.append("&kind=").append(encoded(String.join(",", kinds)));
        }
        if (peer != null) {
            filter.append("&peer=").append(peer);
        }
        if (client != null) {
            filter.append("&client=").append(encoded(client));
        }
        return filter.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Instant time(String text) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            Duration unit = UNITS.getOrDefault(age.group(2), Duration.ZERO);
            return Instant.now().minus(unit.multipliedBy(Long.parseLong(age.group(1))));
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--since must be an age like 90s, 30m, 12h, 7d, or a time like"
                            + " 2030-12-31T23:59:59Z, not "
                            + text);
        }
    }

    /** One line each, so that it can be read, searched, or fed to something else. */
    private void print(ApiClient api, JsonNode json) {
        if (connection.isJson()) {
            shell.out().println(json);
        } else {
            Event event = api.read(json, Event.class);
            var line = new StringBuilder(event.at()).append("  ");
            line.append(event.kind()).append("  ").append(event.text());
            event.measures()
                    .forEach((name, value) -> line.append("  ").append(measure(name, value)));
            shell.out().println(line);
        }
        shell.out().flush();
    }

    /** A figure as people read it. */
    static String measure(String name, long value) {
        return name.endsWith("_micros")
                ? name.substring(0, name.length() - "_micros".length()) + "=" + Units.millis(value)
                : name + "=" + value;
    }
}
