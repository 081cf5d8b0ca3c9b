/**
 * The {@code peermesh} command: what it is told, and what it prints. Speaks to controllers over the
 * REST API only; what needs the parts of a controller in this process comes through {@code
 * Launcher}, handed in by main.
 */
@NullMarked
package io.peermesh.cli;

import org.jspecify.annotations.NullMarked;
