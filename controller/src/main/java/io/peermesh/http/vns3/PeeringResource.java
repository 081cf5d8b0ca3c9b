package io.peermesh.http.vns3;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.peermesh.admin.PeeringAdmin;
import io.peermesh.admin.PeeringView;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code /peering}: own controller id and peers. All calls answer the same table. */
public final class PeeringResource implements Resource {
    private final PeeringAdmin peering;

    /** Over these use cases. */
    public PeeringResource(PeeringAdmin peering) {
        this.peering = peering;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/api/peering", _ -> Answer.of(peering.view(), PeeringResource::body));
        routes.add("PUT", "/api/peering/self", this::assignSelf);
        routes.add("POST", "/api/peering/peers", this::put);
        routes.add("PUT", "/api/peering/peers/{peer_id}", this::change);
        routes.add("DELETE", "/api/peering/peers/{peer_id}", this::remove);
    }

    private Answer assignSelf(Request request) {
        int id = idOf(request.parameters());
        return Answer.of(peering.assignSelf(request.actor(), id), PeeringResource::body);
    }

    /** {@code force: false} would store without activating; there is no call to activate later. */
    private Answer put(Request request) {
        Parameters parameters = request.parameters();
        int id = idOf(parameters);
        return Answer.of(
                peering.putPeer(
                        request.actor(), id, parameters.requiredText("name"), mtuOf(parameters)),
                PeeringResource::body);
    }

    private Answer change(Request request) {
        Parameters parameters = request.parameters();
        return Answer.of(
                peering.changePeer(
                        request.actor(),
                        peerIdOf(request),
                        parameters.textOrNotSet("name"),
                        mtuOf(parameters)),
                PeeringResource::body);
    }

    private Answer remove(Request request) {
        return Answer.of(
                peering.removePeer(request.actor(), peerIdOf(request)), PeeringResource::body);
    }

    private static int idOf(Parameters parameters) {
        try {
            return parameters.requiredNumber("id");
        } catch (BadArgument malformed) {
            throw new BadArgument("id is invalid");
        }
    }

    private static int peerIdOf(Request request) {
        String text = request.pathParameter("peer_id");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException malformed) {
            throw new BadArgument(text + " is invalid as controller id.");
        }
    }

    private static OptionalInt mtuOf(Parameters parameters) {
        try {
            Optional<Integer> mtu = parameters.number("overlay_mtu");
            return mtu.isPresent() ? OptionalInt.of(mtu.get()) : OptionalInt.empty();
        } catch (BadArgument malformed) {
            throw new BadArgument(
                    "mtu must be an integer between "
                            + PeeringAdmin.MIN_MTU_BYTES
                            + " and "
                            + PeeringAdmin.MAX_MTU_BYTES);
        }
    }

    private static Body body(PeeringView view) {
        var entries = new LinkedHashMap<String, Entry>();
        for (PeeringView.Row row : view.rows()) {
            entries.put(Integer.toString(row.id()), entry(row));
        }
        OptionalInt self = view.selfId();
        return new Body(
                self.isPresent() ? self.getAsInt() : null, self.isPresent(), entries, entries);
    }

    private static Entry entry(PeeringView.Row row) {
        String overlay = row.overlayAddress().toString();
        return switch (row) {
            case PeeringView.Self self ->
                    new Entry(self.id(), overlay, true, null, null, null, null, null, null);
            case PeeringView.NotSet unset ->
                    new Entry(unset.id(), overlay, null, true, null, null, null, null, null);
            case PeeringView.Peer peer ->
                    new Entry(
                            peer.id(),
                            overlay,
                            null,
                            null,
                            peer.name(),
                            peer.reachable(),
                            Integer.toString(peer.outerMtuBytes()),
                            peer.state(),
                            peer.reason());
        };
    }

    /** Both names for the same table: old and new clients read one each. */
    private record Body(
            @Nullable Integer id,
            boolean peered,
            Map<String, Entry> managers,
            Map<String, Entry> controllers) {}

    /** {@code state} and {@code reason} are our own; {@code mtu} is a string to the clients. */
    private record Entry(
            int id,
            String overlayIpaddress,
            @Nullable Boolean self,
            @Nullable Boolean notSet,
            @Nullable String address,
            @Nullable Boolean reachable,
            @Nullable String mtu,
            @Nullable String state,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable String reason) {}
}
