package io.peermesh.noise;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.crypto.X25519;
import java.util.Arrays;
import java.util.Optional;

/**
 * The responder of Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s, see {@link NoiseInitiator}. The first
 * message is read in two steps, so that an unknown initiator costs one agreement and not two:
 *
 * <pre>
 *   new --readStatic--&gt; initiator known --readPayload--&gt; initiator proven --writeResponse--&gt; done
 * </pre>
 *
 * Not thread-safe.
 */
public final class NoiseResponder {
    /** Bytes of the first message around its payload. */
    public static final int INITIATION_OVERHEAD_BYTES = 96;

    private static final int SEALED_STATIC_END = 80;

    private final Identity self;
    private final SymmetricState state;
    private final byte[] message;
    private final PublicKey ephemeral;
    private PublicKey remote;

    /**
     * A new handshake.
     *
     * @param message the first message, at least {@link #INITIATION_OVERHEAD_BYTES} long
     */
    public NoiseResponder(byte[] prologue, Identity self, byte[] message) {
        if (message.length < INITIATION_OVERHEAD_BYTES) {
            throw new IllegalArgumentException("too short: " + message.length + " bytes");
        }
        this.self = self;
        this.state = new SymmetricState(prologue, self.publicKey());
        this.message = message.clone();
        this.ephemeral = PublicKey.of(Arrays.copyOf(message, PublicKey.BYTES));
        this.remote = ephemeral; // until readStatic
    }

    /** Who says to be the initiator; empty when the message is not for this identity. */
    public Optional<PublicKey> readStatic() {
        state.mixEphemeral(ephemeral);
        if (!state.mixAgreement(self.privateKey(), ephemeral)) {
            return Optional.empty();
        }
        Optional<byte[]> opened =
                state.open(Arrays.copyOfRange(message, PublicKey.BYTES, SEALED_STATIC_END));
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        remote = PublicKey.of(opened.get());
        return Optional.of(remote);
    }

    /** The payload, which proves the initiator's static key; empty when it does not. */
    public Optional<byte[]> readPayload() {
        return state.mixAgreement(self.privateKey(), remote)
                ? state.open(Arrays.copyOfRange(message, SEALED_STATIC_END, message.length))
                : Optional.empty();
    }

    /**
     * Makes the second message, 48 bytes longer than its payload, and the keys.
     *
     * @param newEphemeral 32 fresh random bytes; wiped here
     * @return empty when the initiator's ephemeral key is weak
     */
    public Optional<Answered> writeResponse(
            Secret presharedKey, Secret newEphemeral, byte[] payload) {
        PublicKey ours = X25519.publicKey(newEphemeral);
        state.mixEphemeral(ours);
        boolean agreed =
                state.mixAgreement(newEphemeral, ephemeral)
                        && state.mixAgreement(newEphemeral, remote);
        newEphemeral.wipe();
        if (!agreed) {
            return Optional.empty();
        }
        state.mixPresharedKey(presharedKey);
        byte[] response = Bytes.join(ours.toBytes(), state.seal(payload));
        Secret[] keys = state.split();
        return Optional.of(new Answered(response, new NoiseKeys(keys[1], keys[0])));
    }

    /** The message to send, and the keys. */
    public record Answered(byte[] message, NoiseKeys keys) {}
}
