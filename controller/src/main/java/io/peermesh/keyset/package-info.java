/**
 * The keyset of a topology: generating it, its checksums, and how one controller fetches it from
 * another (docs/PROTOCOL.md, "Keyset fetch"): a password-authenticated key exchange on the
 * stretched security token, mixed with ML-KEM-768. Knows nothing of store or administration.
 */
@NullMarked
package io.peermesh.keyset;

import org.jspecify.annotations.NullMarked;
