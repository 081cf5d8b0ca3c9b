package io.peermesh.http.mesh;

import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.Route;
import io.peermesh.http.server.RouteTable;
import io.peermesh.keyset.FetchServer;
import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.JoinServer;

/**
 * What controllers ask each other before they are peers: for the keyset, and to be taken in. Open:
 * the first exchange proves the security token and limits guesses, the second proves the keyset.
 * Carried without the envelope, so that the protocol is the same whatever carries it.
 */
public final class ExchangeResource implements Resource {
    private final FetchServer fetchServer;
    private final JoinServer joinServer;

    /** Over these servers. */
    public ExchangeResource(FetchServer fetchServer, JoinServer joinServer) {
        this.fetchServer = fetchServer;
        this.joinServer = joinServer;
    }

    /** Answers a message from an address. */
    private interface Server {
        byte[] answer(String source, byte[] message);
    }

    @Override
    public void addTo(RouteTable routes) {
        add(routes, FetchTransport.FETCH_PATH, FetchServer.MAX_MESSAGE_BYTES, fetchServer::answer);
        add(routes, FetchTransport.JOIN_PATH, JoinServer.MAX_MESSAGE_BYTES, joinServer::answer);
    }

    private static void add(RouteTable routes, String path, int maxBytes, Server server) {
        routes.add(
                "POST",
                path,
                new Route(Route.Access.OPEN, request -> answer(request, maxBytes, server)));
    }

    private static Answer answer(Request request, int maxBytes, Server server) {
        if (request.body().length > maxBytes) {
            return Answer.failure(413, "PayloadTooLargeError", "the message is too long");
        }
        return new Answer.Document(
                "application/json", server.answer(request.source(), request.body()));
    }
}
