package io.peermesh.session;

import io.peermesh.crypto.Secret;
import io.peermesh.port.Entropy;
import java.util.Arrays;

/** Fresh secrets. */
final class Secrets {
    private static final int KEY_BYTES = 32;

    private Secrets() {}

    static Secret random(Entropy entropy) {
        byte[] bytes = new byte[KEY_BYTES];
        entropy.fill(bytes);
        Secret secret = Secret.of(bytes);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }
}
