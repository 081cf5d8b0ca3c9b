/**
 * The REST API as a whole: {@link io.peermesh.http.RestApi} puts the server, the resources and the
 * use cases together.
 */
@NullMarked
package io.peermesh.http;

import org.jspecify.annotations.NullMarked;
