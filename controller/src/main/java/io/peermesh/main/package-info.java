/** The composition root: the one place that says {@code new} for the parts of a controller. */
@NullMarked
package io.peermesh.main;

import org.jspecify.annotations.NullMarked;
