package io.peermesh.admin;

import io.peermesh.crypto.Keyset;
import io.peermesh.keyset.FetchClient;
import io.peermesh.keyset.FetchFailure;
import io.peermesh.keyset.Handout;
import io.peermesh.keyset.KeysetGenerator;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.keyset.StretchedToken;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.License;
import io.peermesh.store.Keysets;
import io.peermesh.store.Licenses;
import io.peermesh.store.Transaction;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The work behind {@link KeysetAdmin}: it takes a while, and ends with one change or with none. */
final class KeysetWork {
    private static final Actor ACTOR = Actor.LOCAL;

    private final Changes changes;
    private final Settings settings;
    private final EventLog events;
    private final FetchClient client;
    private final RestartSignal restartSignal;
    private final SecureRandom random;

    KeysetWork(
            Changes changes,
            Settings settings,
            EventLog events,
            FetchClient client,
            RestartSignal restartSignal,
            SecureRandom random) {
        this.changes = changes;
        this.settings = settings;
        this.events = events;
        this.client = client;
        this.restartSignal = restartSignal;
        this.random = random;
    }

    /** How it ended. */
    sealed interface Result {}

    /** The keyset is stored. */
    record Done() implements Result {}

    /** Nothing is stored; the reason is one word, the text for people. */
    record Failed(String reason, String text) implements Result {}

    Result generate(String token, Optional<String> topologyName, Instant started) {
        Keyset keyset = KeysetGenerator.generate(random, changes.now());
        StretchedToken stretched = StretchedToken.of(token, settings.tokenCost(), random);
        Outcome<Boolean> stored =
                changes.change(
                        ACTOR,
                        "store-keyset",
                        keyset.uuid().toString(),
                        tx -> {
                            topologyName
                                    .filter(name -> !name.equals(changes.current().topologyName()))
                                    .ifPresent(name ->
                                            tx.shared()
                                                    .write(
                                                            SharedFields.TOPOLOGY_NAME,
                                                            name,
                                                            changes.current().writerId()));
                            return store(tx, keyset, stretched, started);
                        });
        return ended(
                stored,
                EventKind.KEYSET_GENERATED,
                "A keyset was generated: " + keyset.uuid() + ".");
    }

    private Outcome<Boolean> store(
            Transaction tx, Keyset keyset, StretchedToken token, Instant started) {
        if (changes.current().keyset().isPresent()) {
            return Outcome.refused(Problem.KEYSET_EXISTS);
        }
        tx.keyset()
                .put(
                        new Keysets.Row(
                                keyset, token.salt(), token.cost().toText(), token.stretched()));
        tx.keyset().putAttempt(new Keysets.Attempt(started, changes.now(), KeysetAdmin.DONE, ""));
        return Outcome.done(true);
    }

    private Result ended(Outcome<Boolean> stored, EventKind kind, String text) {
        return switch (stored) {
            case Outcome.Refused<Boolean>(Problem problem) ->
                    new Failed("refused", problem.message());
            case Outcome.Done<Boolean> _ -> {
                events.record(kind, "keyset", text);
                yield new Done();
            }
        };
    }

    Result fetch(SourceAddress source, String token, Instant started) {
        return switch (client.fetch(source, token)) {
            case FetchClient.Result.Failed(FetchFailure failure) ->
                    new Failed(failure.reason().label(), failure.text());
            case FetchClient.Result.Fetched(Handout handout, StretchedToken stretched) ->
                    take(source, handout, stretched, started);
        };
    }

    private Result take(
            SourceAddress source, Handout handout, StretchedToken token, Instant started) {
        Outcome<License> license = acceptable(handout);
        if (license instanceof Outcome.Refused<License>(Problem problem)) {
            return new Failed(
                    "license",
                    source + " handed out what cannot be used here: " + problem.message());
        }
        // API clients must see the restart straight from "in progress"
        restartSignal.restarting("keyset fetched");
        return ended(
                storeFetched("store-keyset", handout, token, started, _ -> {}),
                EventKind.KEYSET_FETCHED,
                "The keyset " + handout.keyset().uuid() + " was fetched from " + source + ".");
    }

    /**
     * Stores what an acceptable handout holds.
     *
     * @param more what else belongs to it, stored together with it or not at all
     */
    Outcome<Boolean> storeFetched(
            String action,
            Handout handout,
            StretchedToken token,
            Instant started,
            Consumer<Transaction> more) {
        return acceptable(handout)
                .then(license ->
                        changes.change(
                                ACTOR,
                                action,
                                handout.keyset().uuid().toString(),
                                tx ->
                                        store(tx, handout.keyset(), token, started)
                                                .map(_ -> {
                                                    storeTopology(tx, handout, license.issuer());
                                                    more.accept(tx);
                                                    return true;
                                                })));
    }

    /** The license of a handout, unless this controller cannot take it. */
    Outcome<License> acceptable(Handout handout) {
        License.Parsed parsed = License.parse(handout.license());
        Optional<Addressing> addressing = AddressingText.parse(handout.parameters());
        if (!(parsed instanceof License.Parsed.Good(License license)) || addressing.isEmpty()) {
            return Outcome.refused(Problem.argument("its license cannot be read"));
        }
        if (license.claims().isExpired(changes.now())) {
            return Outcome.refused(
                    Problem.argument(
                            "its license expired on "
                                    + license.claims().expires().orElseThrow()
                                    + ", so no controller can be added"));
        }
        Optional<String> pinned = changes.current().license().map(each -> each.row().issuer());
        return pinned.isPresent() && !pinned.get().equals(license.issuer())
                ? Outcome.refused(LicenseAdmin.otherIssuer(pinned.get(), license))
                : Outcome.done(license);
    }

    /** All of the source's topology in the place of what may have been here. */
    private void storeTopology(Transaction tx, Handout handout, String issuer) {
        tx.license()
                .put(
                        Licenses.Row.first(
                                handout.license(), issuer, changes.now(), handout.parameters()));
        tx.shared().clear();
        handout.shared().forEach(tx.shared()::merge);
    }
}
