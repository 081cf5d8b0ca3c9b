package io.peermesh.noise;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.X25519;
import java.util.Arrays;
import java.util.Optional;

/**
 * The initiator of Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s (Noise specification revision 34):
 *
 * <pre>
 *   &lt;- s
 *   ...
 *   -&gt; e, es, s, ss, payload        {@link #writeInitiation}
 *   &lt;- e, ee, se, psk, payload      {@link #readResponse}
 * </pre>
 *
 * With WireGuard's identifier as the prologue, this is WireGuard's handshake. Not thread-safe.
 */
public final class NoiseInitiator {
    private final Identity self;
    private final PublicKey remote;
    private final Secret ephemeral;
    private final SymmetricState state;

    /**
     * A new handshake.
     *
     * @param ephemeral 32 fresh random bytes
     */
    public NoiseInitiator(byte[] prologue, Identity self, PublicKey remote, Secret ephemeral) {
        this.self = self;
        this.remote = remote;
        this.ephemeral = ephemeral;
        this.state = new SymmetricState(prologue, remote);
    }

    /** The first message, 96 bytes longer than its payload; empty when the remote key is weak. */
    public Optional<byte[]> writeInitiation(byte[] payload) {
        PublicKey ephemeralPublic = X25519.publicKey(ephemeral);
        state.mixEphemeral(ephemeralPublic);
        if (!state.mixAgreement(ephemeral, remote)) {
            return Optional.empty();
        }
        byte[] sealedStatic = state.seal(self.publicKey().toBytes());
        if (!state.mixAgreement(self.privateKey(), remote)) {
            return Optional.empty();
        }
        byte[] sealedPayload = state.seal(payload);
        return Optional.of(Bytes.join(ephemeralPublic.toBytes(), sealedStatic, sealedPayload));
    }

    /**
     * Reads the second message. A forged one changes nothing: the true one may still come.
     *
     * @return empty when it is not authentic, or made with another preshared key
     */
    public Optional<Completed> readResponse(byte[] message, Secret presharedKey) {
        if (message.length < PublicKey.BYTES) {
            return Optional.empty();
        }
        SymmetricState trial = state.copy();
        PublicKey theirs = PublicKey.of(Arrays.copyOf(message, PublicKey.BYTES));
        trial.mixEphemeral(theirs);
        if (!trial.mixAgreement(ephemeral, theirs)
                || !trial.mixAgreement(self.privateKey(), theirs)) {
            return Optional.empty();
        }
        trial.mixPresharedKey(presharedKey);
        Optional<byte[]> payload =
                trial.open(Arrays.copyOfRange(message, PublicKey.BYTES, message.length));
        Secret[] keys = trial.split();
        return payload.map(p -> new Completed(p, new NoiseKeys(keys[0], keys[1])));
    }

    /** Forgets the ephemeral key and the state; nothing can be read afterwards. */
    public void wipe() {
        ephemeral.wipe();
        state.wipe();
    }

    /** The responder's payload, and the keys. */
    public record Completed(byte[] payload, NoiseKeys keys) {}
}
