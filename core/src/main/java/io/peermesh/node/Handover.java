package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.clients.Rendezvous;
import io.peermesh.ip.IpAddress;
import io.peermesh.wire.Payload.Ownership;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Hands clients over to other controllers, make-before-break: all of them when this controller
 * drains, some when it has more than its share, one when an operator wants it elsewhere. The record
 * of a client names the heir; the heir calls the client and claims it; until then we go on as
 * before.
 *
 * <pre>
 *   connected --heir named--&gt; offered --heir's newer record--&gt; gone
 *       ^                        | 3 s
 *       |                        v
 *       +--- nobody left --- next heir
 * </pre>
 */
final class Handover extends Timed {
    /** Clients that are offered at once. */
    static final int MAX_OFFERED = 32;

    /** Offers in one step of a drain; steps are {@link #STEP_NANOS} apart: 200 a second. */
    static final int OFFERED_PER_STEP = 4;

    /** Between two steps of a drain. */
    static final long STEP_NANOS = 20_000_000L;

    /** Between two looks at the load. */
    static final long LOOK_NANOS = 20_000_000_000L;

    /** An heir that has not claimed the client by then gives way to the next. */
    static final long OFFER_NANOS = 3_000_000_000L;

    /**
     * What a client that has just come sends by way of its former owner does not count as its wish
     * to be there: a packet of that one may have reached it last. By then we have sent it a
     * keepalive (WireGuard's 10 s), and it follows that.
     */
    static final long SETTLE_NANOS = 15_000_000_000L;

    /** Clients that nobody could call are offered again after this time. */
    static final long STRANDED_NANOS = 30_000_000_000L;

    /** A client that has just come is not sent on to even the load. */
    static final long STAY_NANOS = 600_000_000_000L;

    /** Moves by hand that wait for their turn; more are refused. */
    static final int MAX_MOVES = 1024;

    /** So many more than its share a controller may have: a quarter, and these. */
    static final int SLACK_CLIENTS = 4;

    private final Env env;
    private final Map<IpAddress, Offer> offers = new LinkedHashMap<>();
    private final Map<IpAddress, Long> stranded = new HashMap<>();
    private final Map<IpAddress, Integer> moves = new LinkedHashMap<>();
    private Desired.Load load;
    private long nextNanos;
    private long nextLookNanos;
    private double budget;
    private long handedOver;
    private boolean toldDrained;

    /**
     * What it needs of the node.
     *
     * @param candidates who may own clients now, with their weights
     * @param neededForTransit which controllers would be cut off without us, in words
     */
    record Env(
            int selfId,
            Clients clients,
            OwnershipTable ownership,
            Reach reach,
            Effects effects,
            Supplier<Map<Integer, Integer>> candidates,
            Supplier<Optional<String>> neededForTransit) {}

    private record Offer(int heir, long sinceNanos, Set<Integer> tried) {}

    Handover(Env env, Desired.Load load, long nowNanos) {
        this.env = env;
        this.load = load;
        nextNanos = nowNanos;
        nextLookNanos = nowNanos;
    }

    void configure(Desired.Load wanted, long nowNanos) {
        if (load.draining() && !wanted.draining()) {
            offers.keySet()
                    .forEach(client -> env.clients().bequeath(client, OwnershipTable.NOBODY));
            offers.clear();
            stranded.clear();
            toldDrained = false;
        }
        load = wanted;
        nextNanos = nowNanos;
        nextLookNanos = nowNanos;
    }

    @Override
    void onDue(long nowNanos) {
        settleOffers(nowNanos);
        startMoves(nowNanos);
        if (load.draining()) {
            drain(nowNanos);
        } else if (nowNanos >= nextLookNanos) {
            nextLookNanos = nowNanos + LOOK_NANOS;
            share(nowNanos);
        }
        boolean busy = load.draining() || !offers.isEmpty() || !moves.isEmpty();
        nextNanos = busy ? nowNanos + STEP_NANOS : nextLookNanos;
    }

    @Override
    long deadlineNanos() {
        return nextNanos;
    }

    // ---- offers

    private void settleOffers(long nowNanos) {
        for (Map.Entry<IpAddress, Offer> each : List.copyOf(offers.entrySet())) {
            IpAddress client = each.getKey();
            Offer offer = each.getValue();
            if (env.ownership().ownerOf(client) != env.selfId()) {
                offers.remove(client);
                handedOver++;
            } else if (nowNanos - offer.sinceNanos() >= OFFER_NANOS) {
                offers.remove(client);
                if (!load.draining() || !offer(client, offer.tried(), nowNanos)) {
                    stranded.put(client, nowNanos + STRANDED_NANOS);
                    env.clients().bequeath(client, OwnershipTable.NOBODY);
                }
            }
        }
        stranded.values().removeIf(until -> until <= nowNanos);
    }

    /** Offers the client to the best heir that was not tried yet; false when there is none. */
    private boolean offer(IpAddress client, Set<Integer> tried, long nowNanos) {
        Map<Integer, Integer> heirs = new HashMap<>(env.candidates().get());
        heirs.keySet().removeAll(tried);
        heirs.remove(env.selfId());
        Optional<Integer> heir = Rendezvous.home(client, heirs);
        heir.ifPresent(id -> offer(client, id, tried, nowNanos));
        return heir.isPresent();
    }

    private void offer(IpAddress client, int heir, Set<Integer> tried, long nowNanos) {
        var nowTried = new HashSet<>(tried);
        nowTried.add(heir);
        offers.put(client, new Offer(heir, nowNanos, nowTried));
        env.clients().bequeath(client, heir);
    }

