package io.peermesh.session;

import io.peermesh.crypto.Blake2s;
import io.peermesh.crypto.PublicKey;
import io.peermesh.wire.HandshakeLayout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The two MACs at the end of each handshake message (WireGuard whitepaper §5.4.4): mac1 shows that
 * the sender knows the receiver's public key, mac2 that it can receive at its source address.
 *
 * <pre>
 *   | message ...              | mac1 (16)              | mac2 (16)            |
 *   mac1 = MAC(HASH("mac1----" || receiver's key), message)
 *   mac2 = MAC(cookie, message || mac1), or zeros
 * </pre>
 */
final class Macs {
    private static final byte[] MAC1_LABEL = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIE_LABEL = "cookie--".getBytes(StandardCharsets.US_ASCII);

    private Macs() {}

    static byte[] mac1Key(PublicKey receiver) {
        return Blake2s.hash(MAC1_LABEL, receiver.toBytes());
    }

    static byte[] cookieKey(PublicKey receiver) {
        return Blake2s.hash(COOKIE_LABEL, receiver.toBytes());
    }

    static void putMac1(byte[] message, byte[] mac1Key) {
        int at = mac1Offset(message);
        System.arraycopy(
                Blake2s.mac(mac1Key, message, at), 0, message, at, HandshakeLayout.MAC_BYTES);
    }

    static void putMac2(byte[] message, byte[] cookie) {
        int at = mac2Offset(message);
        System.arraycopy(
                Blake2s.mac(cookie, message, at), 0, message, at, HandshakeLayout.MAC_BYTES);
    }

    static byte[] mac1(byte[] message) {
        return Arrays.copyOfRange(message, mac1Offset(message), mac2Offset(message));
    }

    static boolean hasMac1(byte[] message, byte[] mac1Key) {
        return MessageDigest.isEqual(
                mac1(message), Blake2s.mac(mac1Key, message, mac1Offset(message)));
    }

    static boolean hasMac2(byte[] message, byte[] cookie) {
        int at = mac2Offset(message);
        return MessageDigest.isEqual(
                Arrays.copyOfRange(message, at, message.length), Blake2s.mac(cookie, message, at));
    }

    private static int mac1Offset(byte[] message) {
        return message.length - HandshakeLayout.MACS_BYTES;
    }

    private static int mac2Offset(byte[] message) {
        return message.length - HandshakeLayout.MAC_BYTES;
    }
}
