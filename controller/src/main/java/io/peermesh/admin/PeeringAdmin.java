package io.peermesh.admin;

import java.util.Optional;
import java.util.OptionalInt;

/** Which controller this one is, and where its peers are. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class PeeringAdmin {
    /** Smallest outer MTU, bytes. */
    public static final int MIN_MTU_BYTES = 500;

    /** Largest outer MTU, bytes. */
    public static final int MAX_MTU_BYTES = 4800;

    /** Outer MTU unless given, bytes. */
    public static final int DEFAULT_MTU_BYTES = 1500;

    PeeringAdmin() {}

    /** Refused before license and keyset. */
    public Outcome<PeeringView> view() {
        throw new UnsupportedOperationException();
    }

    /** Chooses the own id; idempotent. */
    public Outcome<PeeringView> assignSelf(Actor actor, int id) {
        throw new UnsupportedOperationException();
    }

    /** Adds a peer or replaces its name; an MTU that is not given stays, or is the default. */
    public Outcome<PeeringView> putPeer(Actor actor, int id, String name, OptionalInt mtuBytes) {
        throw new UnsupportedOperationException();
    }

    /** Changes a configured peer; what is empty stays. */
    public Outcome<PeeringView> changePeer(
            Actor actor, int id, Optional<String> name, OptionalInt mtuBytes) {
        throw new UnsupportedOperationException();
    }

    /** Forgets a peer; fine for one that is not set. */
    public Outcome<PeeringView> removePeer(Actor actor, int id) {
        throw new UnsupportedOperationException();
    }
}
