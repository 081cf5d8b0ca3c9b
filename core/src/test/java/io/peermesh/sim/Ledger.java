package io.peermesh.sim;

import io.peermesh.ip.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of every numbered packet. Broken rules throw at the moment they are broken.
 *
 * <p>Of each packet it knows how many copies are left: one when it is sent, one more for each that
 * the network makes, one less for each that the network loses or that is delivered. Copies that are
 * left when the world is at rest were dropped, and whoever had them last must have counted that.
 */
final class Ledger {
    /** The number of packets that must not arrive anywhere. */
    static final long FORGED = 0;

    private final Map<Long, Entry> entries = new HashMap<>();
    private long nextId = 1;
    private long delivered;

    /** A new packet's number. */
    long inject(String from, IpAddress destination) {
        return add(from, IpAddress.UNSPECIFIED, destination, false);
    }

    /** A new echo request's number; its answer bears the same. */
    long injectPing(String from, IpAddress source, IpAddress destination) {
        return add(from, source, destination, true);
    }

    private long add(String from, IpAddress source, IpAddress destination, boolean ping) {
        long id = nextId++;
        entries.put(id, new Entry(id, from, source, destination, ping));
        return id;
    }

    /** Somebody seals it. */
    void onSealed(long id) {
        if (id != FORGED) {
            entry(id).seals++;
        }
    }

    /**
     * A controller opens it, or has it from its own kernel.
     *
     * @param answer whether it is the answer to a ping, which makes the way back
     */
    void onEntered(long id, int controllerId, boolean answer) {
        if (id == FORGED) {
            return;
        }
        Entry entry = entry(id);
        int bit = 1 << controllerId;
        int before = answer ? entry.enteredBack : entry.entered;
        if ((before & bit) != 0) {
            throw new AssertionError(entry + " enters controller " + controllerId + " again");
        }
        if (answer) {
            entry.enteredBack |= bit;
        } else {
            entry.entered |= bit;
        }
    }

    /** The network made one more of it. */
    void onDoubled(long id) {
        if (id != FORGED) {
            entry(id).copies++;
            entry(id).doubled = true;
        }
    }

    void onLostInNet(long id) {
        if (id != FORGED) {
            entry(id).lost++;
            entry(id).copies--;
        }
    }

    /** A datagram with it came to a socket of this controller or client. */
    void onReached(long id, String place) {
        if (id != FORGED) {
            entry(id).place = place;
        }
    }

    /** Whatever this controller or client had is gone, and nobody can count it any more. */
    void onCrashed(String place) {
        for (Entry entry : entries.values()) {
            if (entry.copies > 0 && entry.place.equals(place)) {
                entry.copies = 0;
            }
        }
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
        entry.copies--;
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

    /** How many copies of packets, but for pings, are left. */
    long copiesLeft() {
        return entries.values().stream()
                .filter(entry -> !entry.ping && entry.copies > 0)
                .mapToLong(entry -> entry.copies)
                .sum();
    }

    /**
     * The packets that are left, but for pings, by where they were last. Those that were doubled
     * have been in several places, and are left out.
     */
    Map<String, List<String>> leftByPlace() {
        var left = new TreeMap<String, List<String>>();
        for (Entry entry : entries.values()) {
            if (!entry.ping && !entry.doubled && entry.copies > 0) {
                left.computeIfAbsent(entry.place, p -> new ArrayList<>()).add(entry.toString());
            }
        }
        return left;
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
        String place;
        int copies = 1;
        boolean doubled;
        int entered;
        int enteredBack;
        int seals;
        int lost;
        int deliveries;
        int answers;

        Entry(long id, String from, IpAddress source, IpAddress destination, boolean ping) {
            this.id = id;
            this.from = from;
            this.place = from;
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
                    + ", last at "
                    + place
                    + ")";
        }
    }
}
