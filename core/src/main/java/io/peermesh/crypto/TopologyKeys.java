package io.peermesh.crypto;

/**
 * Derives every key of a topology from its keyset, by HKDF-SHA256 (RFC 5869) with the topology
 * secret as input key material, the keyset's uuid as salt, and a labelled info:
 *
 * <pre>
 *   "peermesh 1 " label 0x00 generation(4, big-endian) arguments(4 each, big-endian)
 *
 *   label          arguments                        gives
 *   gateway        -                                X25519 private key that clients know
 *   link           controller id                    X25519 private key of a controller on its links
 *   link psk       lower id, higher id              preshared key of one peer link
 *   client         overlay address, pack generation X25519 private key of a clientpack
 *   client psk     overlay address, pack generation preshared key of a clientpack
 *   join           -                                key that proves the keyset to a controller one joins at
 * </pre>
 *
 * <p>The overlay address is its four IPv4 bytes. Pure; safe from any thread.
 */
public final class TopologyKeys {
    private final Keyset keyset;

    /** Keys of this keyset. */
    public TopologyKeys(Keyset keyset) {
        this.keyset = keyset;
    }

    /** The one identity that all controllers present to clients. */
    public Secret gatewayKey() {
        return derive("gateway");
    }

    /** The identity of a controller on its peer links. */
    public Secret linkKey(int controllerId) {
        return derive("link", controllerId);
    }

    /** The preshared key of the link between two controllers, in either order. */
    public Secret linkPresharedKey(int oneId, int otherId) {
        return derive("link psk", Math.min(oneId, otherId), Math.max(oneId, otherId));
    }

    /** The private key in a clientpack. */
    public Secret clientKey(int overlayAddress, int packGeneration) {
        return derive("client", overlayAddress, packGeneration);
    }

    /** The preshared key in a clientpack. */
    public Secret clientPresharedKey(int overlayAddress, int packGeneration) {
        return derive("client psk", overlayAddress, packGeneration);
    }

    /** What requests between controllers that are not peers yet are sealed with. */
    public Secret joinKey() {
        return derive("join");
    }

    private Secret derive(String label, int... arguments) {
        return Secret.of(Hkdf.derive(keyset, label, arguments));
    }
}
