package io.peermesh.admin;

import io.peermesh.ip.Prefix;
import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.FetchUnreachableException;
import io.peermesh.keyset.ScryptCost;
import io.peermesh.license.LicenseClaims;
import io.peermesh.license.LicenseIssuer;
import io.peermesh.store.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One administration with a real store, a fake mesh and a clock that stands still. Background work
 * runs at once, unless it is held back.
 */
final class TestController implements AutoCloseable {
    static final Actor ACTOR = new Actor("api", "198.51.100.7");
    static final String TOKEN = "correct horse battery";
    static final ScryptCost CHEAP = new ScryptCost(2, 1, 1);
    static final LicenseIssuer ISSUER = LicenseIssuer.ephemeral(new SecureRandom());
    static final Instant START = Instant.parse("2026-03-01T10:20:30Z");

    final FakeMesh mesh = new FakeMesh();
    final List<String> restarts = new ArrayList<>();
    final List<Runnable> heldBack = new ArrayList<>();
    final String address;
    String seenFrom;
    int joinMessagesThatPass = Integer.MAX_VALUE;
    private int joinMessages;
    final Path directory;
    Runnable onRestart = () -> {};
    boolean holdBack;
    Consumer<Duration> onPause = this::advance;
    Instant now = START;
    Store store;
    Administration admin;
    private final FetchTransport transport;

    /** A controller that reaches the others of a test by their addresses. */
    TestController(Path directory, String address, Map<String, TestController> others) {
        this.directory = directory;
        this.address = address;
        this.seenFrom = address;
        this.transport =
                (host, port, path, message) -> {
                    TestController other = others.get(host);
                    if (other == null) {
                        throw new FetchUnreachableException("connection refused");
                    }
                    if (path.equals(FetchTransport.FETCH_PATH)) {
                        return other.admin.fetchServer().answer(seenFrom, message);
                    }
                    if (++joinMessages > joinMessagesThatPass) {
                        throw new FetchUnreachableException("connection reset");
                    }
                    return other.admin.joinServer().answer(seenFrom, message);
                };
        others.put(address, this);
        this.store = Store.open(directory);
        this.admin = administration();
        admin.start();
    }

    TestController(Path directory) {
        this(directory, "10.1.0.10", new HashMap<>());
    }

    private Administration administration() {
        return new Administration(
                store,
                mesh,
                () -> now,
                new SecureRandom(),
                new Settings(
                        address, "", "", address + ":51820", "controller", false, CHEAP, CHEAP),
                this::restarting,
                transport,
                executor(),
                time -> onPause.accept(time));
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    private void restarting(String cause) {
        restarts.add(cause);
        onRestart.run();
    }

    private Executor executor() {
        return task -> {
            if (holdBack) {
                heldBack.add(task);
            } else {
                task.run();
            }
        };
    }

    void release() {
        holdBack = false;
        List.copyOf(heldBack).forEach(Runnable::run);
        heldBack.clear();
    }

    /** Ends as after kill -9: what was held back never ran. */
    void restart() {
        heldBack.clear();
        holdBack = false;
        store.close();
        store = Store.open(directory);
        admin = administration();
        admin.start();
    }

    /** What a local shell runs beside the controller. */
    static Administration shell(Store beside) {
        return new Administration(
                beside,
                new FakeMesh(),
                () -> START,
                new SecureRandom(),
                new Settings("127.0.0.1", "", "", "", "shell", false, CHEAP, CHEAP),
                _ -> {},
                (host, port, path, message) -> new byte[0],
                Runnable::run,
                _ -> {});
    }

    static LicenseClaims claims(int controllers, int clients) {
        return claims(controllers, clients, Optional.empty());
    }

    static LicenseClaims claims(int controllers, int clients, Optional<Instant> expires) {
        return new LicenseClaims(
                new UUID(7, controllers * 1000L + clients),
                "lab",
                controllers,
                clients,
                Prefix.literal("10.199.0.0/24"),
                START.minusSeconds(60),
                expires);
    }

    void license() {
        license(claims(4, 5));
    }

    void license(LicenseClaims claims) {
        done(admin.license().upload(ACTOR, ISSUER.issue(claims)));
        done(admin.license().acceptParameters(ACTOR, ParametersRequest.DEFAULTS));
    }

    void keyset() {
        license();
        done(admin.keyset().start(ACTOR, generate(TOKEN)));
    }

    /** Licensed, with a keyset, as controller 1. */
    void ready() {
        keyset();
        done(admin.peering().assignSelf(ACTOR, 1));
    }

    static KeysetRequest generate(String token) {
        return new KeysetRequest(Optional.of(token), Optional.empty(), Optional.empty());
    }

    static KeysetRequest fetch(String source, String token) {
        return new KeysetRequest(Optional.of(token), Optional.of(source), Optional.empty());
    }

    String checksum() {
        return admin.config().view().topologyChecksum().orElse("");
    }

    List<String> events() {
        return admin.events().recent(1000, Long.MAX_VALUE).stream()
                .map(event -> event.kind().label())
                .toList();
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Refused<T>(Problem problem) ->
                    throw new AssertionError("refused: " + problem.message());
        };
    }

    static Problem refused(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Done<?>(Object value) -> throw new AssertionError("done: " + value);
            case Outcome.Refused<?>(Problem problem) -> problem;
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
