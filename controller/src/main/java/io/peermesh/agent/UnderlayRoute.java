package io.peermesh.agent;

import io.peermesh.ip.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;

/** Asks the kernel which way it would send, without sending anything. */
final class UnderlayRoute {
    private UnderlayRoute() {}

    /**
     * Whether what is sent to this address would go into our own tunnel, for ever: a subnet that is
     * advertised in the overlay covers the controller. The kernel then takes our overlay address as
     * the source.
     */
    static boolean leadsInto(IpAddress overlayAddress, IpAddress destination, int port) {
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(new InetSocketAddress(java(destination), port));
            return probe.getLocalAddress() instanceof InetSocketAddress chosen
                    && IpAddress.of(chosen.getAddress().getAddress()).equals(overlayAddress);
        } catch (IOException e) {
            return false; // there is no route at all: the handshake will not be answered either
        }
    }

    private static InetAddress java(IpAddress address) throws UnknownHostException {
        return InetAddress.getByAddress(address.toBytes());
    }
}
