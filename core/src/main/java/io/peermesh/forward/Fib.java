package io.peermesh.forward;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;

/**
 * The forwarding information base: an immutable snapshot, swapped whole. The large part, the
 * routes, names only the controller that has a client; the small part, the paths, says how to get
 * there. So a link that fails or returns makes a new small part, however many clients there are.
 *
 * @param routes longest prefix first; an address without an entry is dropped
 * @param overlay the overlay subnet
 * @param self our overlay address, source of the ICMP errors that we send
 * @param paths how to reach the other controllers
 */
public record Fib(PrefixTable<NextHop> routes, Prefix overlay, IpAddress self, Paths paths) {
    /** The same routes by other paths. */
    public Fib withPaths(Paths newPaths) {
        return new Fib(routes, overlay, self, newPaths);
    }
}
