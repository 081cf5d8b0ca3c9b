/**
 * What the outside must provide to the core: packets from a TUN device, datagrams from UDP sockets,
 * randomness. Implemented by {@code io.peermesh.linux} for a real host and by the simulated world
 * in the tests.
 */
@NullMarked
package io.peermesh.port;

import org.jspecify.annotations.NullMarked;
