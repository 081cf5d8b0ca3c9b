package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.admin.JoinView.Stage;
import io.peermesh.keyset.FetchClient;
import io.peermesh.keyset.FetchFailure;
import io.peermesh.keyset.Handout;
import io.peermesh.keyset.JoinAnswer;
import io.peermesh.keyset.JoinClient;
import io.peermesh.keyset.JoinRequest;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.keyset.StretchedToken;
import io.peermesh.license.AddressingText;
import io.peermesh.license.License;
import io.peermesh.store.Peers;
import io.peermesh.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Joining a mesh, from the fetch to the one change that stores all of it. Before that change
 * nothing is stored, so a crash leaves a controller that has not joined; the others may have it as
 * a peer already, and give it the same id when it tries again.
 *
 * <pre>
 *            fetched          leased            announced           mine
 *   FETCH  ----------->  ID  --------->  ANNOUNCE  ------->  CONFIRM  ------>  PEER: stored
 *                        ^                   | taken            | taken  | wait: again
 *                        +-------------------+------------------+<-------+
 *                             at most {@link #MAX_TRIES} times
 * </pre>
 */
final class JoinWork {
    /** How many ids are tried while others take them at the same time. */
    static final int MAX_TRIES = 5;

    /** How often one id is waited for. */
    static final int MAX_WAITS = 10;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private final Changes changes;
    private final Settings settings;
    private final EventLog events;
    private final KeysetWork work;
    private final FetchClient fetchClient;
    private final JoinClient joinClient;
    private final Pause pause;

    JoinWork(
            Changes changes,
            Settings settings,
            EventLog events,
            KeysetWork work,
            FetchClient fetchClient,
            JoinClient joinClient,
            Pause pause) {
        this.changes = changes;
        this.settings = settings;
        this.events = events;
        this.work = work;
        this.fetchClient = fetchClient;
        this.joinClient = joinClient;
        this.pause = pause;
    }

    /** Told each change of the progress. */
    @FunctionalInterface
    interface Teller {
        void tell(UnaryOperator<JoinProgress> change);
    }

    /**
     * What is asked for, checked.
     *
     * @param address where the others reach this controller; empty for the one it is seen from
     * @param name of this controller; empty to leave it
     */
    record Order(
            SourceAddress source, String token, Optional<String> address, Optional<String> name) {
        @Override
        public String toString() {
            return "Order[" + source + "]"; // the token is secret
        }
    }

    /** What the fetch gave. */
    private record Fetched(Handout handout, StretchedToken token) {}

    /** A place in the mesh. */
    private record Place(int id, String address, JoinAnswer.Member member) {}

    /** Ends the attempt: there is no way on. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient KeysetWork.Failed failed;

        Ended(String reason, String text) {
            super(reason, null, false, false);
            this.failed = new KeysetWork.Failed(reason, text);
        }
    }

    KeysetWork.Result join(Order order, Instant started, Teller teller) {
        KeysetWork.Result result;
        try {
            result = run(order, started, teller);
        } catch (Ended ended) {
            result = ended.failed;
        } catch (RuntimeException fault) {
            fail(teller, new KeysetWork.Failed("fault", "The controller failed: " + fault));
            throw fault;
        }
        if (result instanceof KeysetWork.Failed failed) {
            fail(teller, failed);
        }
        return result;
    }

    private void fail(Teller teller, KeysetWork.Failed failed) {
        var failure = new KeysetView.Failure(failed.reason(), failed.text(), changes.now());
        teller.tell(progress -> progress.failed(failure));
    }

    private KeysetWork.Result run(Order order, Instant started, Teller teller) {
        Fetched fetched = fetch(order, teller);
        Place place = place(order, fetched.handout(), teller);
        teller.tell(progress -> progress.at(Stage.PEER, ""));
        SortedMap<Integer, Peers.Row> peers = peers(order, fetched.handout(), place);
        Outcome<Boolean> stored =
                work.storeFetched(
                        "store-joined-mesh",
                        fetched.handout(),
                        fetched.token(),
                        started,
                        tx -> store(tx, order, place, peers));
        if (stored instanceof Outcome.Refused<Boolean>(Problem problem)) {
            return new KeysetWork.Failed("refused", problem.message());
        }
        events.record(
                EventKind.MESH_JOINED,
                "controller " + place.id(),
                "This controller joined the mesh at %s: it is controller %d, and %s."
                        .formatted(order.source(), place.id(), known(peers)));
        teller.tell(progress -> progress.joined(known(peers)));
        return new KeysetWork.Done();
    }

    private static String known(SortedMap<Integer, Peers.Row> peers) {
        return "its "
                + (peers.size() == 1 ? "peer is controller " : "peers are controllers ")
                + String.join(", ", peers.keySet().stream().map(Object::toString).toList());
    }

    private Fetched fetch(Order order, Teller teller) {
        teller.tell(progress -> progress.at(Stage.FETCH, "from " + order.source()));
        return switch (fetchClient.fetch(order.source(), order.token())) {
            case FetchClient.Result.Failed(FetchFailure failure) ->
                    throw new Ended(failure.reason().label(), failure.text());
            case FetchClient.Result.Fetched(Handout handout, StretchedToken token) -> {
                if (work.acceptable(handout) instanceof Outcome.Refused<License>(Problem problem)) {
                    throw new Ended(
                            "license",
                            order.source()
                                    + " handed out what cannot be used here: "
                                    + problem.message());
                }
                yield new Fetched(handout, token);
            }
        };
    }

    private Place place(Order order, Handout handout, Teller teller) {
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            teller.tell(progress -> progress.at(Stage.ID, ""));
            var lease = new JoinRequest.Lease(installation());
            if (!(ask(order, handout, lease) instanceof JoinAnswer.Leased leased)) {
                continue;
            }
            int id = leased.id();
            teller.tell(progress ->
                    progress.withId(id)
                            .says(Stage.ID, id + " of " + leased.controllers())
                            .at(Stage.ANNOUNCE, "to " + order.source()));
            var announce = new JoinRequest.Announce(installation(), id, order.address().orElse(""));
            if (!(ask(order, handout, announce) instanceof JoinAnswer.Announced announced)) {
                continue;
            }
            teller.tell(progress ->
                    progress.says(Stage.ANNOUNCE, "as reachable at " + announced.address()));
            Optional<JoinAnswer.Member> member = confirm(order, handout, id);
            if (member.isPresent()) {
                return new Place(id, announced.address(), member.get());
            }
        }
        throw new Ended(
                "collision",
                "other controllers took each id that "
                        + order.source()
                        + " offered: too many join at the same time; try again");
    }

    private UUID installation() {
        return changes.current().installation();
    }

    /** Empty when somebody else has the id. */
    private Optional<JoinAnswer.Member> confirm(Order order, Handout handout, int id) {
        for (int waits = 0; waits < MAX_WAITS; waits++) {
            switch (ask(order, handout, new JoinRequest.Confirm(installation(), id))) {
                case JoinAnswer.Member member -> {
                    return Optional.of(member);
                }
                case JoinAnswer.Wait(int millis) ->
                        pause.pass(
                                Duration.ofMillis(Math.clamp(millis, 1, LONGEST_WAIT.toMillis())));
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** The answer; without one the attempt ends. */
    private JoinAnswer ask(Order order, Handout handout, JoinRequest request) {
        return switch (joinClient.ask(order.source(), handout.keyset(), request)) {
            case JoinClient.Result.Answered(JoinAnswer.Denied(String reason, String text)) ->
                    throw new Ended(
                            reason, order.source() + " does not take this controller in: " + text);
            case JoinClient.Result.Answered(JoinAnswer answer) -> answer;
            case JoinClient.Result.Failed(FetchFailure failure) ->
                    throw new Ended(failure.reason().label(), failure.text());
        };
    }

    /**
     * The one that is joined at under the address that was good for this; the others as it has
     * them.
     */
    private SortedMap<Integer, Peers.Row> peers(Order order, Handout handout, Place place) {
        int controllers =
                AddressingText.parse(handout.parameters()).orElseThrow().controllers().size();
        var peers = new TreeMap<Integer, Peers.Row>();
        int sourceId = place.member().sourceId();
        peers.put(sourceId, MemberNews.row(sourceId, order.source().host(), Optional.empty()));
        for (JoinAnswer.Peer peer : place.member().peers()) {
            boolean known =
                    peers.values().stream()
                            .anyMatch(row -> row.host().equalsIgnoreCase(peer.host()));
            boolean own =
                    peer.id() == place.id()
                            || peer.host().equalsIgnoreCase(place.address())
                            || peer.host().equalsIgnoreCase(settings.privateAddress());
            if (!known && !own && peer.id() <= controllers) {
                int mtuBytes =
                        Math.clamp(
                                peer.outerMtuBytes(),
                                PeeringAdmin.MIN_MTU_BYTES,
                                PeeringAdmin.DEFAULT_MTU_BYTES);
                peers.putIfAbsent(peer.id(), new Peers.Row(peer.id(), peer.host(), mtuBytes));
            }
        }
        return peers;
    }

    private void store(
            Transaction tx, Order order, Place place, SortedMap<Integer, Peers.Row> peers) {
        order.name().ifPresent(name -> tx.local().put(Field.CONTROLLER_NAME, name));
        clientEndpoint(order).ifPresent(host -> tx.local().put(Field.CLIENT_ENDPOINT, host));
        tx.local().put(Field.SELF_ID, Integer.toString(place.id()));
        String endpoint = tx.local().find(Field.CLIENT_ENDPOINT).orElse("");
        if (!endpoint.isEmpty()) {
            tx.shared().write(SharedFields.endpoint(place.id()), endpoint, place.id());
        }
        tx.peers().all().forEach(row -> tx.peers().remove(row.controllerId()));
        peers.values().forEach(tx.peers()::put);
    }

    /**
     * Who says where the others reach this controller says so for clients as well, unless their
     * endpoint is configured.
     */
    private Optional<String> clientEndpoint(Order order) {
        boolean configured =
                !changes.current().local().getOrDefault(Field.CLIENT_ENDPOINT, "").isEmpty();
        int port =
                SourceAddress.parse(settings.clientEndpoint(), ClientEndpoints.DEFAULT_PORT)
                        .map(SourceAddress::port)
                        .orElse(ClientEndpoints.DEFAULT_PORT);
        return order.address()
                .filter(host -> !configured && !host.equalsIgnoreCase(settings.privateAddress()))
                .map(host -> new SourceAddress(host, port).toString());
    }
}
