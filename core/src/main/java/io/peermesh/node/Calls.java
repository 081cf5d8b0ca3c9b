package io.peermesh.node;

import io.peermesh.ip.IpAddress;
import io.peermesh.session.RetryLadder;
import io.peermesh.session.SessionMachine;
import io.peermesh.wire.Payload.Ownership;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Handshakes with clients that we start: to take a client over, to keep it, or to learn from it who
 * has it. What differs is the timestamp, since a client answers only if it is the latest.
 */
final class Calls {
    private final Clients clients;
    private final Clients.Env env;

    Calls(Clients clients, Clients.Env env) {
        this.clients = clients;
        this.env = env;
    }

    /**
     * Starts a handshake with a client that is not connected here, or no longer.
     *
     * @return false when it cannot be
     */
    boolean call(Ownership record, long nowNanos) {
        Optional<ClientSession> found = clients.of(record.client());
        if (found.isEmpty() || record.endpoint().isEmpty()) {
            return false;
        }
        SessionMachine machine = clients.machineOf(found.get(), nowNanos);
        machine.onEndpointSet(record.endpoint().get(), nowNanos);
        machine.raiseTimestamp(record.gatewayTimestamp().plusSeconds(1));
        machine.startHandshake(RetryLadder.TAKE_OVER, nowNanos, env.clock().epochNanos(nowNanos));
        env.deadlines().reschedule(found.get());
        return true;
    }

    /**
     * Asks a client whether its owner, or any lost controller if we own it, has shaken hands with
     * it lately.
     *
     * @param ageNanos it answers only if none of them has for as long
     * @return false when it cannot be asked
     */
    boolean askAsOf(Ownership record, long ageNanos, long nowNanos) {
        Optional<ClientSession> found = clients.of(record.client());
        if (found.isEmpty() || record.endpoint().isEmpty()) {
            return false;
        }
        Set<Integer> others = env.reach().lost();
        Set<Integer> by = others.contains(record.owner()) ? Set.of(record.owner()) : others;
        long epochNanos = env.clock().earliestNanos(by, nowNanos) - ageNanos;
        SessionMachine machine = clients.machineOf(found.get(), nowNanos);
        if (!machine.hasInitiatedBefore(epochNanos)) {
            return false;
        }
        machine.onEndpointSet(record.endpoint().get(), nowNanos);
        machine.startHandshake(RetryLadder.CANARY, nowNanos, epochNanos);
        env.deadlines().reschedule(found.get());
        return true;
    }

    /** Shakes hands with those of these clients that are connected here. */
    void renew(Collection<IpAddress> wanted, long nowNanos) {
        for (IpAddress client : wanted) {
            clients.of(client)
                    .filter(session -> session.connected)
                    .ifPresent(session -> {
                        long epochNanos = env.clock().epochNanos(nowNanos);
                        session.machine.ifPresent(
                                m -> m.startHandshake(RetryLadder.CANARY, nowNanos, epochNanos));
                        env.deadlines().reschedule(session);
                    });
        }
    }

    /** Whether a client is connected here, and has shaken hands since then. */
    boolean hasShakenHands(IpAddress client, long sinceNanos) {
        return clients.of(client)
                .filter(session -> session.connected)
                .filter(session -> session.lastHandshakeNanos() > sinceNanos)
                .isPresent();
    }

    /**
     * Asks some clients that are connected here whether they still are.
     *
     * @param always these in any case, if they are connected here
     */
    Set<IpAddress> ask(int count, Collection<IpAddress> always, long nowNanos) {
        Set<ClientSession> asked =
                clients.all().stream()
                        .filter(session -> session.connected && session.machine.isPresent())
                        .sorted(
                                Comparator.comparing((ClientSession session) -> !session.active)
                                        .thenComparing(ClientSession::address))
                        .limit(count)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        always.stream()
                .flatMap(client -> clients.of(client).stream())
                .filter(session -> session.connected && session.machine.isPresent())
                .forEach(asked::add);
        for (ClientSession session : asked) {
            session.machine.ifPresent(m -> m.startHandshake(RetryLadder.CANARY, nowNanos, 0));
            env.deadlines().reschedule(session);
        }
        return asked.stream().map(ClientSession::address).collect(Collectors.toSet());
    }

    /** From now on our timestamps and epochs are later than any that the lost ones have made. */
    void outbidLost(long nowNanos) {
        env.clock().outbid(env.reach().lost(), nowNanos);
    }

    /** Ends a call that is no longer ours to make. */
    void hangUp(IpAddress client) {
        clients.of(client).filter(session -> !session.connected).ifPresent(clients::dropMachine);
    }
}
