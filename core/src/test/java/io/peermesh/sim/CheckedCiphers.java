package io.peermesh.sim;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The ciphers of a world: any provider's, watched. A (key, counter) that seals twice fails the
 * test, whoever does it; what a sealed text carries is remembered by its tag, so that the network
 * can tell what it loses.
 */
final class CheckedCiphers {
    private static final int TAG_AND_HEADER = 32;

    private final Ledger ledger;
    private final Map<String, Set<Long>> sealedCounters = new HashMap<>();
    private final Map<Long, Long> packetByTag = new HashMap<>();

    CheckedCiphers(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The ciphers of this provider, watched. */
    AeadProvider watched(AeadProvider provider) {
        return new Provider(provider);
    }

    /** The numbered packet in a transport message; {@link TestPacket#NONE} when it has none. */
    long packetIn(byte[] datagram) {
        return datagram.length < TAG_AND_HEADER
                ? TestPacket.NONE
                : packetByTag.getOrDefault(tag(datagram), TestPacket.NONE);
    }

    private static long tag(byte[] datagram) {
        long value = 0;
        for (int i = datagram.length - 1; i >= datagram.length - 8; i--) {
            value = value << 8 | (datagram[i] & 0xff);
        }
        return value;
    }

    private final class Provider implements AeadProvider {
        private final AeadProvider inner;

        Provider(AeadProvider inner) {
            this.inner = inner;
        }

        @Override
        public Aead create(CipherSuite suite, byte[] key) {
            String name = suite + " " + HexFormat.of().formatHex(key);
            return new Watched(
                    inner.create(suite, key),
                    name,
                    sealedCounters.computeIfAbsent(name, n -> new HashSet<>()));
        }

        @Override
        public boolean hasFastAes() {
            return inner.hasFastAes();
        }

        @Override
        public String name() {
            return inner.name();
        }
    }

    private final class Watched implements Aead {
        private final Aead inner;
        private final String name;
        private final Set<Long> counters;

        Watched(Aead inner, String name, Set<Long> counters) {
            this.inner = inner;
            this.name = name;
            this.counters = counters;
        }

        @Override
        public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            if (!counters.add(counter)) {
                throw new AssertionError("counter " + counter + " seals twice under " + name);
            }
            long packet = TestPacket.idAt(from, bytes);
            inner.seal(counter, aad, aadBytes, from, bytes, to);
            if (packet != TestPacket.NONE) {
                packetByTag.put(Mem.i64Le(to + bytes + 8), packet);
                ledger.onSealed(packet);
            }
        }

        @Override
        public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            return inner.open(counter, aad, aadBytes, from, bytes, to);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
