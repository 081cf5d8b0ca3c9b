package io.peermesh.admin;

import io.peermesh.keyset.FetchServer;
import io.peermesh.keyset.FetchTransport;
import io.peermesh.node.Report;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.Store;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * All use cases of one controller. After each committed change the mesh is given a new plan: the
 * store first, the mesh second; a restart is the same path.
 */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class Administration {
    /**
     * Wires the use cases; touches nothing before {@link #start}.
     *
     * @param background runs keyset generation and fetches, one at a time
     */
    @SuppressWarnings("unused")
    public Administration(
            Store store,
            Mesh mesh,
            InstantSource clock,
            SecureRandom random,
            Settings settings,
            RestartSignal restartSignal,
            FetchTransport fetchTransport,
            Executor background) {}

    /** Gives the mesh the stored plan, and notes the start. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** Takes what the mesh tells. */
    public void onReport(Report report) {
        throw new UnsupportedOperationException(report.toString());
    }

    /** Names. */
    public ConfigAdmin config() {
        throw new UnsupportedOperationException();
    }

    /** License. */
    public LicenseAdmin license() {
        throw new UnsupportedOperationException();
    }

    /** Keyset. */
    public KeysetAdmin keyset() {
        throw new UnsupportedOperationException();
    }

    /** The side of a keyset fetch that has the keyset. */
    public FetchServer fetchServer() {
        throw new UnsupportedOperationException();
    }

    /** Own id and peers. */
    public PeeringAdmin peering() {
        throw new UnsupportedOperationException();
    }

    /** Routes. */
    public RouteAdmin routes() {
        throw new UnsupportedOperationException();
    }

    /** Clientpacks. */
    public ClientpackAdmin clientpacks() {
        throw new UnsupportedOperationException();
    }

    /** Client endpoints. */
    public EndpointAdmin endpoints() {
        throw new UnsupportedOperationException();
    }

    /** Passwords. */
    public CredentialAdmin credentials() {
        throw new UnsupportedOperationException();
    }

    /** API tokens. */
    public TokenAdmin tokens() {
        throw new UnsupportedOperationException();
    }

    /** Running state. */
    public StatusAdmin status() {
        throw new UnsupportedOperationException();
    }

    /** What happened. */
    public EventLog events() {
        throw new UnsupportedOperationException();
    }
}
