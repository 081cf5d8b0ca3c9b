/**
 * Metrics in the Prometheus text format, made from the same published snapshots that the status
 * pages read. Names are part of the interface; docs/metrics.md lists them.
 */
@NullMarked
package io.peermesh.telemetry;

import org.jspecify.annotations.NullMarked;
