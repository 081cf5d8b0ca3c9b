/**
 * One peer's security association: the handshake machine with its timers on the control side, and
 * {@link io.peermesh.session.Tunnel} with its {@link io.peermesh.session.Keypair}s on the packet
 * path's side. Follows the WireGuard paper (Donenfeld, NDSS 2017); peer links are the same machine
 * with a prologue and payloads of their own (docs/PROTOCOL.md).
 *
 * <p>Ownership: handshake machines belong to the control thread; a tunnel's keypairs, counters and
 * endpoint belong to the packet loop, which publishes its activity stamps for the control side to
 * read.
 */
@NullMarked
package io.peermesh.session;

import org.jspecify.annotations.NullMarked;
