package io.peermesh.clients;

import io.peermesh.ip.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Weighted rendezvous hashing: every controller draws the same lot for each pair of client and
 * controller, so all agree on the order without a word, clients spread in proportion to the
 * weights, and a controller that leaves moves only its own clients. Pure.
 */
public final class Rendezvous {
    private Rendezvous() {}

    /**
     * The controller that a new clientpack shall name first.
     *
     * @param weights of the controllers that may be chosen, by id; above 0
     * @return empty when there is none to choose
     */
    public static Optional<Integer> home(IpAddress client, Map<Integer, Integer> weights) {
        return rank(client, weights).stream().findFirst();
    }

    /** So many of these clients, drawn at random, but the same ones wherever this is asked. */
    public static List<IpAddress> sample(Stream<IpAddress> clients, int count) {
        return clients.sorted(
                        Comparator.comparingDouble((IpAddress client) -> score(client, 0, 1))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(count)
                .toList();
    }

    /** All candidates, the best for this client first. */
    public static List<Integer> rank(IpAddress client, Map<Integer, Integer> weights) {
        return weights.entrySet().stream()
                .sorted(
                        Comparator.comparingDouble((Map.Entry<Integer, Integer> each) ->
                                        score(client, each.getKey(), each.getValue()))
                                .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** An exponential draw whose mean is 1 / weight: the smallest wins as often as its weight. */
    private static double score(IpAddress client, int controllerId, int weight) {
        long bits = mix(mix(mix(client.hi()) ^ client.lo()) ^ controllerId);
        double uniform = ((bits >>> 11) + 0.5) * 0x1.0p-53;
        return -StrictMath.log(uniform) / weight;
    }

    /** The finalizer of SplitMix64, after one step of its sequence. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
