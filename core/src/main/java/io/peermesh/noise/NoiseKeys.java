package io.peermesh.noise;

import io.peermesh.crypto.Secret;

/**
 * The outcome of a handshake: one key per direction.
 *
 * @param sending seals what this side sends
 * @param receiving opens what it receives
 */
public record NoiseKeys(Secret sending, Secret receiving) {
    /** Overwrites both; call it when the ciphers were made. */
    public void wipe() {
        sending.wipe();
        receiving.wipe();
    }
}
