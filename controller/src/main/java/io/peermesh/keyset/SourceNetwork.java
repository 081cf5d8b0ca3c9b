package io.peermesh.keyset;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.Optional;

/** What counts as one guesser: an IPv4 address, or the /64 that an IPv6 host chooses from. */
public final class SourceNetwork {
    private static final int V6_BITS = 64;

    private SourceNetwork() {}

    /** The guesser behind an address; a text that is no address stands for itself. */
    public static String of(String source) {
        Optional<IpAddress> address = IpAddress.parse(source);
        return address.isEmpty() || address.get().isV4()
                ? source
                : new Prefix(address.get(), V6_BITS).toString();
    }
}
