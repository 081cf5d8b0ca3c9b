package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.security.SecureRandom;

/**
 * The security token after scrypt. It opens a keyset fetch as the token itself does, so it is kept
 * like a password; the token cannot be told from it.
 */
public record StretchedToken(Secret salt, ScryptCost cost, Secret stretched) {
    /** Stretches a token under a new salt. */
    public static StretchedToken of(String token, ScryptCost cost, SecureRandom random) {
        return of(token, Scrypt.salt(random), cost);
    }

    /** Stretches a token as another controller has done. */
    public static StretchedToken of(String token, byte[] salt, ScryptCost cost) {
        return new StretchedToken(Secret.of(salt), cost, Scrypt.stretch(token, salt, cost));
    }
}
