/**
 * The demonstration, {@code peermesh demo}, and the rig of network namespaces that it and the
 * kernel tests run on: machines, stock WireGuard clients, controllers as real processes, steered
 * through their REST API as an operator's script would.
 *
 * <p>Nothing here touches the network of the machine that it runs on: a {@link
 * io.peermesh.demo.Rig} lives in namespaces that nobody else sees, and the kernel takes all of it
 * away when its first process ends, however that comes about.
 */
@NullMarked
package io.peermesh.demo;

import org.jspecify.annotations.NullMarked;
