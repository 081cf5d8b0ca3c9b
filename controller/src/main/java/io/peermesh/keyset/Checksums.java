package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.replication.SharedEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Digests by which an operator, and the mesh itself, sees that two controllers hold the same. 40
 * hex digits: the first 20 bytes of SHA-256 or HMAC-SHA256.
 *
 * <pre>
 *   keyset    HMAC(topology secret, "peermesh keyset 1" 0x00 uuid(16) generation(4) created(8))
 *   topology  SHA-256("peermesh topology 1" 0x00, then each with its length(4) before it:
 *             keyset checksum, license, parameters, then by key: key, value ...)
 * </pre>
 */
public final class Checksums {
    private static final int BYTES = 20;

    private Checksums() {}

    /** Names the secret without telling it. */
    public static String keyset(Keyset keyset) {
        byte[] secret = keyset.topologySecret().reveal();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(label("peermesh keyset 1"));
            mac.update(
                    ByteBuffer.allocate(28)
                            .putLong(keyset.uuid().getMostSignificantBits())
                            .putLong(keyset.uuid().getLeastSignificantBits())
                            .putInt(keyset.generation())
                            .putLong(keyset.createdEpochMillis())
                            .array());
            return hex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /**
     * The topology checksum. Counters and writers of the shared entries do not enter: the same
     * values are the same topology.
     *
     * @param license the license file without white space
     * @param parameters the accepted parameters as text
     * @param shared in any order
     */
    public static String topology(
            Keyset keyset, String license, String parameters, List<SharedEntry> shared) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(label("peermesh topology 1"));
            add(digest, keyset(keyset));
            add(digest, license);
            add(digest, parameters);
            shared.stream()
                    .sorted((a, b) -> a.key().compareTo(b.key()))
                    .forEach(entry -> {
                        add(digest, entry.key());
                        add(digest, entry.value());
                    });
            return hex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    private static byte[] label(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest, 0, BYTES);
    }
}
