package io.peermesh.admin;

import java.util.List;

/** Routes of this controller; the advertised ones are known to the whole mesh. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class RouteAdmin {
    /** Most routes of one controller. */
    public static final int MAX_ROUTES = 256;

    RouteAdmin() {}

    /** All routes, by id. */
    public List<RouteView> list() {
        throw new UnsupportedOperationException();
    }

    /** Adds a route and answers all; one that exists already is not added twice. */
    public Outcome<List<RouteView>> add(Actor actor, NewRoute route) {
        throw new UnsupportedOperationException();
    }

    /** Removes a route and answers the others. */
    public Outcome<List<RouteView>> remove(Actor actor, int id) {
        throw new UnsupportedOperationException();
    }

    /** Enables or disables a route. */
    public Outcome<RouteView> enable(Actor actor, int id, boolean enabled) {
        throw new UnsupportedOperationException();
    }
}
