package io.peermesh.admin;

import java.util.Locale;

/** Every kind of event; the lower-case name is what operators, alerts and the API see. */
public enum EventKind {
    /** A peer link came up. */
    PEER_UP,
    /** A peer link went down. */
    PEER_DOWN,
    /** A peer's handshake was refused for a reason to act on. */
    PEER_REFUSED,
    /** A client connected here. */
    CLIENTPACK_UP,
    /** A client's session ended here. */
    CLIENTPACK_DOWN,
    /** A client of another controller is connected here now. */
    CLIENT_MOVED,
    /** Nobody could reach the client of a controller that is gone. */
    CLIENT_UNREACHABLE,
    /** Two machines use one clientpack. */
    PACK_ON_TWO_MACHINES,
    /** A client's clock was set back, or somebody repeats what it sent. */
    CLIENT_CLOCK_BACK,
    /** The clocks of this controller and a peer differ too much. */
    CLOCKS_DIFFER,
    /** Draining was switched on or off. */
    DRAIN_CHANGED,
    /** A drain is complete. */
    DRAINED,
    /** A link was taken down on purpose for a while, and the outage measured. */
    DRILL,
    /** A keyset was generated. */
    KEYSET_GENERATED,
    /** A keyset was fetched from another controller. */
    KEYSET_FETCHED,
    /** An attempt to generate or fetch a keyset failed. */
    KEYSET_FAILED,
    /** Another controller fetched the keyset from here. */
    KEYSET_HANDED_OUT,
    /** Another address tried to fetch the keyset and failed. */
    KEYSET_REFUSED,
    /** Another controller joined the mesh, here or elsewhere, and is a peer now. */
    CONTROLLER_JOINED,
    /** This controller joined a mesh. */
    MESH_JOINED,
    /** An attempt to join a mesh failed. */
    JOIN_FAILED,
    /** Another address wanted to join here, and was not taken in. */
    JOIN_REFUSED,
    /** A controller joined under an id or address that is used otherwise here. */
    MEMBER_CONFLICT,
    /** A license was accepted, or its issuer replaced. */
    LICENSE_CHANGED,
    /** A password was changed or reset. */
    PASSWORD_CHANGED,
    /** The HTTPS certificate was replaced. */
    CERTIFICATE_CHANGED,
    /** Log-in attempts from an address are throttled. */
    LOGIN_THROTTLED,
    /** The controller started. */
    CONTROLLER_STARTED;

    /** The name outside of the program. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
