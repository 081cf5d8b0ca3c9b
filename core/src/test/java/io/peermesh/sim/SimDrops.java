package io.peermesh.sim;

import io.peermesh.forward.Counters;
import io.peermesh.forward.DropReason;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a controller has dropped and counted, in this and all earlier incarnations. */
final class SimDrops {
    private final Supplier<Optional<Counters>> running;
    private final Map<DropReason, Long> before = new EnumMap<>(DropReason.class);

    /** Of a controller; {@code running} gives the counters of its incarnation, if it has one. */
    SimDrops(Supplier<Optional<Counters>> running) {
        this.running = running;
    }

    /** An incarnation ends. */
    void keep(Counters counters) {
        for (DropReason reason : DropReason.values()) {
            before.merge(reason, counters.drops(reason), Long::sum);
        }
    }

    /** Packets and datagrams. */
    long all() {
        return sum(DropReason.values());
    }

    /** The same without junk and forgeries, which never were packets. */
    long packets() {
        var reasons =
                EnumSet.complementOf(
                        EnumSet.of(DropReason.MALFORMED_DATAGRAM, DropReason.NOT_AUTHENTIC));
        return sum(reasons.toArray(DropReason[]::new));
    }

    /** By reason, for people. */
    Map<DropReason, Long> byReason() {
        var counts = new EnumMap<DropReason, Long>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = sum(reason);
            if (count > 0) {
                counts.put(reason, count);
            }
        }
        return counts;
    }

    private long sum(DropReason... reasons) {
        long sum = 0;
        for (DropReason reason : reasons) {
            sum += before.getOrDefault(reason, 0L);
            sum += running.get().map(counters -> counters.drops(reason)).orElse(0L);
        }
        return sum;
    }
}
