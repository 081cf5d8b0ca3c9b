package io.peermesh.admin;

import io.peermesh.ip.IpAddress;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.SharedState;
import io.peermesh.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clientpacks: credentials and configuration for one overlay address each. Their state belongs to
 * the topology, so a change here reaches every controller. Names are accepted with underscores and
 * with dots.
 */
public final class ClientpackAdmin {
    /** Most tags of a pack, removed ones included: those too have to be remembered. */
    public static final int MAX_TAGS = 32;

    /** Longest key of a tag, characters. */
    public static final int MAX_TAG_KEY_CHARACTERS = 64;

    /** Longest value of a tag, bytes. */
    public static final int MAX_TAG_VALUE_BYTES = 400;

    /** Most entries of the topology-wide state, as the mesh carries them. */
    public static final int MAX_SHARED_ENTRIES = 65_536;

    private static final Pattern TAG_KEY = Pattern.compile("[a-z0-9]+([_-][a-z0-9]+)*");
    private static final Problem NONE_FREE =
            Problem.argument("no clientpack is free; enable one or undo a check-out");
    private static final Problem NO_SELF_ID =
            Problem.prerequisite(
                    "This controller's own id is not set yet: a clientpack names the controller to"
                            + " connect to.");
    private static final String ON = "1";
    private static final String OFF = "0";

    private final Changes changes;
    private final Mesh mesh;
    private final PackViews views;

    ClientpackAdmin(
            Changes changes, Mesh mesh, Settings settings, EventLog events, Resilience resilience) {
        this.changes = changes;
        this.mesh = mesh;
        this.views = new PackViews(changes, mesh, settings, events, resilience);
    }

    /** All packs, by sequential id. */
    public Outcome<List<PackView>> list() {
        Optional<Problem> problem = Prerequisites.keyset(changes.current());
        return problem.isPresent()
                ? Outcome.refused(problem.get())
                : Outcome.done(views.all(changes.current()));
    }

    /** One pack. */
    public Outcome<PackView> find(String name) {
        Configuration now = changes.current();
        return address(now, name).map(address -> views.one(now, address));
    }

    private Outcome<IpAddress> address(Configuration now, String name) {
        Optional<Problem> problem = Prerequisites.keyset(now);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        Optional<IpAddress> address =
                IpAddress.parse(name.strip().replace('_', '.'))
                        .filter(now.addressing().orElseThrow().clients()::contains);
        return address.isPresent()
                ? Outcome.done(address.get())
                : Outcome.refused(
                        Problem.argument("unknown clientpack: " + ConfigAdmin.printable(name)));
    }

    /** Changes one pack. */
    public Outcome<PackView> change(Actor actor, String name, PackChange change) {
        return writing(
                        actor,
                        "change-clientpack",
                        name,
                        (tx, address) -> {
                            Configuration now = changes.current();
                            write(tx, now, address, change.enabled(), change.checkedOut());
                            if (change.regenerate()) {
                                int next = now.pack(address).generation() + 1;
                                put(
                                        tx,
                                        now,
                                        address,
                                        SharedFields.GENERATION,
                                        PackState.generationText(next));
                            }
                            return Outcome.done(address);
                        })
                .then(address -> find(address.toString()));
    }

    /** Writes only what differs, so that repeated calls change no checksum. */
    private static boolean write(
            Transaction tx,
            Configuration now,
            IpAddress address,
            Optional<Boolean> enabled,
            Optional<Boolean> checkedOut) {
        PackState pack = now.pack(address);
        boolean changed = false;
        if (enabled.isPresent() && enabled.get() == pack.disabled()) {
            put(tx, now, address, SharedFields.DISABLED, enabled.get() ? OFF : ON);
            changed = true;
        }
        if (checkedOut.isPresent() && checkedOut.get() != pack.checkedOut()) {
            put(tx, now, address, SharedFields.CHECKED_OUT, checkedOut.get() ? ON : OFF);
            changed = true;
        }
        return changed;
    }

    private static void put(
            Transaction tx, Configuration now, IpAddress address, String field, String value) {
        SharedState shared = tx.shared();
        shared.write(SharedFields.pack(address, field), value, now.writerId());
    }

    private <T> Outcome<T> writing(
            Actor actor,
            String action,
            String name,
            BiFunction<Transaction, IpAddress, Outcome<T>> work) {
        return changes.change(
                actor,
                action,
                ConfigAdmin.printable(name),
                tx -> {
                    Configuration now = changes.current();
                    if (now.shared().entries().size() >= MAX_SHARED_ENTRIES - 2) {
                        return Outcome.refused(
                                Problem.argument(
                                        "the topology-wide state is full: "
                                                + MAX_SHARED_ENTRIES
                                                + " entries"));
                    }
                    return address(now, name).then(address -> work.apply(tx, address));
                });
    }

