/**
 * The Noise handshake IKpsk2 (Noise Protocol Framework, revision 34) over X25519, ChaCha20-Poly1305
 * and BLAKE2s, generic in prologue and payloads: bytes in, bytes out. {@code session} builds
 * WireGuard's and the peer links' handshakes from it.
 */
@NullMarked
package io.peermesh.noise;

import org.jspecify.annotations.NullMarked;
