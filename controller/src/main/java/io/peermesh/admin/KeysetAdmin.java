package io.peermesh.admin;

import io.peermesh.keyset.Checksums;
import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.keyset.TokenPolicy;
import io.peermesh.store.Keysets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Generating and fetching the keyset, alone or as a part of joining a mesh; all run in the
 * background, one at a time.
 *
 * <pre>
 *             start                 done (a fetch: restart signal first)
 *   ABSENT  ---------> IN PROGRESS -----------------------------------------> PRESENT
 *      ^                    |
 *      |                    | failed; the reason is kept
 *      +--------------------+
 * </pre>
 *
 * <p>Nothing of an attempt is stored but its start before it is complete, so a crash in between
 * leaves ABSENT, with "interrupted" as the reason.
 */
public final class KeysetAdmin {
    static final String DONE = "done";
    static final String INTERRUPTED = "interrupted";

    private final Changes changes;
    private final Settings settings;
    private final EventLog events;
    private final KeysetWork work;
    private final Executor background;
    private final AtomicReference<Optional<Instant>> running =
            new AtomicReference<>(Optional.empty());

    KeysetAdmin(
            Changes changes,
            Settings settings,
            EventLog events,
            KeysetWork work,
            Executor background) {
        this.changes = changes;
        this.settings = settings;
        this.events = events;
        this.work = work;
        this.background = background;
    }

    /** Notes an attempt that a crash or restart has ended. */
    void begin() {
        Optional<Keysets.Attempt> attempt = changes.store().read(tx -> tx.keyset().attempt());
        if (attempt.isPresent() && attempt.get().reason().isEmpty()) {
            fail(
                    EventKind.KEYSET_FAILED,
                    attempt.get().started(),
                    new KeysetWork.Failed(
                            INTERRUPTED,
                            "The controller was restarted while it was getting a keyset; start"
                                    + " again."));
        }
    }

    /**
     * Refused with {@link Problem#UNLICENSED} before a license is final, unless a fetch runs or has
     * failed.
     */
    public Outcome<KeysetView> view() {
        Optional<Instant> started = running.get();
        Configuration now = changes.current();
        Optional<KeysetView.Failure> failure = failure(now);
        if (started.isEmpty() && !now.isLicensed() && failure.isEmpty()) {
            return Outcome.refused(Problem.UNLICENSED);
        }
        if (started.isPresent()) {
            return Outcome.done(inProgress(started.get()));
        }
        Optional<Keysets.Row> row = now.keyset();
        return Outcome.done(
                new KeysetView(
                        row.isPresent(),
                        false,
                        Optional.empty(),
                        0,
                        row.map(each -> Instant.ofEpochMilli(each.keyset().createdEpochMillis())),
                        row.map(each -> Checksums.keyset(each.keyset())),
                        row.map(each -> each.keyset().uuid()),
                        failure));
    }

