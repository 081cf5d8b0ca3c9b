package io.peermesh.session;

import io.peermesh.ip.IpAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket per source network (/32 of IPv4, /64 of IPv6): {@link #PER_SECOND} handshakes a
 * second with bursts of {@link #BURST}. Buckets that are full again are forgotten, which loses
 * nothing; when {@link #MAX_SOURCES} are busy at once, further sources are refused.
 */
final class SourceLimiter {
    /** Handshakes per second and source. */
    static final int PER_SECOND = 20;

    /** Handshakes at once. */
    static final int BURST = 5;

    /** The most sources that are remembered. */
    static final int MAX_SOURCES = 16_384;

    private static final long COST_NANOS = 1_000_000_000L / PER_SECOND;
    private static final long FULL_NANOS = BURST * COST_NANOS;

    /** Oldest use first. */
    private final Map<IpAddress, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** Takes a token of the source; false when it has none left. */
    boolean allows(IpAddress source, long nowNanos) {
        forgetFull(nowNanos);
        IpAddress network = source.isV4() ? source : new IpAddress(source.hi(), 0);
        Bucket bucket = buckets.get(network);
        if (bucket == null) {
            if (buckets.size() >= MAX_SOURCES) {
                return false;
            }
            bucket = new Bucket(nowNanos);
            buckets.put(network, bucket);
        }
        return bucket.take(nowNanos);
    }

    private void forgetFull(long nowNanos) {
        Iterator<Bucket> oldest = buckets.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().usedNanos >= FULL_NANOS) {
            oldest.remove();
        }
    }

    int size() {
        return buckets.size();
    }

    private static final class Bucket {
        private long credit = FULL_NANOS;
        private long usedNanos;

        Bucket(long nowNanos) {
            usedNanos = nowNanos;
        }

        boolean take(long nowNanos) {
            credit = Math.min(FULL_NANOS, credit + nowNanos - usedNanos);
            usedNanos = nowNanos;
            if (credit < COST_NANOS) {
                return false;
            }
            credit -= COST_NANOS;
            return true;
        }
    }
}
