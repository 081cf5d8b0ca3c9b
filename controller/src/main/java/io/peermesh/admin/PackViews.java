package io.peermesh.admin;

import io.peermesh.clients.Rendezvous;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.license.Addressing;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Puts together what is known of clientpacks. Digests of their files are kept, since rendering
 * takes key derivations.
 */
final class PackViews {
    private final Changes changes;
    private final Mesh mesh;
    private final Settings settings;
    private final EventLog events;
    private final Resilience resilience;
    private final Digests files =
            new Digests(input -> PackRenderer.sha1(PackRenderer.render(input)));
    private final Digests contents = new Digests(PackRenderer::digest);

    PackViews(
            Changes changes, Mesh mesh, Settings settings, EventLog events, Resilience resilience) {
        this.resilience = resilience;
        this.changes = changes;
        this.mesh = mesh;
        this.settings = settings;
        this.events = events;
    }

    /** The latest digest of each pack, for as long as what goes into it stays the same. */
    private static final class Digests {
        private final Map<IpAddress, Known> latest = new ConcurrentHashMap<>();
        private final Function<PackRenderer.Input, String> digest;

        private record Known(PackRenderer.Input input, String digest) {}

        Digests(Function<PackRenderer.Input, String> digest) {
            this.digest = digest;
        }

        String of(PackRenderer.Input input) {
            Known known = latest.get(input.address());
            if (known == null || !known.input().equals(input)) {
                known = new Known(input, digest.apply(input));
                latest.put(input.address(), known);
            }
            return known.digest();
        }
    }

    /** What one look at mesh and store gives for all packs. */
    private record Look(
            Configuration configuration,
            Map<IpAddress, NodeStatus.Client> clients,
            Map<String, String> downloads,
            SortedMap<Integer, EndpointAdmin.Endpoint> endpoints,
            Set<Integer> certain,
            List<Prefix> allowed,
            Map<Integer, Integer> weights) {
        /** Where a new pack's client shall connect first: spread over those that take clients. */
        int home(IpAddress address) {
            var candidates = new HashMap<>(weights);
            candidates.keySet().retainAll(endpoints.keySet());
            return Rendezvous.home(address, candidates)
                    .orElse(configuration.selfId().orElseThrow());
        }
    }

    List<PackView> all(Configuration now) {
        Look look = look(now);
        Connections connections = connections();
        List<IpAddress> clients = now.addressing().orElseThrow().clients();
        var packs = new ArrayList<PackView>();
        for (int i = 0; i < clients.size(); i++) {
            packs.add(view(look, connections, clients.get(i), i + 1));
        }
        return packs;
    }

    PackView one(Configuration now, IpAddress address) {
        int index = now.addressing().orElseThrow().clients().indexOf(address);
        return view(look(now), connections(), address, index + 1);
    }

    /** When clients came and went last, by name; writes what events wait, so never in a change. */
    private record Connections(Map<String, Instant> up, Map<String, Instant> down) {}

    private Connections connections() {
        var up = new HashMap<>(events.lastOf(EventKind.CLIENTPACK_UP));
        events.lastOf(EventKind.CLIENT_MOVED)
                .forEach((name, at) ->
                        up.merge(name, at, (one, other) -> one.isAfter(other) ? one : other));
        return new Connections(up, events.lastOf(EventKind.CLIENTPACK_DOWN));
    }

    private Look look(Configuration now) {
        Optional<NodeStatus> status = mesh.status();
        return new Look(
                now,
                status.map(NodeStatus::clients).stream()
                        .flatMap(List::stream)
                        .collect(
                                Collectors.toMap(
                                        NodeStatus.Client::overlayAddress, Function.identity())),
                changes.store().read(tx -> tx.downloads().digests()),
                ClientEndpoints.all(now, settings, status),
                ClientEndpoints.certain(now, status),
                allowed(now, status),
                weights());
    }

    /** Controllers that take clients, by id. */
    SortedSet<Integer> takers() {
        return new TreeSet<>(weights().keySet());
    }

    private Map<Integer, Integer> weights() {
        var weights = new HashMap<Integer, Integer>();
        resilience
                .mesh()
                .ifPresent(mesh -> {
                    weights.putAll(mesh.weights());
                    weights.keySet().removeAll(mesh.draining());
                });
        return weights;
    }

