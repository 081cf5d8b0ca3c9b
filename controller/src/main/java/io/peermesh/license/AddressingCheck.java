package io.peermesh.license;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what is wrong with an {@link Addressing}; names the API field that has to be mended. */
final class AddressingCheck {
    private static final int MIN_PREFIX = 8;
    private static final int MAX_PREFIX = 30;
    private static final Prefix LOOPBACK = Prefix.literal("127.0.0.0/8");
    private static final Prefix MULTICAST_AND_ABOVE = Prefix.literal("224.0.0.0/3");
    private static final Prefix UNSPECIFIED = Prefix.literal("0.0.0.0/8");

    private AddressingCheck() {}

    static Optional<String> fault(Addressing addressing) {
        return overlayFault(addressing.overlay())
                .or(() -> sizeFault(addressing))
                .or(() -> addressesFault(addressing))
                .or(() -> asnsFault(addressing));
    }

    private static Optional<String> overlayFault(Prefix overlay) {
        if (!overlay.isV4()) {
            return Optional.of("invalid subnet field: the overlay is IPv4, not " + overlay);
        }
        if (overlay.length() < MIN_PREFIX || overlay.length() > MAX_PREFIX) {
            return Optional.of(
                    "invalid subnet field: the overlay must be a /8 to a /30, not " + overlay);
        }
        for (Prefix reserved : List.of(LOOPBACK, MULTICAST_AND_ABOVE, UNSPECIFIED)) {
            if (overlay.overlaps(reserved)) {
                return Optional.of(
                        "invalid subnet field: "
                                + overlay
                                + " is reserved, it lies in "
                                + reserved);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> sizeFault(Addressing addressing) {
        long needed = addressing.controllers().size() + addressing.clients().size() + 1L;
        long free = (1L << (32 - addressing.overlay().length())) - 2;
        if (needed > free) {
            return Optional.of(
                    "the overlay subnet "
                            + addressing.overlay()
                            + " has "
                            + free
                            + " addresses, too few for "
                            + addressing.controllers().size()
                            + " controllers, "
                            + addressing.clients().size()
                            + " clients and the virtual address");
        }
        return Optional.empty();
    }

    private static Optional<String> addressesFault(Addressing addressing) {
        Set<IpAddress> taken = new HashSet<>();
        Optional<String> fault =
                addressFault("my_manager_vip", addressing, addressing.virtualAddress(), taken);
        for (IpAddress controller : addressing.controllers()) {
            if (fault.isEmpty()) {
                fault = addressFault("managers", addressing, controller, taken);
            }
        }
        for (IpAddress client : addressing.clients()) {
            if (fault.isEmpty()) {
                fault = addressFault("clients", addressing, client, taken);
            }
        }
        return fault;
    }

    private static Optional<String> addressFault(
            String field, Addressing addressing, IpAddress address, Set<IpAddress> taken) {
        Prefix overlay = addressing.overlay();
        int host = address.v4Bits() - overlay.address().v4Bits();
        long broadcast = (1L << (32 - overlay.length())) - 1;
        if (!address.isV4() || !overlay.contains(address) || host == 0 || host == broadcast) {
            return Optional.of(
                    "invalid "
                            + field
                            + " field: "
                            + address
                            + " is not a host address of the overlay subnet "
                            + overlay);
        }
        return taken.add(address)
                ? Optional.empty()
                : Optional.of("invalid " + field + " field: " + address + " is given twice");
    }

    private static Optional<String> asnsFault(Addressing addressing) {
        List<Integer> asns = addressing.asns();
        if (asns.size() != addressing.controllers().size()) {
            return Optional.of(
                    "invalid asns field: there are "
                            + asns.size()
                            + " numbers for "
                            + addressing.controllers().size()
                            + " controllers");
        }
        if (asns.stream().anyMatch(asn -> asn < 1) || new HashSet<>(asns).size() != asns.size()) {
            return Optional.of(
                    "invalid asns field: numbers must be from 1 to 2147483647, each once");
        }
        return Optional.empty();
    }
}
