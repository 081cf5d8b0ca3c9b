/**
 * The simulated mesh: real nodes, real forwarders and real handshakes on a virtual clock and an
 * in-memory network, deterministic from one seed.
 *
 * <pre>
 *   SimMesh: keyset, controllers, clients                     Ledger: every packet that was sent
 *     |                                                          ^            ^           ^
 *   SimController (Node + Forwarder) -- SimTun -- SimStack ------+            |           |
 *     |                                                                       |           |
 *   SimDatagrams -- SimNet (loss, delay, duplicates, cuts) -------------------+           |
 *     |                                                                                   |
 *   SimClient (session machines, a data path of its own) -- SimStack ---------------------+
 *
 *   World: virtual time, one random source; a failure names the seed and draws the last events
 * </pre>
 *
 * docs/SIMULATION.md says which faults there are, what is checked, and how to replay a seed.
 */
@NullMarked
package io.peermesh.sim;

import org.jspecify.annotations.NullMarked;
