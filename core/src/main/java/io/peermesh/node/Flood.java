package io.peermesh.node;

import io.peermesh.ip.IpAddress;
import io.peermesh.routing.LinkStateDatabase;
import java.util.Collection;

/** Notes on every link what its peer must be told. */
final class Flood {
    /** Not a controller id: nobody is left out. */
    static final int TO_ALL = 0;

    private final int selfId;
    private final Collection<PeerLink> links;

    /**
     * Floods over these links.
     *
     * @param links a view that follows the configuration
     */
    Flood(int selfId, Collection<PeerLink> links) {
        this.selfId = selfId;
        this.links = links;
    }

    int selfId() {
        return selfId;
    }

    /** An advertisement changed; {@code exceptPeer} is where we have it from. */
    void advertisement(LinkStateDatabase.Key key, int exceptPeer) {
        for (PeerLink link : links) {
            if (link.peerId != exceptPeer) {
                link.backlog.add(key);
            }
        }
    }

    /** The record of a client changed, here or, told by {@code exceptPeer}, elsewhere. */
    void client(IpAddress client, int exceptPeer) {
        for (PeerLink link : links) {
            if (exceptPeer == TO_ALL) {
                link.backlog.addClient(client);
            } else if (link.peerId != exceptPeer) {
                link.backlog.addRelayed(client);
            }
        }
    }

    /** A field of the topology-wide state changed. */
    void field(String key, int exceptPeer) {
        for (PeerLink link : links) {
            if (link.peerId != exceptPeer) {
                link.backlog.addField(key);
            }
        }
    }
}
