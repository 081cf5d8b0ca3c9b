package io.peermesh.admin;

import io.peermesh.keyset.KeysetGenerator;
import io.peermesh.runtime.Mesh;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.store.Audits;
import io.peermesh.store.Store;
import io.peermesh.store.Transaction;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one way to change what is configured: store first, then the published {@link Configuration},
 * then the mesh. Changes follow each other; whoever reads sees the last one that was stored.
 */
final class Changes {
    /** Most audit rows that are kept. */
    static final int MAX_AUDIT_ROWS = 50_000;

    private final Store store;
    private final Mesh mesh;
    private final InstantSource clock;
    private final Plans plans;
    private volatile Configuration current;
    private long outsideVersion; // touched under the store's writer lock only
    private volatile Instant checksumSince;
    private volatile boolean started;
    private volatile Optional<MeshPlan> applied = Optional.empty();

    /** Reads what is stored, and names the installation if it has no name; tells nobody yet. */
    Changes(Store store, Mesh mesh, InstantSource clock, SecureRandom random, Settings settings) {
        this.store = store;
        this.mesh = mesh;
        this.clock = clock;
        this.plans = new Plans(settings);
        store.write(tx -> {
            nameInstallation(tx, random);
            outsideVersion = tx.outsideVersion();
        });
        this.current = store.read(Configuration::load);
        this.checksumSince = Instant.EPOCH;
    }

    private static void nameInstallation(Transaction tx, SecureRandom random) {
        String field = Configuration.Field.INSTALLATION;
        if (tx.local().find(field).isEmpty()) {
            tx.local().put(field, KeysetGenerator.uuid(random).toString());
        }
    }

    /** Gives the mesh the plan that follows from the store; from now on after each change. */
    void start() {
        store.write(
                Configuration::load,
                _ -> true,
                configuration -> {
                    started = true;
                    publish(configuration);
                });
    }

    /** What is configured now. */
    Configuration current() {
        return current;
    }

    /** When the topology checksum became what it is, as far as this controller was running. */
    Instant checksumSince() {
        return checksumSince;
    }

    Store store() {
        return store;
    }

    Instant now() {
        return clock.instant();
    }

    private record Step<T>(Outcome<T> outcome, Configuration configuration) {
        boolean isDone() {
            return outcome instanceof Outcome.Done<T>;
        }
    }

    /**
     * Runs a change in one transaction; a refusal leaves no trace.
     *
     * @param action one word for the audit row
     * @param target what is changed; never a secret
     */
    <T> Outcome<T> change(
            Actor actor, String action, String target, Function<Transaction, Outcome<T>> work) {
        Step<T> step =
                store.write(
                        tx -> {
                            readOutsideChanges(tx);
                            Outcome<T> outcome = work.apply(tx);
                            if (outcome instanceof Outcome.Refused<T>) {
                                return new Step<>(outcome, current);
                            }
                            tx.audits()
                                    .add(
                                            new Audits.Row(
                                                    now(),
                                                    actor.name(),
                                                    actor.source(),
                                                    action,
                                                    target),
                                            MAX_AUDIT_ROWS);
                            return new Step<>(outcome, Configuration.load(tx));
                        },
                        Step::isDone,
                        done -> publish(done.configuration()));
        return step.outcome();
    }

    /** Takes in what a local shell has changed beside the running controller. */
    void refresh() {
        store.write(
                tx -> {
                    readOutsideChanges(tx);
                    return current;
                },
                _ -> true,
                this::publish);
    }

    private void readOutsideChanges(Transaction tx) {
        long version = tx.outsideVersion();
        if (version != outsideVersion) {
            outsideVersion = version;
            replace(Configuration.load(tx));
        }
    }

    /** Runs under the store's writer lock, so plans reach the mesh in the order of the changes. */
    private void publish(Configuration next) {
        replace(next);
        if (!started) {
            return;
        }
        Optional<MeshPlan> plan = plans.of(next);
        if (!plan.equals(applied)) {
            applied = plan;
            mesh.apply(plan);
        }
    }

    private void replace(Configuration next) {
        if (!next.checksum().equals(current.checksum())) {
            checksumSince = now();
        }
        current = next;
    }
}
