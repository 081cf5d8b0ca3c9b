package io.peermesh.session;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Entropy;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Hosts, a line between them and a virtual clock. A datagram takes {@link #DELAY_NANOS}; whatever a
 * test wants lost, held back or forged passes {@link #filter}.
 */
final class Rig {
    static final long MILLISECOND = 1_000_000L;
    static final long SECOND = 1_000 * MILLISECOND;
    static final long DELAY_NANOS = 10 * MILLISECOND;

    /** The wall clock when the virtual one is at zero. */
    static final long EPOCH_NANOS = 1_700_000_000L * SECOND;

    final Random random;
    final Entropy entropy;
    final List<Host> hosts = new ArrayList<>();
    final List<Datagram> sent = new ArrayList<>();
    Predicate<Datagram> filter = datagram -> true;
    long nowNanos;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long order;

    Rig(long seed) {
        random = new Random(seed);
        entropy = random::nextBytes;
    }

    /** A datagram on the line, and when it was sent. */
    record Datagram(long sentNanos, Endpoint from, Endpoint to, byte[] bytes) {
        int type() {
            return bytes[0];
        }
    }

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int time = Long.compare(atNanos, other.atNanos);
            return time != 0 ? time : Long.compare(order, other.order);
        }
    }

    static Endpoint endpoint(String text) {
        return Endpoint.parse(text).orElseThrow();
    }

    static Endpoint endpoint(int host, int port) {
        return new Endpoint(IpAddress.v4(0xc0000200 | host), port);
    }

    long epochNanos() {
        return EPOCH_NANOS + nowNanos;
    }

    void send(Endpoint from, Endpoint to, byte[] bytes) {
        var datagram = new Datagram(nowNanos, from, to, bytes.clone());
        sent.add(datagram);
        if (filter.test(datagram)) {
            deliver(datagram, DELAY_NANOS);
        }
    }

    void deliver(Datagram datagram, long delayNanos) {
        at(nowNanos + delayNanos, () -> hosts.forEach(host -> host.onDatagram(datagram)));
    }

    void at(long atNanos, Runnable action) {
        events.add(new Event(atNanos, order++, action));
    }

    /** Runs everything that is due up to and including that time. */
    void runUntil(long untilNanos) {
        while (true) {
            long timer = SessionTimers.NONE;
            for (Host host : hosts) {
                timer = Math.min(timer, host.nextDeadlineNanos());
            }
            Event event = events.peek();
            long next = Math.min(timer, event == null ? SessionTimers.NONE : event.atNanos);
            if (next > untilNanos) {
                nowNanos = untilNanos;
                return;
            }
            nowNanos = Math.max(nowNanos, next);
            if (event != null && event.atNanos <= nowNanos) {
                events.remove().action.run();
            } else {
                hosts.forEach(Host::runTimers);
            }
        }
    }

    void run(long nanos) {
        runUntil(nowNanos + nanos);
    }

    /** What was sent of a type, by a host. */
    List<Datagram> sent(Host host, int type) {
        return sent.stream().filter(d -> host.owns(d.from) && d.type() == type).toList();
    }
}
