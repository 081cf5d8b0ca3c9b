/**
 * The controller's state on disk: one SQLite file, one class per aggregate, numbered migrations.
 * SQL is here and nowhere else. What {@link io.peermesh.store.Store#write} has returned from
 * survives kill -9; a failed write leaves nothing behind. Safe from any thread: one writer lock.
 */
@NullMarked
package io.peermesh.store;

import org.jspecify.annotations.NullMarked;