    /** Changes all packs; answers how many differ from before. */
    public Outcome<Integer> changeAll(
            Actor actor, Optional<Boolean> enabled, Optional<Boolean> checkedOut) {
        return changes.change(
                actor,
                "change-all-clientpacks",
                "",
                tx -> {
                    Configuration now = changes.current();
                    Optional<Problem> problem = Prerequisites.keyset(now);
                    if (problem.isPresent()) {
                        return Outcome.refused(problem.get());
                    }
                    List<IpAddress> clients = now.addressing().orElseThrow().clients();
                    if (now.shared().entries().size() + 2L * clients.size() > MAX_SHARED_ENTRIES) {
                        return Outcome.refused(
                                Problem.argument(
                                        "too many clientpacks to change all at once; change them"
                                                + " one by one"));
                    }
                    int changed = 0;
                    for (IpAddress address : clients) {
                        changed += write(tx, now, address, enabled, checkedOut) ? 1 : 0;
                    }
                    return Outcome.done(changed);
                });
    }

    /**
     * Checks out the lowest free pack, within the addresses {@code low} to {@code high} where
     * given.
     */
    public Outcome<PackView> checkOutNext(
            Actor actor, Optional<String> low, Optional<String> high, boolean includeDisabled) {
        Optional<Problem> malformed =
                addressProblem("low_ip", low).or(() -> addressProblem("high_ip", high));
        if (malformed.isPresent()) {
            return Outcome.refused(malformed.get());
        }
        Optional<IpAddress> from = low.flatMap(IpAddress::parse);
        Optional<IpAddress> to = high.flatMap(IpAddress::parse);
        return changes.<IpAddress>change(
                        actor,
                        "check-out-clientpack",
                        "next",
                        tx -> {
                            Configuration now = changes.current();
                            Optional<Problem> problem =
                                    Prerequisites.keyset(now)
                                            .or(() -> Prerequisites.unexpired(now, changes.now()));
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            Optional<IpAddress> next =
                                    free(now, includeDisabled)
                                            .filter(each ->
                                                    from.isEmpty()
                                                            || each.compareTo(from.get()) >= 0)
                                            .filter(each ->
                                                    to.isEmpty() || each.compareTo(to.get()) <= 0)
                                            .sorted()
                                            .findFirst();
                            if (next.isEmpty()) {
                                return Outcome.refused(NONE_FREE);
                            }
                            write(tx, now, next.get(), Optional.empty(), Optional.of(true));
                            return Outcome.done(next.get());
                        })
                .then(address -> find(address.toString()));
    }

    private static Stream<IpAddress> free(Configuration now, boolean includeDisabled) {
        return now.addressing().orElseThrow().clients().stream()
                .filter(each -> !now.pack(each).checkedOut())
                .filter(each -> includeDisabled || !now.pack(each).disabled());
    }

    private static Optional<Problem> addressProblem(String field, Optional<String> text) {
        return text.isPresent() && text.flatMap(IpAddress::parse).isEmpty()
                ? Optional.of(
                        Problem.argument(
                                field
                                        + " is invalid: "
                                        + ConfigAdmin.printable(text.get())
                                        + " is no IP address"))
                : Optional.empty();
    }

    /** Sets a tag; the key is in snake or kebab case. Answers all tags of the pack. */
    public Outcome<Map<String, String>> putTag(Actor actor, String name, String key, String value) {
        Optional<Problem> problem = keyProblem(key).or(() -> valueProblem(value));
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        return writing(
                        actor,
                        "put-tag",
                        name,
                        (tx, address) -> {
                            Configuration now = changes.current();
                            if (isNewTag(now, address, key) && tags(now, address) >= MAX_TAGS) {
                                return Outcome.refused(
                                        Problem.argument(
                                                "a clientpack has at most " + MAX_TAGS + " tags"));
                            }
                            put(tx, now, address, SharedFields.TAG + key, "=" + value);
                            return Outcome.done(address);
                        })
                .map(this::tagsOf);
    }

    private static boolean isNewTag(Configuration now, IpAddress address, String key) {
        return !now.shared()
                .entries()
                .containsKey(SharedFields.pack(address, SharedFields.TAG + key));
    }

    private static long tags(Configuration now, IpAddress address) {
        String prefix = SharedFields.pack(address, SharedFields.TAG);
        return now.shared().entries().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .count();
    }

