package io.peermesh.main;

import io.peermesh.ip.IpAddress;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;

/** The address that peers and clients reach this host by, when none was given. */
final class UnderlayAddress {
    private UnderlayAddress() {}

    /** The first IPv4, else IPv6, address of an interface that is up and not the loopback. */
    static Optional<IpAddress> guess() {
        return first(true).or(() -> first(false));
    }

    private static Optional<IpAddress> first(boolean v4) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(UnderlayAddress::isOutward)
                    .flatMap(each -> each.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress)
                    .filter(address -> !address.isLinkLocalAddress())
                    .map(InetAddress::getAddress)
                    .map(IpAddress::of)
                    .filter(address -> address.isV4() == v4)
                    .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean isOutward(NetworkInterface candidate) {
        try {
            return candidate.isUp() && !candidate.isLoopback() && !candidate.isPointToPoint();
        } catch (SocketException e) {
            return false;
        }
    }
}
