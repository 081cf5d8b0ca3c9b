/**
 * The resources of the VNS3 controller API, as its official clients expect them: field names and
 * types, fixed texts and status codes are theirs. Each class translates between one resource and
 * the use cases in {@link io.peermesh.admin}; rules of the domain are there.
 */
@NullMarked
package io.peermesh.http.vns3;

import org.jspecify.annotations.NullMarked;
