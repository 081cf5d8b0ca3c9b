/**
 * Which controller owns which client: one record per client, ordered by epoch, replicated between
 * the controllers.
 */
@NullMarked
package io.peermesh.clients;

import org.jspecify.annotations.NullMarked;
