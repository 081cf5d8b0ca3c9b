/**
 * Every number and every byte layout of docs/PROTOCOL.md: WireGuard's messages, the peer links'
 * handshake payloads and control messages, the port formula. Codecs reject every truncation and
 * every malformed field with a reason, and never read past the end.
 */
@NullMarked
package io.peermesh.wire;

import org.jspecify.annotations.NullMarked;
