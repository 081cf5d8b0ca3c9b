package io.peermesh.admin;

import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.keyset.TokenPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Joining a mesh with one address and one token: keyset, controller id and peers in one go. Runs in
 * the background, and never together with another way to get a keyset.
 */
public final class JoinAdmin {
    private static final Problem MEMBER_ALREADY =
            Problem.argument(
                    "This controller has a keyset already, so it belongs to a topology. To join"
                            + " another mesh, start it with an empty data directory; to add peers"
                            + " here, use Controller Peering.");

    private final KeysetAdmin keyset;
    private final JoinWork work;
    private final AtomicReference<Optional<JoinProgress>> latest =
            new AtomicReference<>(Optional.empty());

    JoinAdmin(KeysetAdmin keyset, JoinWork work) {
        this.keyset = keyset;
        this.work = work;
    }

    /**
     * What an operator asks for; texts as they were typed.
     *
     * @param source HOST[:PORT] of a controller of the mesh; default port 8000
     * @param token the mesh's security token
     * @param address where the other controllers reach this one; empty for the address that the
     *     source sees it under
     * @param name a name for this controller; empty to leave it
     */
    public record Wish(String source, String token, String address, String name) {
        @Override
        public String toString() {
            return "Wish[source=" + source + "]"; // the token is secret
        }
    }

    /** Starts; the view is running, or already over when it was quick. */
    public Outcome<JoinView> start(Actor actor, Wish wish) {
        Optional<SourceAddress> source =
                SourceAddress.parse(wish.source().strip(), FetchTransport.DEFAULT_PORT);
        Optional<String> address = given(wish.address());
        Optional<String> name = given(wish.name());
        Optional<Problem> problem =
                stateProblem()
                        .or(() -> TokenPolicy.fault(wish.token(), true).map(Problem::argument))
                        .or(() -> sourceProblem(wish.source(), source))
                        .or(() -> addressProblem(address, source.orElseThrow()))
                        .or(() -> ConfigAdmin.nameProblem("name", name));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        var order = new JoinWork.Order(source.orElseThrow(), wish.token(), address, name);
        String target = order.source().toString();
        var job =
                new KeysetAdmin.Job(
                        "join-mesh",
                        target,
                        EventKind.JOIN_FAILED,
                        () -> latest.set(Optional.of(JoinProgress.start(target))),
                        started ->
                                work.join(
                                        order,
                                        started,
                                        change ->
                                                latest.updateAndGet(before -> before.map(change))));
        return keyset.launch(actor, job).map(_ -> view());
    }

    private Optional<Problem> stateProblem() {
        return keyset.stateProblem()
                .map(problem -> problem.equals(Problem.KEYSET_EXISTS) ? MEMBER_ALREADY : problem);
    }

    private static Optional<Problem> sourceProblem(String text, Optional<SourceAddress> source) {
        if (text.isBlank()) {
            return Optional.of(Problem.argument("source is missing"));
        }
        return source.isPresent()
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "source is invalid: "
                                        + ConfigAdmin.printable(text)
                                        + " has not the form HOST or HOST:PORT"));
    }

    private static Optional<Problem> addressProblem(
            Optional<String> address, SourceAddress source) {
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (!SourceAddress.isHost(address.get())) {
            return Optional.of(
                    Problem.argument(
                            "address is invalid: "
                                    + ConfigAdmin.printable(address.get())
                                    + " is neither an IP address nor a DNS name"));
        }
        return address.get().equalsIgnoreCase(source.host())
                ? Optional.of(
                        Problem.argument(
                                "address is invalid: "
                                        + address.get()
                                        + " is the controller that is joined at; give this one's"
                                        + " own address, or leave it out"))
                : Optional.empty();
    }

    private static Optional<String> given(String text) {
        return Optional.of(text.strip()).filter(each -> !each.isEmpty());
    }

    /** How far it is; at any time. */
    public JoinView view() {
        Optional<JoinProgress> progress = latest.get();
        if (progress.isPresent()) {
            JoinView view = progress.get().view();
            return keyset.isRunning()
                    ? view.unfinished()
                    : view; // it is over once one may try again
        }
        Optional<KeysetView.Failure> failure =
                keyset.view() instanceof Outcome.Done<KeysetView>(KeysetView view)
                        ? view.failure()
                        : Optional.empty();
        return new JoinView(
                failure.isPresent() ? JoinView.State.FAILED : JoinView.State.NONE,
                "",
                List.of(),
                OptionalInt.empty(),
                failure);
    }
}
