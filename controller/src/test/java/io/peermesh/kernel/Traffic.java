package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Machine;
import io.peermesh.demo.Output;
import io.peermesh.demo.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Traffic between machines with ping and iperf3. */
final class Traffic {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern COUNTS =
            Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private Traffic() {}

    /** Whether one echo request is answered within two seconds. */
    static boolean reaches(Machine from, String to) {
        return from.run(LIMIT, "ping", "-n", "-c", "1", "-W", "2", to).ok();
    }

    /** Whether echo requests are answered before the limit; asked again and again. */
    static boolean reachesWithin(Duration limit, Machine from, String to) {
        return Waiting.untilTrue(
                limit, () -> from.run(LIMIT, "ping", "-n", "-c", "1", "-W", "1", to).ok());
    }

    /** Sends echo requests with more arguments of ping(8), and says how many had no answer. */
    static int lost(Machine from, String to, int count, String... more) {
        var command = new ArrayList<>(List.of("ping", "-n", "-c", "" + count, "-W", "2"));
        command.addAll(List.of(more));
        command.add(to);
        Output output = from.run(LIMIT.plusMinutes(4), command.toArray(String[]::new));
        Matcher counts = COUNTS.matcher(output.text());
        assertThat(counts.find()).as(output.text()).isTrue();
        return Integer.parseInt(counts.group(1)) - Integer.parseInt(counts.group(2));
    }

    /** Moves data over TCP for a second and returns the megabits per second received. */
    static double tcp(Machine from, Machine to, String address, String... more) {
        return iperf(from, to, address, "end", "sum_received", more);
    }

    /** Sends UDP for a second and returns the megabits per second received. */
    static double udp(Machine from, Machine to, String address, String... more) {
        var arguments = new ArrayList<>(List.of("-u", "-b", "50M", "-l", "1200"));
        arguments.addAll(List.of(more));
        return iperf(from, to, address, "end", "sum", arguments.toArray(String[]::new));
    }

    private static double iperf(
            Machine from, Machine to, String address, String outer, String inner, String... more) {
        var server =
                to.start(
                        "iperf3",
                        Map.of(),
                        List.of("iperf3", "--forceflush", "-s", "-1", "-B", address));
        try {
            Waiting.untilTrue(LIMIT, () -> server.log().contains("listening"));
            var command = new ArrayList<>(List.of("iperf3", "-J", "-t", "1", "-c", address));
            command.addAll(List.of(more));
            Output output = from.run(LIMIT, command.toArray(String[]::new));
            assertThat(output.ok()).as(output.text()).isTrue();
            var end = new JsonMapper().readTree(output.text());
            return end.path(outer).path(inner).path("bits_per_second").asDouble() / 1e6;
        } finally {
            server.kill();
        }
    }
}
