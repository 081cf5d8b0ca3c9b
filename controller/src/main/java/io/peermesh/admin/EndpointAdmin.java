package io.peermesh.admin;

import java.util.List;

/** Where clients reach each controller: HOST:PORT; part of the topology-wide state. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class EndpointAdmin {
    EndpointAdmin() {}

    /** One per controller that is known, by id. */
    public List<Endpoint> list() {
        throw new UnsupportedOperationException();
    }

    /** Sets this controller's, as HOST or HOST:PORT; empty returns to the default. */
    public Outcome<List<Endpoint>> assignOwn(Actor actor, String endpoint) {
        throw new UnsupportedOperationException();
    }

    /**
     * A client endpoint.
     *
     * @param endpoint HOST:PORT, IPv6 in brackets
     * @param configured false for a default taken from the underlay address
     */
    public record Endpoint(int controllerId, String endpoint, boolean configured) {}
}
