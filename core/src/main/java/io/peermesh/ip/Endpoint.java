package io.peermesh.ip;

import java.util.Optional;

/**
 * Where a datagram comes from or goes to: an underlay address and a UDP port.
 *
 * @param port 1..65535
 */
public record Endpoint(IpAddress address, int port) {
    /** Checks the port. */
    public Endpoint {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }

    /** Parses {@code 192.0.2.1:51820} or {@code [2001:db8::1]:51820}; empty when malformed. */
    public static Optional<Endpoint> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        int port = AddressText.number(text.substring(colon + 1), 10, 5, 65535);
        Optional<IpAddress> address =
                IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return port < 1 || address.isEmpty() || (address.get().isV4() == bracketed)
                ? Optional.empty()
                : Optional.of(new Endpoint(address.get(), port));
    }

    @Override
    public String toString() {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
