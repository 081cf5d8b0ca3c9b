/**
 * Tests against real kernels, real {@code wireguard-go} and real controller processes, in network
 * namespaces of their own. Each class says so and skips where the system does not allow them.
 */
@NullMarked
package io.peermesh.kernel;

import org.jspecify.annotations.NullMarked;
