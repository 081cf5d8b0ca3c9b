package io.peermesh.forward;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.ip.PrefixTable;

/**
 * The forwarding information base: an immutable snapshot, swapped whole.
 *
 * @param routes longest prefix first; an address without an entry is dropped
 * @param overlay the overlay subnet
 * @param self our overlay address, source of the ICMP errors that we send
 */
public record Fib(PrefixTable<NextHop> routes, Prefix overlay, IpAddress self) {}