    /** A client's datagrams come in at another controller: that one shall have it. */
    void onRelayed(ClientSession session, int controllerId, long nowNanos) {
        boolean settled = nowNanos - session.connectedNanos >= SETTLE_NANOS;
        if (session.connected
                && settled
                && takesClients(controllerId)
                && !offers.containsKey(session.address())) {
            offer(session.address(), controllerId, Set.of(), nowNanos);
            nextNanos = nowNanos + STEP_NANOS;
        }
    }

    // ---- moves by hand

    /** See {@link Node#move}. */
    boolean move(IpAddress client, int heir, long nowNanos) {
        boolean here = env.clients().of(client).filter(each -> each.connected).isPresent();
        if (!here || !takesClients(heir) || moves.size() >= MAX_MOVES) {
            return false;
        }
        moves.put(client, heir);
        nextNanos = nowNanos;
        return true;
    }

    private boolean takesClients(int heir) {
        return heir != env.selfId() && env.candidates().get().containsKey(heir);
    }

    private void startMoves(long nowNanos) {
        Iterator<Map.Entry<IpAddress, Integer>> wanted = moves.entrySet().iterator();
        for (int i = 0;
                i < OFFERED_PER_STEP && wanted.hasNext() && offers.size() < MAX_OFFERED;
                i++) {
            Map.Entry<IpAddress, Integer> each = wanted.next();
            wanted.remove();
            IpAddress client = each.getKey();
            boolean here = env.clients().of(client).filter(one -> one.connected).isPresent();
            if (here && takesClients(each.getValue()) && !offers.containsKey(client)) {
                stranded.remove(client);
                offer(client, each.getValue(), Set.of(), nowNanos);
            }
        }
    }

    private List<ClientSession> movable() {
        return env.clients().all().stream()
                .filter(session -> session.connected)
                .filter(session -> !offers.containsKey(session.address()))
                .filter(session -> !stranded.containsKey(session.address()))
                .toList();
    }

    // ---- drain

    private void drain(long nowNanos) {
        Iterator<ClientSession> left = movable().iterator();
        for (int i = 0;
                i < OFFERED_PER_STEP && left.hasNext() && offers.size() < MAX_OFFERED;
                i++) {
            IpAddress client = left.next().address();
            if (!offer(client, Set.of(), nowNanos)) {
                stranded.put(client, nowNanos + STRANDED_NANOS);
            }
        }
        if (!toldDrained && status().filter(NodeStatus.Drain::isSafeToStop).isPresent()) {
            toldDrained = true;
            env.effects().report(new Report.Drained());
        }
    }

    /** How far the drain is; empty when there is none. */
    Optional<NodeStatus.Drain> status() {
        if (!load.draining()) {
            return Optional.empty();
        }
        int left = (int) env.clients().all().stream().filter(each -> each.connected).count();
        String obstacle =
                left == 0
                        ? env.neededForTransit().get().orElse("")
                        : stranded.size() < left
                                ? "%d clients are still here".formatted(left)
                                : "%d clients are still here, and no other controller reaches them"
                                        .formatted(left);
        return Optional.of(new NodeStatus.Drain(left, stranded.size(), obstacle));
    }

    // ---- load sharing

    private void share(long nowNanos) {
        if (load.movesPerMinute() == 0 || env.reach().isSmallerSide()) {
            return;
        }
        budget = Math.min(Math.max(1, perLook()), budget + perLook()); // not saved for later
        Map<Integer, Integer> weights = env.candidates().get();
        Map<Integer, Integer> counts = counts(weights);
        int mine = counts.getOrDefault(env.selfId(), 0) - offers.size();
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        int shares = weights.values().stream().mapToInt(Integer::intValue).sum();
        if (weights.size() < 2 || !weights.containsKey(env.selfId())) {
            return;
        }
        double fair = (double) all * weights.getOrDefault(env.selfId(), 1) / shares;
        if (mine <= fair * 1.25 + SLACK_CLIENTS) {
            return;
        }
        Iterator<ClientSession> movable = idleFirst(nowNanos).iterator();
        for (int i = 0; i < mine - fair && budget >= 1 && movable.hasNext(); i++) {
            int heir = leastLoaded(weights, counts);
            counts.merge(heir, 1, Integer::sum);
            offer(movable.next().address(), heir, Set.of(), nowNanos);
            budget--;
        }
    }

    private double perLook() {
        return load.movesPerMinute() * LOOK_NANOS / 60e9;
    }

    private Map<Integer, Integer> counts(Map<Integer, Integer> weights) {
        var counts = new HashMap<Integer, Integer>();
        for (Ownership record : env.ownership().all()) {
            if (weights.containsKey(record.owner())) {
                counts.merge(record.owner(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private List<ClientSession> idleFirst(long nowNanos) {
        return movable().stream()
                .filter(session -> nowNanos - session.connectedNanos >= STAY_NANOS)
                .sorted(Comparator.comparing(session -> session.active))
                .toList();
    }

    private int leastLoaded(Map<Integer, Integer> weights, Map<Integer, Integer> counts) {
        return weights.entrySet().stream()
                .filter(each -> each.getKey() != env.selfId())
                .min(
                        Comparator.comparingDouble(each ->
                                (double) counts.getOrDefault(each.getKey(), 0) / each.getValue()))
                .orElseThrow()
                .getKey();
    }

    /** Clients that went to their heirs. */
    long handedOver() {
        return handedOver;
    }
}
