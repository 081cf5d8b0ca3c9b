package io.peermesh.web;

import io.peermesh.admin.ClientpackAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.PackView;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.web.view.Moment;
import io.peermesh.web.view.Numbers;
import io.peermesh.web.view.PackListView;
import io.peermesh.web.view.PackRowView;
import io.peermesh.web.view.Pill;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds, sorts and describes clientpacks. */
final class Packs {
    /** Rows of one page. */
    static final int PAGE_ROWS = 50;

    private final ClientpackAdmin clientpacks;
    private final Mesh mesh;
    private final InstantSource clock;

    Packs(ClientpackAdmin clientpacks, Mesh mesh, InstantSource clock) {
        this.clientpacks = clientpacks;
        this.mesh = mesh;
        this.clock = clock;
    }

    /** A page of those that match; refused before there are any. */
    Outcome<PackListView> find(String query, String state, String sort, String page) {
        return clientpacks.list().map(all -> page(all, query, state, sort, page));
    }

    private PackListView page(
            List<PackView> all, String query, String state, String sort, String page) {
        List<PackView> found = found(all, query, state).sorted(order(sort)).toList();
        int pages = Math.max(1, (found.size() + PAGE_ROWS - 1) / PAGE_ROWS);
        int number = Math.clamp(page.matches("[0-9]{1,6}") ? Integer.parseInt(page) : 1, 1, pages);
        Traffic traffic = traffic();
        return new PackListView(
                found.stream()
                        .skip((number - 1L) * PAGE_ROWS)
                        .limit(PAGE_ROWS)
                        .map(pack -> row(pack, traffic))
                        .toList(),
                all.size(),
                (int) all.stream().filter(PackView::connected).count(),
                found.size(),
                number,
                pages,
                query,
                state,
                sort);
    }

    private static Stream<PackView> found(List<PackView> all, String query, String state) {
        String words = query.toLowerCase(Locale.ROOT);
        return all.stream().filter(pack -> matches(pack, words)).filter(inState(state));
    }

    /** The names of all that match, by address. */
    List<String> names(String query, String state) {
        return clientpacks.list() instanceof Outcome.Done<List<PackView>>(List<PackView> all)
                ? found(all, query, state).map(PackView::name).toList()
                : List.of();
    }

    private static boolean matches(PackView pack, String query) {
        return query.isEmpty()
                || pack.overlayAddress().toString().contains(query)
                || pack.name().contains(query)
                || pack.clientAddress().contains(query)
                || pack.tags().entrySet().stream()
                        .anyMatch(tag ->
                                (tag.getKey() + "=" + tag.getValue())
                                        .toLowerCase(Locale.ROOT)
                                        .contains(query));
    }

    private static Predicate<PackView> inState(String state) {
        return switch (state) {
            case "connected" -> PackView::connected;
            case "disconnected" -> pack -> !pack.connected();
            case "disabled" -> pack -> !pack.enabled();
            case "checked-out" -> PackView::checkedOut;
            case "free" -> pack -> pack.enabled() && !pack.checkedOut() && !pack.connected();
            case "outdated" -> PackView::outdated;
            default -> _ -> true;
        };
    }

    private static Comparator<PackView> order(String sort) {
        Comparator<PackView> byAddress = Comparator.comparingInt(PackView::sequentialId);
        return switch (sort) {
            case "state" ->
                    Comparator.comparing((PackView pack) -> !pack.connected())
                            .thenComparing(pack -> !pack.enabled())
                            .thenComparing(byAddress);
            case "owner" ->
                    Comparator.comparingInt(
                                    (PackView pack) -> pack.owner().orElse(Integer.MAX_VALUE))
                            .thenComparing(byAddress);
            case "recent" ->
                    Comparator.comparing(
                                    (PackView pack) -> pack.lastConnect().orElse(Instant.EPOCH))
                            .reversed()
                            .thenComparing(byAddress);
            default -> byAddress;
        };
    }

    private record Traffic(Map<IpAddress, NodeStatus.Client> clients, long nowNanos) {}

    private Traffic traffic() {
        var clients = new HashMap<IpAddress, NodeStatus.Client>();
        Optional<NodeStatus> status = mesh.status();
        status.ifPresent(each ->
                each.clients().forEach(client -> clients.put(client.overlayAddress(), client)));
        return new Traffic(clients, status.map(NodeStatus::nowNanos).orElse(0L));
    }

    /** One pack. */
    Outcome<PackRowView> describe(String name) {
        return clientpacks.find(name).map(pack -> row(pack, traffic()));
    }

    private PackRowView row(PackView pack, Traffic traffic) {
        Optional<NodeStatus.Client> client =
                Optional.ofNullable(traffic.clients().get(pack.overlayAddress()));
        boolean here =
                client.filter(each -> each.lastHandshakeNanos() != Long.MIN_VALUE).isPresent();
        return new PackRowView(
                pack.name(),
                pack.overlayAddress().toString(),
                states(pack),
                pack.owner().isPresent() ? "Controller " + pack.owner().getAsInt() : "",
                pack.clientAddress(),
                here
                        ? Numbers.bytes(client.orElseThrow().receivedBytes())
                                + " in, "
                                + Numbers.bytes(client.orElseThrow().sentBytes())
                                + " out"
                        : "",
                here
                        ? StatusPage.ago(
                                client.orElseThrow().lastHandshakeNanos(), traffic.nowNanos())
                        : "",
                pack.tags().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(tag -> new PackRowView.Tag(tag.getKey(), tag.getValue()))
                        .toList(),
                pack.enabled(),
                pack.checkedOut(),
                pack.connected(),
                here,
                pack.generation(),
                pack.outdated(),
                moment(pack.lastConnect()),
                moment(pack.lastDisconnect()));
    }

    private Optional<Moment> moment(Optional<Instant> at) {
        return at.map(each -> Moment.of(each, clock.instant()));
    }

    private static List<Pill> states(PackView pack) {
        var states = new ArrayList<Pill>();
        if (!pack.enabled()) {
            states.add(Pill.bad("disabled"));
        }
        states.add(pack.connected() ? Pill.good("connected") : Pill.plain("not connected"));
        if (pack.checkedOut()) {
            states.add(Pill.plain("checked out"));
        }
        if (pack.outdated()) {
            states.add(Pill.wait("outdated"));
        }
        return states;
    }
}
