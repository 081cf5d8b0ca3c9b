/**
 * Ciphers, key agreement, hashes and key derivation, behind small types; the only package of core
 * that names {@code javax.crypto} or Bouncy Castle. Secrets travel as {@link
 * io.peermesh.crypto.Secret}, which never prints them.
 */
@NullMarked
package io.peermesh.crypto;

import org.jspecify.annotations.NullMarked;
