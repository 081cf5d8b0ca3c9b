package io.peermesh.sim;

import io.peermesh.ip.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of every numbered packet. Broken rules throw at the moment they are broken. */
final class Ledger {
    /** Sealed by a client and by each of ten controllers, and again for the answer to a ping. */
    private static final int MAX_SEALS = 2 * 11;

    /** The number of packets that must not arrive anywhere. */
    static final long FORGED = 0;

    private final Map<Long, Entry> entries = new HashMap<>();
    private long nextId = 1;
    private long delivered;

    /** A new packet's number. */
    long inject(String from, IpAddress destination) {
        long id = nextId++;
        entries.put(id, new Entry(id, from, IpAddress.UNSPECIFIED, destination, false));
        return id;
    }

    /** A new echo request's number; its answer bears the same. */
    long injectPing(String from, IpAddress source, IpAddress destination) {
        long id = nextId++;
        entries.put(id, new Entry(id, from, source, destination, true));
        return id;
    }

    void onSealed(long id) {
        if (id == FORGED) {
            return;
        }
        Entry entry = entry(id);
        entry.seals++;
        if (entry.seals > MAX_SEALS) {
            throw new AssertionError(entry + " goes round in circles");
        }
    }

    void onLostInNet(long id) {
        if (id == FORGED) {
            return;
        }
        entry(id).lost++;
    }

    /** A packet has arrived at a host that has this address. */
    void onDelivered(byte[] packet, String at) {
        Entry entry = entry(TestPacket.id(packet));
        IpAddress destination = IpAddress.v4(TestPacket.destination(packet));
        boolean answer = entry.ping && destination.equals(entry.source);
        if (!answer && !destination.equals(entry.destination)) {
            throw new AssertionError(entry + " arrived at " + at + ", readdressed " + destination);
        }
        if (!TestPacket.isIntact(packet)) {
            throw new AssertionError(entry + " arrived changed at " + at);
        }
        if (!TestPacket.checksumsAreRight(packet)) {
            throw new AssertionError(entry + " arrived with a wrong checksum at " + at);
        }
        delivered++;
        int times = answer ? ++entry.answers : ++entry.deliveries;
        if (times > 1) {
            throw new AssertionError(entry + " was delivered twice, to " + at);
        }
    }

    /** Whether the packet has arrived; for a ping, whether its answer has. */
    boolean hasArrived(long id) {
        Entry entry = entry(id);
        return (entry.ping ? entry.answers : entry.deliveries) > 0;
    }

    long delivered() {
        return delivered;
    }

    /** How often a packet was sealed so far: one more than the controllers that passed it on. */
    int seals(long id) {
        return entry(id).seals;
    }

    /** Packets, but for pings, that neither arrived nor were lost in the network. */
    List<String> missing() {
        var missing = new ArrayList<String>();
        for (Entry entry : entries.values()) {
            if (!entry.ping && entry.deliveries == 0 && entry.lost == 0) {
                missing.add(entry.toString());
            }
        }
        return missing;
    }

    private Entry entry(long id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            throw new AssertionError("packet " + id + " was never sent");
        }
        return entry;
    }

    private static final class Entry {
        final long id;
        final String from;
        final IpAddress source;
        final IpAddress destination;
        final boolean ping;
        int seals;
        int lost;
        int deliveries;
        int answers;

        Entry(long id, String from, IpAddress source, IpAddress destination, boolean ping) {
            this.id = id;
            this.from = from;
            this.source = source;
            this.destination = destination;
            this.ping = ping;
        }

        @Override
        public String toString() {
            return (ping ? "ping " : "packet ")
                    + id
                    + " from "
                    + from
                    + " to "
                    + destination
                    + " (sealed "
                    + seals
                    + " times, lost "
                    + lost
                    + ")";
        }
    }
}
