/**
 * What REST API and command line have in common: versions, and the requests and answers under
 * {@code /api/mesh/v1}. Names become snake_case in JSON.
 */
@NullMarked
package io.peermesh.api;

import org.jspecify.annotations.NullMarked;
