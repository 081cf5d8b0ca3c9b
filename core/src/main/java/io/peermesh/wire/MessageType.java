package io.peermesh.wire;

/** First byte of every datagram; the three bytes after it are zero, but for transport flags. */
public final class MessageType {
    /** First message of a handshake. */
    public static final int INITIATION = 1;

    /** Second message of a handshake. */
    public static final int RESPONSE = 2;

    /** A cookie for a sender who must prove its address. */
    public static final int COOKIE_REPLY = 3;

    /** A sealed packet. */
    public static final int TRANSPORT = 4;

    private MessageType() {}
}
