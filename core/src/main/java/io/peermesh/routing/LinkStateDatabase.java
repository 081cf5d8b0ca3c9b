package io.peermesh.routing;

import io.peermesh.ip.Prefix;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every controller tells of itself: the newest advertisement of each origin and fragment. All
 * controllers that can reach each other come to hold the same content.
 *
 * <p>The higher sequence is newer; at equal sequences the higher instance (unsigned), so that all
 * decide alike. A controller that restarted has forgotten its sequence: when it hears an
 * advertisement of its own that is as new as its own or newer, it jumps past it.
 *
 * <p>A sequence beyond the believed limit is ignored. The limit follows the wall clock, a
 * millisecond each, and nobody changes that often. So a compromised controller can raise the
 * sequence of another, but not to the end: the origin jumps past it.
 *
 * <p>Bounded by nature: controllers times {@link Advertisement#MAX_FRAGMENTS}.
 */
public final class LinkStateDatabase {
    /** An origin that could not be reached for this long is forgotten: an hour. */
    public static final long MAX_UNREACHABLE_NANOS = 3_600_000_000_000L;

    /** The most subnets that one controller advertises. */
    public static final int MAX_PREFIXES = Advertisement.MAX_FRAGMENTS * Advertisement.MAX_PREFIXES;

    private static final String NO_CHECKSUM = "00".repeat(Advertisement.CHECKSUM_BYTES);

    private final int selfId;
    private final long instance;
    private final Map<Key, Advertisement> advertisements = new HashMap<>();
    private final Map<Integer, Long> unreachableSince = new HashMap<>();
    private long absurd;

    /** An empty database of the controller {@code selfId}, whose process is {@code instance}. */
    public LinkStateDatabase(int selfId, long instance) {
        this.selfId = selfId;
        this.instance = instance;
    }

    /** What an advertisement is about. */
    public record Key(int origin, int fragment) {
        /** The key of an advertisement. */
        public static Key of(Advertisement advertisement) {
            return new Key(advertisement.origin(), advertisement.fragment());
        }
    }

    /** What {@link #merge} did. */
    public enum Merge {
        /** It was newer and is taken over: tell the other neighbors. */
        NEWER,
        /** It is what we have. */
        SAME,
        /** We have a newer one: tell the neighbor. */
        OLDER,
        /** It was ours, of a former life; ours is newer now: tell all neighbors. */
        OVERTAKEN,
        /** Its sequence is beyond what is believed now: ignored. */
        ABSURD
    }

    /**
     * What this controller tells of itself. Prefixes beyond {@link #MAX_PREFIXES} are left out.
     *
     * @param checksum topology checksum, hex
     * @param clientEndpoint HOST:PORT for clients
     * @param load how much it carries, and whether it wants to
     * @param neighbors cost of each link that is up
     * @param prefixes subnets behind it
     */
    public record Own(
            String checksum,
            String clientEndpoint,
            Load load,
            Map<Integer, Integer> neighbors,
            List<Prefix> prefixes) {
        /** Copies the collections. */
        public Own {
            neighbors = Map.copyOf(neighbors);
            prefixes = List.copyOf(prefixes);
        }
    }

    /** Advertises what changed of ourselves, and returns its keys: tell all neighbors. */
    public List<Key> advertise(Own own) {
        var changed = new ArrayList<Key>();
        for (int fragment = 0; fragment < Advertisement.MAX_FRAGMENTS; fragment++) {
            Key key = new Key(selfId, fragment);
            Advertisement old = advertisements.get(key);
            Advertisement now = fragment(own, fragment, old == null ? 1 : old.sequence());
            boolean needed = fragment == 0 || !now.prefixes().isEmpty();
            if (old == null ? needed : !now.equals(old)) {
                advertisements.put(key, old == null ? now : withSequence(now, old.sequence() + 1));
                changed.add(key);
            }
        }
        return changed;
    }

    private Advertisement fragment(Own own, int fragment, long sequence) {
        int from = Math.min(fragment * Advertisement.MAX_PREFIXES, own.prefixes().size());
        int to = Math.min(from + Advertisement.MAX_PREFIXES, own.prefixes().size());
        return new Advertisement(
                selfId,
                fragment,
                instance,
                sequence,
                fragment == 0 ? own.checksum() : NO_CHECKSUM,
                fragment == 0 ? own.clientEndpoint() : "",
                fragment == 0 ? own.load() : Load.NONE,
                fragment == 0 ? own.neighbors() : Map.of(),
                own.prefixes().subList(from, to));
    }

    /**
     * Takes in what a neighbor told.
     *
     * @param believed the highest sequence that is believed now
     */
    public Merge merge(Advertisement heard, long believed) {
        Key key = Key.of(heard);
        if (heard.sequence() > believed) {
            absurd++;
            return Merge.ABSURD;
        }
        if (heard.origin() == selfId) {
            return mergeOwn(key, heard);
        }
        Advertisement known = advertisements.get(key);
        if (known == null || isNewer(heard, known)) {
            advertisements.put(key, heard);
            return Merge.NEWER;
        }
        return isNewer(known, heard) ? Merge.OLDER : Merge.SAME;
    }

    private Merge mergeOwn(Key key, Advertisement heard) {
        Advertisement ours = find(key).orElseGet(() -> empty(key));
        if (isNewer(ours, heard)) {
            return Merge.OLDER;
        }
        if (heard.instance() == instance && heard.sequence() == ours.sequence()) {
            return Merge.SAME;
        }
        advertisements.put(key, withSequence(ours, heard.sequence() + 1));
        return Merge.OVERTAKEN;
    }

    private Advertisement empty(Key key) {
        return fragment(
                new Own(NO_CHECKSUM, "", Load.NONE, Map.of(), List.of()), key.fragment(), 0);
    }

    private static boolean isNewer(Advertisement one, Advertisement other) {
        return one.sequence() != other.sequence()
                ? one.sequence() > other.sequence()
                : Long.compareUnsigned(one.instance(), other.instance()) > 0;
    }

    private static Advertisement withSequence(Advertisement old, long sequence) {
        return new Advertisement(
                old.origin(),
                old.fragment(),
                old.instance(),
                sequence,
                old.checksum(),
                old.clientEndpoint(),
                old.load(),
                old.neighbors(),
                old.prefixes());
    }

    /**
     * Forgets origins that could not be reached for {@link #MAX_UNREACHABLE_NANOS}. Call it when
     * the paths changed, and now and then.
     *
     * @return whether any was forgotten
     */
    public boolean age(Set<Integer> reachable, long nowNanos) {
        for (Key key : advertisements.keySet()) {
            if (reachable.contains(key.origin()) || key.origin() == selfId) {
                unreachableSince.remove(key.origin());
            } else {
                unreachableSince.putIfAbsent(key.origin(), nowNanos);
            }
        }
        boolean forgotten = advertisements.keySet().removeIf(key -> isForgotten(key, nowNanos));
        unreachableSince.values().removeIf(since -> nowNanos - since >= MAX_UNREACHABLE_NANOS);
        return forgotten;
    }

    private boolean isForgotten(Key key, long nowNanos) {
        Long since = unreachableSince.get(key.origin());
        return since != null && nowNanos - since >= MAX_UNREACHABLE_NANOS;
    }

    /** How many advertisements were not believed. */
    public long absurd() {
        return absurd;
    }

    /** The newest advertisement about something. */
    public Optional<Advertisement> find(Key key) {
        return Optional.ofNullable(advertisements.get(key));
    }

    /** Everything, in no order. */
    public Collection<Advertisement> all() {
        return List.copyOf(advertisements.values());
    }

    /** The links, as {@link ShortestPaths} wants them. */
    public Map<Integer, Map<Integer, Integer>> graph() {
        var graph = new TreeMap<Integer, Map<Integer, Integer>>();
        for (Advertisement head : heads()) {
            graph.put(head.origin(), head.neighbors());
        }
        return graph;
    }

    /** What each controller tells of its load, ours included. */
    public Map<Integer, Load> loads() {
        var loads = new TreeMap<Integer, Load>();
        for (Advertisement head : heads()) {
            loads.put(head.origin(), head.load());
        }
        return loads;
    }

    /** Fragment 0 of every origin, ours included, by id. */
    public List<Advertisement> heads() {
        return advertisements.values().stream()
                .filter(advertisement -> advertisement.fragment() == 0)
                .sorted((a, b) -> Integer.compare(a.origin(), b.origin()))
                .toList();
    }

    /**
     * The subnets behind each controller. Fragments of a former life of their origin do not count.
     */
    public Map<Integer, List<Prefix>> prefixes() {
        var prefixes = new TreeMap<Integer, List<Prefix>>();
        for (Advertisement advertisement : advertisements.values()) {
            Optional<Advertisement> head = find(new Key(advertisement.origin(), 0));
            if (head.isPresent() && head.get().instance() == advertisement.instance()) {
                prefixes.computeIfAbsent(advertisement.origin(), _ -> new ArrayList<>())
                        .addAll(advertisement.prefixes());
            }
        }
        return prefixes;
    }
}
