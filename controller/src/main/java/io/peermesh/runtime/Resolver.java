package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Turns peers' host names into addresses without ever blocking the control loop: look-ups run on
 * virtual threads, at most one per name at a time, and their results are read by {@link #address}.
 * A literal is its own answer.
 *
 * <p>{@link #refresh} belongs to the control loop; the results may be written by any thread.
 */
public final class Resolver {
    /** How long a name is left alone after a look-up. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final NameLookup lookup;
    private final boolean preferV6;
    private final Runnable changed;
    private final Map<String, IpAddress> answers = new ConcurrentHashMap<>();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> askedNanos = new HashMap<>();

    /**
     * A resolver.
     *
     * @param preferV6 which family to take of a name that has both: the underlay's own
     * @param changed called, from any thread, when a name has a new address
     */
    public Resolver(NameLookup lookup, boolean preferV6, Runnable changed) {
        this.lookup = lookup;
        this.preferV6 = preferV6;
        this.changed = changed;
    }

    /** The last known address of a host; empty while it has never resolved. */
    public Optional<IpAddress> address(String host) {
        return IpAddress.parse(host).or(() -> Optional.ofNullable(answers.get(host)));
    }

    /** Forgets names that are no longer wanted. */
    public void retain(Set<String> hosts) {
        answers.keySet().retainAll(hosts);
        askedNanos.keySet().retainAll(new HashSet<>(hosts));
    }

    /** Asks for the host again unless that was done within {@link #RETRY_NANOS}. */
    public void refresh(String host, long nowNanos) {
        Long asked = askedNanos.get(host);
        if (IpAddress.parse(host).isPresent()
                || (asked != null && nowNanos - asked < RETRY_NANOS)
                || !underWay.add(host)) {
            return;
        }
        askedNanos.put(host, nowNanos);
        Thread.ofVirtual().name("peermesh-resolve").start(() -> resolve(host));
    }

    private void resolve(String host) {
        try {
            Optional<IpAddress> answer = choose(lookup.all(host));
            if (answer.isPresent() && !answer.get().equals(answers.put(host, answer.get()))) {
                changed.run();
            }
        } catch (UnknownHostException e) {
            // The last known address stays; without one the link's state says "resolving".
        } finally {
            underWay.remove(host);
        }
    }

    private Optional<IpAddress> choose(InetAddress[] found) {
        var addresses = Arrays.stream(found).map(each -> IpAddress.of(each.getAddress())).toList();
        return addresses.stream()
                .filter(each -> each.isV4() != preferV6)
                .findFirst()
                .or(() -> addresses.stream().findFirst());
    }
}
