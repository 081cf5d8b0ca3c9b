/**
 * IP addresses, prefixes, the longest-prefix table, header flyweights and checksums (RFC 791, 8200,
 * 1071, 792, 4443). Knows nothing of tunnels. Values are immutable; flyweights work on {@link
 * io.peermesh.frame.Mem} addresses and allocate nothing.
 */
@NullMarked
package io.peermesh.ip;

import org.jspecify.annotations.NullMarked;
