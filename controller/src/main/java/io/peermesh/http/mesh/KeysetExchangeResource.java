package io.peermesh.http.mesh;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.Route;
import io.peermesh.http.server.RouteTable;
import io.peermesh.keyset.FetchServer;
import io.peermesh.keyset.FetchTransport;

/**
 * The side of a keyset fetch that has the keyset. Open: the exchange itself proves the security
 * token, and {@link FetchServer} limits guesses. Carried without the envelope, so that the protocol
 * is the same whatever carries it.
 */
public final class KeysetExchangeResource implements Resource {
    private final FetchServer fetchServer;

    /** Over this server. */
    public KeysetExchangeResource(FetchServer fetchServer) {
        this.fetchServer = fetchServer;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("POST", FetchTransport.PATH, new Route(Route.Access.OPEN, this::answer));
    }

    private Answer answer(Request request) {
        if (request.body().length > FetchServer.MAX_MESSAGE_BYTES) {
            return Answer.failure(413, "PayloadTooLargeError", "the message is too long");
        }
        return new Answer.Document(
                "application/json", fetchServer.answer(request.source(), request.body()));
    }
}
