/**
 * The HTTPS server: transport, limits, the route table, authentication, the JSON envelope and the
 * restart window. Knows nothing of the resources it serves; they are {@link
 * io.peermesh.http.server.Resource}s with handlers from {@link io.peermesh.http.server.Request} to
 * {@link io.peermesh.http.server.Answer}. The only package that knows Helidon.
 *
 * <p>Each connection is a virtual thread; handlers may block, within the request's deadline.
 */
@NullMarked
package io.peermesh.http.server;

import org.jspecify.annotations.NullMarked;
