package io.peermesh.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A ping every 10 ms from one machine to an address, that goes on while something is broken on
 * purpose; the gap in its answers is the outage. Not for use by several threads at once.
 */
public final class PingWatch implements AutoCloseable {
    /** Time between two pings: no outage is measured finer. */
    public static final int INTERVAL_MILLIS = 10;

    private static final Duration ANSWERS = Duration.ofSeconds(20);
    private static final Duration END = Duration.ofSeconds(5);
    private static final int STEADY = 20;

    private final Child ping;

    private PingWatch(Child ping) {
        this.ping = ping;
    }

    /** Starts to ping, and waits for a steady stream of answers. */
    public static PingWatch start(Machine from, String address) {
        String interval = "0.0" + INTERVAL_MILLIS;
        var command = List.of("ping", "-n", "-D", "-i", interval, "-W", "1", address);
        var watch = new PingWatch(from.start("ping", Map.of(), command));
        if (!watch.awaitMore(STEADY, ANSWERS)) {
            String said = watch.ping.logTail(5);
            watch.close();
            throw new RigException(
                    "No answer from " + address + " on " + from.name() + ": " + said);
        }
        return watch;
    }

    /** Waits for so many more answers; false when they do not come in time. */
    public boolean awaitMore(int count, Duration limit) {
        int wanted = answers() + count;
        return Waiting.untilTrue(limit, () -> answers() >= wanted || !ping.isAlive())
                && ping.isAlive();
    }

    private int answers() {
        Outage sofar = Outage.of(ping.log());
        return sofar.sent() - sofar.lost();
    }

    /** Ends the stream and gives what it saw. */
    public Outage stop() {
        ping.signal("INT");
        ping.awaitExit(END);
        return Outage.of(ping.log());
    }

    @Override
    public void close() {
        ping.kill();
    }
}
