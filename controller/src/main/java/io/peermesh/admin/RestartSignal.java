package io.peermesh.admin;

/**
 * Told when API clients expect to see the controller restart: license parameters were accepted, or
 * a keyset was fetched. The API server then drops compatible requests for some seconds; the answer
 * to the request that caused it is still to be sent. For a fetch the signal comes just before the
 * keyset becomes visible, so that clients see the restart straight from "in progress".
 */
@FunctionalInterface
public interface RestartSignal {
    /** Starts the window; returns at once. Called from any thread. */
    void restarting(String cause);
}
