/**
 * Is a peer link alive? A pure machine over probe and reply times that yields up or down,
 * round-trip time and loss. A link is up when the peer answered lately in both directions.
 */
@NullMarked
package io.peermesh.liveness;

import org.jspecify.annotations.NullMarked;
