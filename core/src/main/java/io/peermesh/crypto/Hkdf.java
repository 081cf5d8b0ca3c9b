package io.peermesh.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA256 (RFC 5869) from the JDK, with the info format of {@link TopologyKeys}. */
final class Hkdf {
    private static final int KEY_BYTES = 32;

    private Hkdf() {}

    static byte[] derive(Keyset keyset, String label, int... arguments) {
        byte[] secret = keyset.topologySecret().reveal();
        byte[] salt =
                ByteBuffer.allocate(16)
                        .putLong(keyset.uuid().getMostSignificantBits())
                        .putLong(keyset.uuid().getLeastSignificantBits())
                        .array();
        try {
            var parameters =
                    HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .addSalt(salt)
                            .thenExpand(info(keyset.generation(), label, arguments), KEY_BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] info(int generation, String label, int... arguments) {
        byte[] text = ("peermesh 1 " + label).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer info = ByteBuffer.allocate(text.length + 1 + 4 + 4 * arguments.length);
        info.put(text).put((byte) 0).putInt(generation);
        for (int argument : arguments) {
            info.putInt(argument);
        }
        return info.array();
    }
}
