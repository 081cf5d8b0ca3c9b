/**
 * Off-heap packet memory. A frame is a plain address; {@link io.peermesh.frame.Mem} is the only
 * class that dereferences one.
 *
 * <p>Invariant: packet memory is allocated once, at start, and lives as long as the process. Test
 * runs (assertions on) check every access against the regions that were allocated.
 */
@NullMarked
package io.peermesh.frame;

import org.jspecify.annotations.NullMarked;
