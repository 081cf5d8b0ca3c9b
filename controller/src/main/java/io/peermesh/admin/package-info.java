/**
 * The use cases of a controller: check, store, tell the mesh. REST, web and command line are faces
 * of these classes; every rule of the domain is here. An expected "no" is an {@link
 * io.peermesh.admin.Outcome.Refused} with a {@link io.peermesh.admin.Problem}, an exception is a
 * fault of the disk or a bug. All public methods are safe from any thread.
 */
@NullMarked
package io.peermesh.admin;

import org.jspecify.annotations.NullMarked;
