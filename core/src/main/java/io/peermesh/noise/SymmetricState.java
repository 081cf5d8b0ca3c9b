package io.peermesh.noise;

import io.peermesh.crypto.Blake2s;
import io.peermesh.crypto.HandshakeAead;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.X25519;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Chaining key, hash and cipher key of one handshake (Noise specification §5.1, §5.2). */
final class SymmetricState {
    private static final byte[] NAME =
            "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(StandardCharsets.US_ASCII);

    private byte[] chainingKey = Blake2s.hash(NAME);
    private byte[] hash = chainingKey;
    private byte[] key = new byte[0];
    private long counter;

    SymmetricState(byte[] prologue, PublicKey responder) {
        mixHash(prologue);
        mixHash(responder.toBytes());
    }

    private SymmetricState(SymmetricState other) {
        chainingKey = other.chainingKey.clone();
        hash = other.hash;
        key = other.key.clone();
        counter = other.counter;
    }

    /** An independent copy, to read a message with that may turn out to be forged. */
    SymmetricState copy() {
        return new SymmetricState(this);
    }

    void mixHash(byte[] data) {
        hash = Blake2s.hash(hash, data);
    }

    void mixKey(byte[] input) {
        byte[][] keys = Blake2s.hkdf(chainingKey, input, 2);
        useKeys(keys[0], keys[1]);
    }

    /** Mixes in a shared secret; false when it is all zero. */
    boolean mixAgreement(Secret privateKey, PublicKey publicKey) {
        Optional<Secret> shared = X25519.agree(privateKey, publicKey);
        if (shared.isEmpty()) {
            return false;
        }
        byte[] bytes = shared.get().reveal();
        mixKey(bytes);
        shared.get().wipe();
        Arrays.fill(bytes, (byte) 0);
        return true;
    }

    void mixEphemeral(PublicKey ephemeral) {
        byte[] bytes = ephemeral.toBytes();
        mixHash(bytes);
        mixKey(bytes); // the psk modifier demands it, §9.2
    }

    void mixPresharedKey(Secret presharedKey) {
        byte[] psk = presharedKey.reveal();
        byte[][] keys = Blake2s.hkdf(chainingKey, psk, 3);
        Arrays.fill(psk, (byte) 0);
        mixHash(keys[1]);
        useKeys(keys[0], keys[2]);
    }

    byte[] seal(byte[] plaintext) {
        byte[] sealed = HandshakeAead.seal(key, counter++, hash, plaintext);
        mixHash(sealed);
        return sealed;
    }

    Optional<byte[]> open(byte[] sealed) {
        Optional<byte[]> plaintext = HandshakeAead.open(key, counter++, hash, sealed);
        mixHash(sealed);
        return plaintext;
    }

    /** The key from initiator to responder, then the other one. The state is wiped. */
    Secret[] split() {
        byte[][] keys = Blake2s.hkdf(chainingKey, new byte[0], 2);
        Secret[] secrets = {Secret.of(keys[0]), Secret.of(keys[1])};
        Arrays.fill(keys[0], (byte) 0);
        Arrays.fill(keys[1], (byte) 0);
        wipe();
        return secrets;
    }

    void wipe() {
        Arrays.fill(chainingKey, (byte) 0);
        Arrays.fill(key, (byte) 0);
    }

    private void useKeys(byte[] newChainingKey, byte[] newKey) {
        wipe();
        chainingKey = newChainingKey;
        key = newKey;
        counter = 0;
    }
}
