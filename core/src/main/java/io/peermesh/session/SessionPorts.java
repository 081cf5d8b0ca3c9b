package io.peermesh.session;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.port.Entropy;

/**
 * What all sessions of a node share.
 *
 * @param indices receiver indices; the packet path frees them by way of its Retired events
 * @param ciphers makes the transport ciphers
 * @param entropy for keys, indices and jitter
 * @param output takes what sessions want done
 */
public record SessionPorts(
        IndexTable indices, AeadProvider ciphers, Entropy entropy, SessionOutput output) {}
