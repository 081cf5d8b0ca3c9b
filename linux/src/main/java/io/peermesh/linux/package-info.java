/**
 * Everything that asks the Linux kernel or a native library, through java.lang.foreign: TUN, UDP
 * batches with GSO and GRO, poll, interface set-up, AEAD from libcrypto. Implements {@code
 * io.peermesh.port} and {@code io.peermesh.crypto}'s provider. Each optional feature is probed, can
 * be switched off, and has a fallback. Failures are {@link io.peermesh.linux.OsException}s that
 * name the call, the subject and errno.
 */
@NullMarked
package io.peermesh.linux;

import org.jspecify.annotations.NullMarked;
