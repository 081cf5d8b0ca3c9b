/**
 * The packet path: {@link io.peermesh.forward.Forwarder} takes packets from the TUN and datagrams
 * from the sockets, opens, checks, routes and seals them, in batches and in place. It reads one
 * immutable {@link io.peermesh.forward.Fib}; whatever is rare leaves it as a {@link
 * io.peermesh.forward.DataEvent} for the control side, and the control side speaks to it by {@link
 * io.peermesh.forward.DataCommand}s.
 *
 * <p>Owner: the packet loop's thread. Nothing here allocates, locks, logs or reads a clock per
 * packet; a packet that cannot go on is counted under a {@link io.peermesh.forward.DropReason}.
 */
@NullMarked
package io.peermesh.forward;

import org.jspecify.annotations.NullMarked;