    private static Optional<Problem> keyProblem(String key) {
        return key.length() <= MAX_TAG_KEY_CHARACTERS && TAG_KEY.matcher(key).matches()
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "bad tag key: "
                                        + ConfigAdmin.printable(key)
                                        + " must be in snake_case or kebab-case, at most "
                                        + MAX_TAG_KEY_CHARACTERS
                                        + " characters"));
    }

    private static Optional<Problem> valueProblem(String value) {
        return value.getBytes(StandardCharsets.UTF_8).length <= MAX_TAG_VALUE_BYTES
                        && value.chars().noneMatch(Character::isISOControl)
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "bad tag value: at most "
                                        + MAX_TAG_VALUE_BYTES
                                        + " bytes, without line ends"));
    }

    /** Removes a tag; fine when it is not there. Answers all tags of the pack. */
    public Outcome<Map<String, String>> removeTag(Actor actor, String name, String key) {
        Optional<Problem> problem = keyProblem(key);
        if (problem.isPresent()) {
            return Outcome.refused(problem.get());
        }
        return writing(
                        actor,
                        "remove-tag",
                        name,
                        (tx, address) -> {
                            Configuration now = changes.current();
                            if (now.pack(address).tags().containsKey(key)) {
                                put(tx, now, address, SharedFields.TAG + key, "");
                            }
                            return Outcome.done(address);
                        })
                .map(this::tagsOf);
    }

    private Map<String, String> tagsOf(IpAddress address) {
        return Map.copyOf(changes.current().pack(address).tags());
    }

    /** The same with the home that its client's address and the controllers' weights give. */
    public Outcome<PackFile> download(Actor actor, String name) {
        return download(actor, name, Optional.empty());
    }

    /**
     * The pack as a WireGuard configuration. Noted as a download.
     *
     * @param home id of the controller that it names
     */
    public Outcome<PackFile> download(Actor actor, String name, Optional<Integer> home) {
        return writing(
                actor,
                "download-clientpack",
                name,
                (tx, address) -> {
                    Configuration now = changes.current();
                    if (now.selfId().isEmpty()) {
                        return Outcome.refused(NO_SELF_ID);
                    }
                    if (now.pack(address).disabled()) {
                        return Outcome.refused(
                                Problem.argument(
                                        "clientpack "
                                                + PackRenderer.name(address)
                                                + " is disabled; enable it first"));
                    }
                    PackRenderer.Input input = views.input(now, address, home);
                    if (!input.endpoints().containsKey(input.homeId())) {
                        return Outcome.refused(
                                Problem.argument(
                                        "home is invalid: this controller does not know where"
                                                + " clients reach controller "
                                                + input.homeId()));
                    }
                    tx.downloads()
                            .put(address.toString(), PackRenderer.digest(input), changes.now());
                    return Outcome.done(
                            new PackFile(
                                    address,
                                    PackRenderer.fileName(address),
                                    PackRenderer.render(input)));
                });
    }

    /** Where a pack's client finds controllers, for the failover of a stock WireGuard. */
    public Outcome<PackWays> ways(String name) {
        Configuration now = changes.current();
        return now.selfId().isEmpty()
                ? Outcome.refused(NO_SELF_ID)
                : address(now, name).map(address -> views.ways(now, address));
    }

    /** Ends the session of a client that is connected here; it may connect again at once. */
    public Outcome<IpAddress> disconnect(Actor actor, String name) {
        return connectedHere(name, "disconnect")
                .then(pack ->
                        changes.change(
                                actor,
                                "disconnect-client",
                                pack.name(),
                                _ -> {
                                    mesh.disconnect(pack.overlayAddress());
                                    return Outcome.done(pack.overlayAddress());
                                }));
    }

    /** Controllers that a client may be moved to now, by id. */
    public List<Integer> heirs() {
        return views.takers().stream()
                .filter(id -> !OptionalInt.of(id).equals(changes.current().selfId()))
                .toList();
    }

    /**
     * Moves a client that is connected here to another controller, without losing packets. It is
     * there a moment later; when that controller cannot reach it, it stays here.
     */
    public Outcome<IpAddress> move(Actor actor, String name, int controllerId) {
        return connectedHere(name, "move")
                .then(pack -> {
                    if (!heirs().contains(controllerId)) {
                        return Outcome.refused(noHeir(controllerId));
                    }
                    return changes.<PackView>change(
                            actor,
                            "move-client",
                            pack.name() + " to controller " + controllerId,
                            _ -> Outcome.done(pack));
                })
                .then(pack ->
                        mesh.move(pack.overlayAddress(), controllerId)
                                ? Outcome.done(pack.overlayAddress())
                                : Outcome.refused(noHeir(controllerId)));
    }

    private Problem noHeir(int controllerId) {
        List<Integer> heirs = heirs();
        return Problem.argument(
                "controller "
                        + controllerId
                        + " takes no clients of this one now; "
                        + (heirs.isEmpty()
                                ? "no other controller can be reached, or all of them drain"
                                : "these do: "
                                        + heirs.stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", "))));
    }

    private Outcome<PackView> connectedHere(String name, String verb) {
        return find(name)
                .then(pack -> {
                    String address = "Overlay IP address " + pack.overlayAddress();
                    if (!pack.connected()) {
                        return Outcome.refused(Problem.argument(address + " is not connected"));
                    }
                    return pack.owner().equals(changes.current().selfId())
                            ? Outcome.done(pack)
                            : Outcome.refused(
                                    Problem.argument(
                                            "%s is connected to controller %d; %s it there"
                                                    .formatted(
                                                            address,
                                                            pack.owner().orElse(0),
                                                            verb)));
                });
    }
}