    private KeysetView inProgress(Instant started) {
        return new KeysetView(
                false,
                true,
                Optional.of(started),
                Math.max(0, started.until(changes.now(), ChronoUnit.SECONDS)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Optional<KeysetView.Failure> failure(Configuration now) {
        if (now.keyset().isPresent()) {
            return Optional.empty();
        }
        return changes.store()
                .read(tx -> tx.keyset().attempt())
                .filter(each -> !each.reason().isEmpty() && !each.reason().equals(DONE))
                .map(each -> new KeysetView.Failure(each.reason(), each.text(), each.finished()));
    }

    /** Starts; the view is in progress and has a fresh start time. */
    public Outcome<KeysetView> start(Actor actor, KeysetRequest request) {
        Optional<SourceAddress> source =
                request.source()
                        .flatMap(text ->
                                SourceAddress.parse(text.strip(), FetchTransport.DEFAULT_PORT));
        Optional<Problem> problem =
                stateProblem()
                        .or(() -> tokenProblem(request))
                        .or(() -> sourceProblem(request, source))
                        .or(() -> ConfigAdmin.nameProblem("topology_name", name(request)))
                        .or(() -> source.isPresent() ? Optional.empty() : licenseProblem());
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        String token = request.token().orElseThrow();
        return launch(
                actor,
                source.isPresent()
                        ? new Job(
                                "fetch-keyset",
                                source.get().toString(),
                                EventKind.KEYSET_FAILED,
                                () -> {},
                                started -> work.fetch(source.get(), token, started))
                        : new Job(
                                "generate-keyset",
                                "",
                                EventKind.KEYSET_FAILED,
                                () -> {},
                                started -> work.generate(token, name(request), started)));
    }

    /**
     * A way to get a keyset.
     *
     * @param action one word for the audit row
     * @param failure what is noted when it fails
     * @param begun runs once it is certain that the work will be done
     * @param work is told when it started
     */
    record Job(
            String action,
            String target,
            EventKind failure,
            Runnable begun,
            Function<Instant, KeysetWork.Result> work) {}

    /** Runs a job in the background, unless a keyset is there or on its way. */
    Outcome<KeysetView> launch(Actor actor, Job job) {
        Instant started = nextStart();
        if (!running.compareAndSet(Optional.empty(), Optional.of(started))) {
            return Outcome.refused(Problem.KEYSET_IN_PROGRESS);
        }
        boolean handedOver = false;
        try {
            Outcome<Boolean> noted = noteStart(actor, job, started);
            if (noted instanceof Outcome.Refused<Boolean>(Problem problem)) {
                return Outcome.refused(problem); // another attempt was just done
            }
            KeysetView view = inProgress(started);
            job.begun().run();
            background.execute(() -> run(job, started));
            handedOver = true;
            return Outcome.done(view);
        } finally {
            if (!handedOver) {
                running.set(Optional.empty());
            }
        }
    }

    /** Why no attempt can start now, whatever is asked for. */
    Optional<Problem> stateProblem() {
        if (running.get().isPresent()) {
            return Optional.of(Problem.KEYSET_IN_PROGRESS);
        }
        return changes.current().keyset().isPresent()
                ? Optional.of(Problem.KEYSET_EXISTS)
                : Optional.empty();
    }

    /** Whether an attempt is under way. */
    boolean isRunning() {
        return running.get().isPresent();
    }

    private Optional<Problem> tokenProblem(KeysetRequest request) {
        // what another controller has let in is no business of the one that fetches
        boolean weakAllowed = settings.weakTokens() || request.source().isPresent();
        return TokenPolicy.fault(request.token().orElse(""), weakAllowed).map(Problem::argument);
    }

    private static Optional<Problem> sourceProblem(
            KeysetRequest request, Optional<SourceAddress> source) {
        return request.source().isPresent() && source.isEmpty()
                ? Optional.of(
                        Problem.argument(
                                "source is invalid: "
                                        + ConfigAdmin.printable(request.source().get())
                                        + " has not the form HOST or HOST:PORT"))
                : Optional.empty();
    }

    private Optional<Problem> licenseProblem() {
        Configuration now = changes.current();
        return Prerequisites.license(now).or(() -> Prerequisites.unexpired(now, changes.now()));
    }

    private static Optional<String> name(KeysetRequest request) {
        return request.topologyName().map(String::strip).filter(text -> !text.isEmpty());
    }

    /**
     * Whole seconds, and never that of an attempt before: API clients tell attempts apart by it.
     */
    private Instant nextStart() {
        Instant now = changes.now().truncatedTo(ChronoUnit.SECONDS);
        return changes.store()
                .read(tx -> tx.keyset().attempt())
                .map(before -> before.started().plusSeconds(1))
                .filter(earliest -> earliest.isAfter(now))
                .orElse(now);
    }

    private Outcome<Boolean> noteStart(Actor actor, Job job, Instant started) {
        return changes.change(
                actor,
                job.action(),
                job.target(),
                tx -> {
                    if (changes.current().keyset().isPresent()) {
                        return Outcome.refused(Problem.KEYSET_EXISTS);
                    }
                    tx.keyset().putAttempt(new Keysets.Attempt(started, Instant.EPOCH, "", ""));
                    return Outcome.done(true);
                });
    }

    private void run(Job job, Instant started) {
        try {
            switch (job.work().apply(started)) {
                case KeysetWork.Done _ -> running.set(Optional.empty());
                case KeysetWork.Failed failed -> fail(job.failure(), started, failed);
            }
        } catch (RuntimeException e) {
            fail(
                    job.failure(),
                    started,
                    new KeysetWork.Failed("fault", "The controller failed: " + e));
            throw e;
        }
    }

    private void fail(EventKind kind, Instant started, KeysetWork.Failed failed) {
        try {
            changes.store()
                    .write(tx ->
                            tx.keyset()
                                    .putAttempt(
                                            new Keysets.Attempt(
                                                    started,
                                                    changes.now(),
                                                    failed.reason(),
                                                    failed.text())));
            events.record(kind, "keyset", failed.text());
        } finally {
            running.set(Optional.empty());
        }
    }
}
