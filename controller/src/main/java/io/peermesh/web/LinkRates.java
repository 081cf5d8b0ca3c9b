package io.peermesh.web;

import io.peermesh.node.NodeStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How much the links carry now, from their counters at two looks that lie 0.5 to 10 s apart; so it
 * is known while somebody watches, and nothing is measured for nobody. Safe from any thread.
 */
final class LinkRates {
    private static final long LEAST_NANOS = 500_000_000L;
    private static final long MOST_NANOS = 10_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int BITS = 8;

    private final AtomicReference<Window> window =
            new AtomicReference<>(new Window(Look.NONE, Look.NONE));

    /** Bits per second, from and to this controller. */
    record Rate(double sent, double received) {}

    private record Bytes(long sent, long received) {}

    private record Look(long nowNanos, Map<Integer, Bytes> bytes) {
        static final Look NONE = new Look(Long.MIN_VALUE, Map.of());
    }

    private record Window(Look older, Look newer) {
        Window with(Look look) {
            return newer.bytes().isEmpty() || look.nowNanos() - newer.nowNanos() >= LEAST_NANOS
                    ? new Window(newer, look)
                    : this;
        }
    }

    /** Takes in the counters as they are now, and gives the rates by peer. */
    Map<Integer, Rate> update(long nowNanos, List<NodeStatus.Link> links) {
        var bytes = new HashMap<Integer, Bytes>();
        links.forEach(link ->
                bytes.put(link.peerId(), new Bytes(link.sentBytes(), link.receivedBytes())));
        var look = new Look(nowNanos, Map.copyOf(bytes));
        return rates(window.updateAndGet(each -> each.with(look)));
    }

    private static Map<Integer, Rate> rates(Window window) {
        long nanos = window.newer().nowNanos() - window.older().nowNanos();
        if (window.older().bytes().isEmpty() || nanos > MOST_NANOS) {
            return Map.of();
        }
        var rates = new HashMap<Integer, Rate>();
        window.newer()
                .bytes()
                .forEach((peer, now) -> {
                    Bytes before = window.older().bytes().get(peer);
                    if (before != null
                            && before.sent() <= now.sent()
                            && before.received() <= now.received()) {
                        rates.put(
                                peer,
                                new Rate(
                                        perSecond(now.sent() - before.sent(), nanos),
                                        perSecond(now.received() - before.received(), nanos)));
                    }
                });
        return rates;
    }

    private static double perSecond(long bytes, long nanos) {
        return bytes * BITS * NANOS_PER_SECOND / nanos;
    }
}
