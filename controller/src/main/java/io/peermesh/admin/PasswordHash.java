package io.peermesh.admin;

import io.peermesh.crypto.Secret;
import io.peermesh.keyset.Scrypt;
import io.peermesh.keyset.ScryptCost;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The form in which passwords are stored: {@code scrypt:n,r,p:salt:hash}, base64. */
final class PasswordHash {
    private static final String KIND = "scrypt";

    private PasswordHash() {}

    static String of(String password, ScryptCost cost, SecureRandom random) {
        byte[] salt = Scrypt.salt(random);
        Secret hash = Scrypt.stretch(password, salt, cost);
        return String.join(":", KIND, cost.toText(), base64(salt), base64(hash.reveal()));
    }

    /** Whether the password is the one; takes the time that the stored cost says. */
    static boolean matches(String password, String stored) {
        String[] parts = stored.split(":", -1);
        if (parts.length != 4 || !parts[0].equals(KIND)) {
            return false;
        }
        Optional<ScryptCost> cost = ScryptCost.parse(parts[1]);
        if (cost.isEmpty()) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        Secret expected = Secret.of(Base64.getDecoder().decode(parts[3]));
        return Scrypt.stretch(password, salt, cost.get()).equals(expected);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
