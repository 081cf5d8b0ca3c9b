package io.peermesh.admin;

import io.peermesh.keyset.SourceAddress;
import io.peermesh.node.NodeStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where clients reach each controller, from all that is known. */
final class ClientEndpoints {
    /** Where controllers listen for clients unless configured otherwise. */
    static final int DEFAULT_PORT = 51820;

    private ClientEndpoints() {}

    /** This controller's: configured for its id, else given at its start. */
    static String own(Configuration configuration, Settings settings) {
        String configured =
                configuration.local().getOrDefault(Configuration.Field.CLIENT_ENDPOINT, "");
        return configured.isEmpty() ? settings.clientEndpoint() : configured;
    }

    /**
     * All that are known, by controller id: what is configured for the whole topology, else what
     * the controller tells of itself, else its address as a peer.
     */
    static SortedMap<Integer, EndpointAdmin.Endpoint> all(
            Configuration configuration, Settings settings, Optional<NodeStatus> status) {
        var endpoints = new TreeMap<Integer, EndpointAdmin.Endpoint>();
        configuration
                .peers()
                .forEach((id, peer) ->
                        put(
                                endpoints,
                                id,
                                new SourceAddress(peer.host(), DEFAULT_PORT).toString(),
                                false));
        for (NodeStatus.Controller controller :
                status.map(NodeStatus::controllers).orElse(List.of())) {
            if (!controller.clientEndpoint().isEmpty()) {
                put(endpoints, controller.id(), controller.clientEndpoint(), false);
            }
        }
        int controllers =
                configuration.addressing().map(each -> each.controllers().size()).orElse(0);
        for (int id = 1; id <= controllers; id++) {
            Optional<String> configured = configuration.shared().find(SharedFields.endpoint(id));
            if (configured.isPresent()) {
                put(endpoints, id, configured.get(), true);
            }
        }
        if (configuration.selfId().isPresent()) {
            int selfId = configuration.selfId().getAsInt();
            put(
                    endpoints,
                    selfId,
                    own(configuration, settings),
                    configuration.shared().find(SharedFields.endpoint(selfId)).isPresent());
        }
        return endpoints;
    }

    /**
     * Of {@link #all}, the controllers whose endpoint is configured or told by themselves. That of
     * another one is a guess from its address as a peer, right after our start for example.
     */
    static Set<Integer> certain(Configuration configuration, Optional<NodeStatus> status) {
        var certain = new HashSet<Integer>();
        configuration.selfId().ifPresent(certain::add);
        status.map(NodeStatus::controllers).stream()
                .flatMap(List::stream)
                .filter(each -> !each.clientEndpoint().isEmpty())
                .forEach(each -> certain.add(each.id()));
        int controllers =
                configuration.addressing().map(each -> each.controllers().size()).orElse(0);
        IntStream.rangeClosed(1, controllers)
                .filter(id -> configuration.shared().find(SharedFields.endpoint(id)).isPresent())
                .forEach(certain::add);
        return certain;
    }

    private static void put(
            SortedMap<Integer, EndpointAdmin.Endpoint> endpoints,
            int id,
            String endpoint,
            boolean configured) {
        endpoints.put(id, new EndpointAdmin.Endpoint(id, endpoint, configured));
    }
}
