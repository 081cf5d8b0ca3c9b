package io.peermesh.admin;

import io.peermesh.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which password a stored hash was found to belong to, so that an API client that sends
 * its password with every request costs scrypt only once. What is remembered is a MAC under a key
 * of this process, in memory only; another stored hash, after a change of the password, is another
 * entry.
 */
final class VerifiedPasswords {
    private static final int KEY_BYTES = 32;

    /** One per face suffices; older hashes go. */
    private static final int MAX_ENTRIES = 2;

    private final Secret key;
    private final Map<String, Secret> macByHash = new ConcurrentHashMap<>();

    VerifiedPasswords(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = Secret.of(bytes);
    }

    /** Whether the password belongs to the stored hash. */
    boolean check(String password, String hash) {
        Secret mac = mac(password);
        Secret known = macByHash.get(hash);
        if (known != null && known.equals(mac)) {
            return true;
        }
        if (!PasswordHash.matches(password, hash)) {
            return false;
        }
        if (macByHash.size() >= MAX_ENTRIES && !macByHash.containsKey(hash)) {
            macByHash.clear();
        }
        macByHash.put(hash, mac);
        return true;
    }

    private Secret mac(String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.reveal(), "HmacSHA256"));
            return Secret.of(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        }
    }
}
