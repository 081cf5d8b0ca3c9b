package io.peermesh.http.server;

/** A group of routes that belong to one thing; one class for each. */
@FunctionalInterface
public interface Resource {
    /** Adds the resource's routes to the table. Called once, at start. */
    void addTo(RouteTable routes);
}
