package io.peermesh.keyset;

import java.util.List;

/** What the controller that is joined at answers, once the keyset is proven. */
public sealed interface JoinAnswer {
    /** Most peers that are read: a topology has ten controllers. */
    int MAX_PEERS = 10;

    /** The id is kept; the license has so many controllers. */
    record Leased(int id, int controllers) implements JoinAnswer {}

    /** All controllers are being told of this address. */
    record Announced(String address) implements JoinAnswer {}

    /** Another controller may have given the id away at the same time: ask again later. */
    record Wait(int millis) implements JoinAnswer {}

    /**
     * The id is the asker's.
     *
     * @param sourceId controller id of the one that answers
     * @param peers the others that it knows, itself and the asker left out
     */
    record Member(int sourceId, List<Peer> peers) implements JoinAnswer {
        /** Copies the list. */
        public Member {
            peers = List.copyOf(peers);
        }
    }

    /** Somebody else has the id: ask for another one. */
    record Taken() implements JoinAnswer {}

    /**
     * It cannot be.
     *
     * @param reason one word for programs
     * @param text what is in the way and what to do, in words for the operator
     */
    record Denied(String reason, String text) implements JoinAnswer {}

    /**
     * Where a controller is.
     *
     * @param host address or DNS name, as the answering controller has it
     */
    record Peer(int id, String host, int outerMtuBytes) {}
}
