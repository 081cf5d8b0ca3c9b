/**
 * State that belongs to the whole topology and changes after the keyset was made (a pack disabled
 * or regenerated, tags, the topology name): a last-writer-wins map per field, spread over the
 * links.
 */
@NullMarked
package io.peermesh.replication;

import org.jspecify.annotations.NullMarked;
