package io.peermesh.session;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.ReplayWindow;

/**
 * The transport keys that one handshake gave. Made by the control side, then handed to the packet
 * loop, which from then on is the only one to touch the ciphers, the counter and the window.
 */
public final class Keypair {
    /** The packet loop refuses to send with older keys than this: WireGuard's REJECT_AFTER_TIME. */
    public static final long REJECT_AFTER_NANOS = 180_000_000_000L;

    /** And after this many messages: WireGuard's REJECT_AFTER_MESSAGES. */
    public static final long REJECT_AFTER_MESSAGES = -1L - (1L << 13);

    /** The index that the remote side writes into what it sends us. */
    public final int localIndex;

    /** The index that we write into what we send. */
    public final int remoteIndex;

    /** Whether we started the handshake; only the initiator renews it by age. */
    public final boolean initiator;

    /** When the handshake was completed here. */
    public final long createdNanos;

    /** Seals what we send. */
    public final Aead sealer;

    /** Opens what we receive. */
    public final Aead opener;

    /** Which counters were received. */
    public final ReplayWindow window = new ReplayWindow();

    /** The next counter to send with; packet loop only. */
    public long sendCounter;

    /** Hands the ciphers over to this keypair, which closes them in the end. */
    public Keypair(
            int localIndex,
            int remoteIndex,
            boolean initiator,
            long createdNanos,
            Aead sealer,
            Aead opener) {
        this.localIndex = localIndex;
        this.remoteIndex = remoteIndex;
        this.initiator = initiator;
        this.createdNanos = createdNanos;
        this.sealer = sealer;
        this.opener = opener;
    }

    /** Whether the keys may still be used, for sending and for receiving. */
    public boolean usable(long nowNanos) {
        return nowNanos - createdNanos < REJECT_AFTER_NANOS
                && Long.compareUnsigned(sendCounter, REJECT_AFTER_MESSAGES) < 0;
    }

    /** Forgets the keys. */
    public void close() {
        sealer.close();
        opener.close();
    }
}
