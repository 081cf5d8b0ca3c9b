/**
 * The control side of one controller, composed of the machines below it: {@link
 * io.peermesh.node.Node} takes the desired configuration, events of the packet path and time, and
 * gives commands to the packet path and reports to the outside. One thread owns it.
 */
@NullMarked
package io.peermesh.node;

import org.jspecify.annotations.NullMarked;
