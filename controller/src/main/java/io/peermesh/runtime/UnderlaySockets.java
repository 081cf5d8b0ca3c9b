package io.peermesh.runtime;

import io.peermesh.ip.IpAddress;
import io.peermesh.linux.LinuxDatagrams;
import io.peermesh.linux.OsException;
import io.peermesh.linux.Switches;
import io.peermesh.node.Desired;
import io.peermesh.wire.LinkPorts;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which UDP ports this controller has open: the clients' port, and one for each configured peer. A
 * port that is taken by another process is tried again, and shown as a problem meanwhile. Control
 * loop only.
 */
final class UnderlaySockets {
    private static final Logger LOG = LoggerFactory.getLogger(UnderlaySockets.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final IpAddress address;
    private final int clientPort;
    private final Switches switches;
    private final PacketLoop packets;
    private final Map<Integer, Integer> openPorts = new HashMap<>();
    private final Map<Integer, String> problems = new TreeMap<>();
    private Map<Integer, Integer> wantedPorts = Map.of();
    private long retryNanos = Long.MAX_VALUE;

    UnderlaySockets(IpAddress address, int clientPort, Switches switches, PacketLoop packets) {
        this.address = address;
        this.clientPort = clientPort;
        this.switches = switches;
        this.packets = packets;
    }

    /** Opens and closes so that the ports are those of this configuration. */
    void configure(Desired desired, long nowNanos) {
        var wanted = new HashMap<Integer, Integer>();
        wanted.put(0, clientPort);
        for (int peer : desired.peers().keySet()) {
            wanted.put(peer, LinkPorts.local(desired.selfId(), peer));
        }
        want(wanted, nowNanos);
    }

    /** Closes all. */
    void closeAll(long nowNanos) {
        want(Map.of(), nowNanos);
    }

    private void want(Map<Integer, Integer> wanted, long nowNanos) {
        wantedPorts = Map.copyOf(wanted);
        for (Iterator<Map.Entry<Integer, Integer>> each = openPorts.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<Integer, Integer> open = each.next();
            if (!open.getValue().equals(wanted.get(open.getKey()))) {
                packets.removeSocket(open.getKey());
                each.remove();
            }
        }
        problems.keySet().retainAll(wanted.keySet());
        packets.wake();
        openMissing(nowNanos);
    }

    /** Tries the ports again that could not be had. */
    void onTimer(long nowNanos) {
        if (nowNanos >= retryNanos) {
            openMissing(nowNanos);
        }
    }

    private void openMissing(long nowNanos) {
        retryNanos = Long.MAX_VALUE;
        for (Map.Entry<Integer, Integer> wanted : wantedPorts.entrySet()) {
            if (openPorts.containsKey(wanted.getKey())) {
                continue;
            }
            try {
                packets.setSocket(
                        wanted.getKey(),
                        bind(wanted.getKey(), address, wanted.getValue(), switches));
                openPorts.put(wanted.getKey(), wanted.getValue());
                problems.remove(wanted.getKey());
            } catch (OsException e) {
                retryNanos = nowNanos + RETRY_NANOS;
                String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
                if (!message.equals(problems.put(wanted.getKey(), message))) {
                    LOG.error(
                            "cannot open UDP port {}: {}; trying again",
                            wanted.getValue(),
                            message);
                }
            }
        }
        packets.wake();
    }

    private static LinuxDatagrams bind(int socket, IpAddress address, int port, Switches switches) {
        return socket == 0
                ? LinuxDatagrams.bind(address, port, switches)
                : LinuxDatagrams.bindLink(address, port, switches);
    }

    /** What could not be opened, in words. */
    List<String> problems() {
        return List.copyOf(problems.values());
    }
}
