package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.SCrypt;

/** scrypt (RFC 7914): makes every guess at a password cost memory and time. */
public final class Scrypt {
    /** Length of salts. */
    public static final int SALT_BYTES = 16;

    /** Length of results. */
    public static final int BYTES = 32;

    private Scrypt() {}

    /** Stretches a password, taken as UTF-8. */
    public static Secret stretch(String password, byte[] salt, ScryptCost cost) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        byte[] result = SCrypt.generate(bytes, salt, cost.n(), cost.r(), cost.p(), BYTES);
        Secret secret = Secret.of(result);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(result, (byte) 0);
        return secret;
    }

    /** A new salt. */
    public static byte[] salt(SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }
}
