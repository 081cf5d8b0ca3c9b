package io.peermesh.wire;

/**
 * The UDP ports of the peer links. Controller <i>i</i> listens for peer <i>j</i> on 1194 + <i>j</i>
 * if <i>j</i> &lt; <i>i</i>, else on 1193 + <i>j</i>: ten controllers fit into 1195-1203, with one
 * socket per link.
 */
public final class LinkPorts {
    /** The most controllers in a topology. */
    public static final int MAX_CONTROLLERS = 10;

    /** The lowest port in use. */
    public static final int FIRST_PORT = 1195;

    /** The highest port in use. */
    public static final int LAST_PORT = 1203;

    private LinkPorts() {}

    /** The port that {@code selfId} uses for its link to {@code peerId}. */
    public static int local(int selfId, int peerId) {
        check(selfId);
        check(peerId);
        if (selfId == peerId) {
            throw new IllegalArgumentException("controller " + selfId + " has no link to itself");
        }
        return peerId < selfId ? 1194 + peerId : 1193 + peerId;
    }

    /** The port that {@code peerId} uses for the same link: where {@code selfId} sends to. */
    public static int remote(int selfId, int peerId) {
        return local(/* selfId= */ peerId, /* peerId= */ selfId);
    }

    private static void check(int id) {
        if (id < 1 || id > MAX_CONTROLLERS) {
            throw new IllegalArgumentException("controller id out of range 1..10: " + id);
        }
    }
}
