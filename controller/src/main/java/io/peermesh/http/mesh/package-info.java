/** Peermesh's own additions to the API, under {@code /api/mesh/v1}, and {@code /metrics}. */
@NullMarked
package io.peermesh.http.mesh;

import org.jspecify.annotations.NullMarked;
