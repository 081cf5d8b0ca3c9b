package io.peermesh.session;

/**
 * Why a handshake message was not acted upon. {@link HandshakeGate#refusals} counts each; names are
 * part of the metrics. Those up to {@link #COOKIE_DEMANDED} are said of unauthenticated messages,
 * so they are hints and can be forged.
 */
public enum Refusal {
    /** Wrong type, length, reserved bits or range of a field. */
    MALFORMED,
    /** The first MAC is wrong: the sender does not know our public key. */
    WRONG_MAC1,
    /** A peer of another keyset generation. */
    WRONG_GENERATION,
    /** The sender says that it has our own controller id. */
    OWN_ID,
    /** The sender has another controller id than this socket is for, or takes us for another. */
    WRONG_ID,
    /** The source sends more handshakes than it may while we are busy. */
    RATE_LIMITED,
    /** We are busy, and the source has not proven its address yet: a cookie was sent. */
    COOKIE_DEMANDED,
    /** It does not decrypt: made for another identity, another prologue, or by a stranger. */
    NOT_AUTHENTIC,
    /** The sender's key is not that of a peer. */
    UNKNOWN_PEER,
    /** The timestamp is not newer than the last one: a replay, or the clock went backwards. */
    REPLAYED,
    /** Two machines use this clientpack, and the other one is connected. */
    SECOND_MACHINE,
    /** Sooner than 20 ms after the last one of this peer. */
    TOO_FREQUENT,
    /** The link protocol versions do not meet. */
    NO_COMMON_VERSION,
    /** None of the offered ciphers is known here. */
    NO_COMMON_CIPHER,
    /** Another installation, or copy of it, is connected under this controller id. */
    SECOND_INSTALLATION,
    /** The peer itself says no, see the detail. */
    REFUSED_BY_PEER,
    /** A response or cookie reply that nobody waits for. */
    UNEXPECTED,
    /** All receiver indices are taken. */
    NO_INDEX,
    /** Both sides started at once, and the other one's handshake goes on. */
    CROSSED
}
