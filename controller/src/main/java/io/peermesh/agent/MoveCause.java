package io.peermesh.agent;

/** Why a controller is used. */
enum MoveCause {
    /** The first that answered. */
    FIRST,
    /** The one before fell silent. */
    SILENT,
    /** The network said that the one before cannot be reached, and probes found it so. */
    UNREACHABLE,
    /** Nobody answered, and then this one did. */
    FOUND,
    /** It started the handshake: the one before died, drains, or shares its load. */
    TAKEN,
    /** It is nearer. */
    NEARER,
    /** The operator said so. */
    TOLD
}