    /** The overlay, then every subnet that any controller advertises, each once. */
    private static List<Prefix> allowed(Configuration now, Optional<NodeStatus> status) {
        Addressing addressing = now.addressing().orElseThrow();
        var subnets = new TreeSet<Prefix>(Plans.advertised(now));
        status.map(NodeStatus::routes).stream()
                .flatMap(List::stream)
                .map(NodeStatus.Route::prefix)
                .forEach(subnets::add);
        subnets.remove(addressing.overlay());
        var allowed = new ArrayList<Prefix>();
        allowed.add(addressing.overlay());
        allowed.addAll(subnets);
        return allowed;
    }

    private PackView view(Look look, Connections connections, IpAddress address, int sequentialId) {
        PackState pack = look.configuration().pack(address);
        Optional<NodeStatus.Client> client = Optional.ofNullable(look.clients().get(address));
        String downloaded = look.downloads().getOrDefault(address.toString(), "");
        Optional<PackRenderer.Input> fresh =
                look.configuration().selfId().isPresent()
                        ? Optional.of(input(look, address, home(look, address, downloaded)))
                        : Optional.empty();
        String name = PackRenderer.name(address);
        return new PackView(
                name,
                address,
                sequentialId,
                !pack.disabled(),
                pack.checkedOut(),
                pack.generation(),
                client.isPresent(),
                client.isPresent() ? OptionalInt.of(client.get().owner()) : OptionalInt.empty(),
                client.flatMap(NodeStatus.Client::endpoint)
                        .map(endpoint -> endpoint.address().toString())
                        .orElse(""),
                Optional.ofNullable(connections.up().get(name)),
                Optional.ofNullable(connections.down().get(name)),
                fresh.map(files::of).orElse(""),
                !downloaded.isEmpty()
                        && fresh.isPresent()
                        && isOutdated(look, downloaded, fresh.get()),
                pack.tags());
    }

    /**
     * Whether a new pack would contain something else. A controller of which nothing certain is
     * known now, since it has not been heard of since our start, is taken to be where it was.
     */
    private boolean isOutdated(Look look, String downloaded, PackRenderer.Input fresh) {
        var endpoints = new TreeMap<>(fresh.endpoints());
        PackRenderer.endpointsOf(downloaded)
                .forEach((id, endpoint) -> {
                    if (!look.certain().contains(id)) {
                        endpoints.put(id, new EndpointAdmin.Endpoint(id, endpoint, false));
                    }
                });
        int home =
                PackRenderer.homeOf(downloaded)
                        .filter(endpoints::containsKey)
                        .orElse(fresh.homeId());
        return !downloaded.equals(contents.of(fresh.with(home, endpoints)));
    }

    /** A pack that was downloaded has a home already. */
    private static int home(Look look, IpAddress address, String downloaded) {
        return PackRenderer.homeOf(downloaded)
                .filter(id -> look.endpoints().containsKey(id))
                .orElseGet(() -> look.home(address));
    }

    /**
     * What goes into a pack that is downloaded now; the own id is set.
     *
     * @param home the controller that it names; empty spreads packs over the controllers
     */
    PackRenderer.Input input(Configuration now, IpAddress address, Optional<Integer> home) {
        Look look = look(now);
        return input(look, address, home.orElseGet(() -> look.home(address)));
    }

    /** Where the client of a pack finds controllers; its home is that of its last download. */
    PackWays ways(Configuration now, IpAddress address) {
        Look look = look(now);
        String downloaded = look.downloads().getOrDefault(address.toString(), "");
        PackRenderer.Input input = input(look, address, home(look, address, downloaded));
        return PackRenderer.ways(input);
    }

    private static PackRenderer.Input input(Look look, IpAddress address, int home) {
        Configuration now = look.configuration();
        return new PackRenderer.Input(
                now.keyset().orElseThrow().keyset(),
                now.topologyName(),
                now.addressing().orElseThrow(),
                address,
                now.pack(address).generation(),
                PackMtu.of(now),
                home,
                look.endpoints(),
                look.allowed());
    }
}
