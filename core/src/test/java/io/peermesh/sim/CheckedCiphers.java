package io.peermesh.sim;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The ciphers of a world: any provider's, watched. A (key, counter) that seals twice fails the
 * test, whoever does it; what a sealed text carries is remembered by its tag, so that the network
 * can tell what it loses; a packet that a controller opens a second time has run in a circle.
 */
final class CheckedCiphers {
    /** Who seals or opens: a controller by its id, or {@link #NO_CONTROLLER}. */
    static final int NO_CONTROLLER = 0;

    private static final int TAG_AND_HEADER = 32;

    /** Who holds a key: a controller, or the client with this address. */
    record Holder(int controllerId, Optional<IpAddress> client) {
        static Holder controller(int id) {
            return new Holder(id, Optional.empty());
        }

        static Holder client(IpAddress address) {
            return new Holder(NO_CONTROLLER, Optional.of(address));
        }
    }

    /** Told of each packet that a controller seals for a client. */
    interface Sends {
        void onSent(int controllerId, IpAddress client);
    }

    private final Ledger ledger;
    private final Map<String, Key> keys = new HashMap<>();
    private final Map<Long, Long> packetByTag = new HashMap<>();
    private final Census census = new Census();
    private Sends sends = (controllerId, client) -> {};

    CheckedCiphers(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The ciphers of this provider, watched, for one controller or client. */
    AeadProvider watched(AeadProvider provider, Holder holder) {
        return new Provider(provider, holder);
    }

    /** What was sealed, by kind. */
    Census census() {
        return census;
    }

    void tellSends(Sends listener) {
        sends = listener;
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

    /** One key, whoever holds it. Counters go up, so the highest is all that must be kept. */
    private static final class Key {
        final String name;
        Optional<IpAddress> client = Optional.empty();
        long highest = -1;

        Key(String name) {
            this.name = name;
        }
    }

    private final class Provider implements AeadProvider {
        private final AeadProvider inner;
        private final Holder holder;

        Provider(AeadProvider inner, Holder holder) {
            this.inner = inner;
            this.holder = holder;
        }

        @Override
        public Aead create(CipherSuite suite, byte[] bytes) {
            Key key = keys.computeIfAbsent(suite + " " + HexFormat.of().formatHex(bytes), Key::new);
            key.client = holder.client.or(() -> key.client);
            return new Watched(inner.create(suite, bytes), key, holder.controllerId);
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
        private final Key key;
        private final int controllerId;

        Watched(Aead inner, Key key, int controllerId) {
            this.inner = inner;
            this.key = key;
            this.controllerId = controllerId;
        }

        @Override
        public void seal(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            if (counter <= key.highest) {
                throw new AssertionError("counter " + counter + " seals twice under " + key.name);
            }
            key.highest = counter;
            census.onSealed(from, bytes);
            long packet = TestPacket.idAt(from, bytes);
            long relayed = packet == TestPacket.NONE ? relayed(from, bytes) : TestPacket.NONE;
            inner.seal(counter, aad, aadBytes, from, bytes, to);
            if (relayed != TestPacket.NONE) {
                packetByTag.put(Mem.i64Le(to + bytes + 8), relayed);
            }
            if (packet != TestPacket.NONE) {
                packetByTag.put(Mem.i64Le(to + bytes + 8), packet);
                ledger.onSealed(packet);
                if (controllerId != NO_CONTROLLER && key.client.isPresent()) {
                    sends.onSent(controllerId, key.client.get());
                }
            }
        }

        /** The packet in a client's datagram that a controller passes on to another as it came. */
        private long relayed(long from, int bytes) {
            return bytes < TAG_AND_HEADER || Mem.u8(from) >>> 4 != 0
                    ? TestPacket.NONE
                    : packetByTag.getOrDefault(Mem.i64Le(from + bytes - 8), TestPacket.NONE);
        }

        @Override
        public boolean open(long counter, long aad, int aadBytes, long from, int bytes, long to) {
            if (!inner.open(counter, aad, aadBytes, from, bytes, to)) {
                return false;
            }
            if (controllerId != NO_CONTROLLER) {
                int plain = bytes - TAG_BYTES;
                long packet = TestPacket.idAt(to, plain);
                if (packet != TestPacket.NONE) {
                    ledger.onEntered(packet, controllerId, TestPacket.isAnswerAt(to, plain));
                }
            }
            return true;
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
