package io.peermesh.agent;

import io.peermesh.api.FailoverScript;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.keyset.SourceAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A clientpack, read: a WireGuard configuration with the controllers in its comments.
 *
 * @param privateKey 32 bytes
 * @param address our one IPv4 overlay address
 * @param listenPort UDP port, 0 for any
 * @param mtuBytes the largest packet inside the tunnel
 * @param gateway the public key that every controller shows
 * @param presharedKey 32 bytes
 * @param allowed what goes into the tunnel
 * @param homeId the controller that a stock client uses
 * @param controllers by id, home included
 * @param virtualAddress every controller answers there
 */
record Pack(
        Secret privateKey,
        IpAddress address,
        int listenPort,
        int mtuBytes,
        PublicKey gateway,
        Secret presharedKey,
        List<Prefix> allowed,
        int homeId,
        SortedMap<Integer, Controller> controllers,
        IpAddress virtualAddress) {
    /** Copies the collections. */
    Pack {
        allowed = List.copyOf(allowed);
        controllers = Collections.unmodifiableSortedMap(new TreeMap<>(controllers));
    }

    /**
     * Where a controller is.
     *
     * @param overlayAddress its own address in the overlay
     * @param endpoint where its UDP port for clients is, by address or name
     */
    record Controller(int id, IpAddress overlayAddress, SourceAddress endpoint) {}

    /** The script that moves a stock interface; the home is where that begins. */
    FailoverScript failoverScript(String device) {
        var endpoints = new ArrayList<SourceAddress>();
        endpoints.add(controller(homeId).endpoint());
        controllers.values().stream()
                .filter(each -> each.id() != homeId)
                .forEach(each -> endpoints.add(each.endpoint()));
        List<IpAddress> probes =
                controllers.values().stream().map(Controller::overlayAddress).toList();
        return new FailoverScript(gateway, endpoints, probes, device);
    }

    /** A controller by id; only for ids that the pack has. */
    Controller controller(int id) {
        Controller found = controllers.get(id);
        if (found == null) {
            throw new IllegalArgumentException("the pack has no controller " + id);
        }
        return found;
    }
}
