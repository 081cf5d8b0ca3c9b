/**
 * The link-state database, its flooding rules, and shortest paths as a pure function. Each
 * controller floods its neighbors and the subnets that it advertises; everyone computes the same
 * graph.
 */
@NullMarked
package io.peermesh.routing;

import org.jspecify.annotations.NullMarked;
