package io.peermesh.crypto;

/**
 * A long-lived X25519 key pair: who a controller or a client is.
 *
 * @param privateKey 32 bytes
 * @param publicKey belongs to it
 */
public record Identity(Secret privateKey, PublicKey publicKey) {
    /** The identity with this private key. */
    public static Identity of(Secret privateKey) {
        return new Identity(privateKey, X25519.publicKey(privateKey));
    }
}
