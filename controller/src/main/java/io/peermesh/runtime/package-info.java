/**
 * The threads of a controller: the packet loop, the control loop, name resolution. The only code of
 * the product that makes threads for the mesh; docs/CONCURRENCY.md has the rules.
 */
@NullMarked
package io.peermesh.runtime;

import org.jspecify.annotations.NullMarked;
