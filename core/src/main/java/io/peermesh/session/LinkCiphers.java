package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import java.util.Optional;
import java.util.Set;

/** Transport ciphers as bits on the wire, and which one two controllers use. */
final class LinkCiphers {
    private static final int CHACHA_BIT = 1;
    private static final int AES_BIT = 2;

    private LinkCiphers() {}

    static int bit(CipherSuite cipher) {
        return switch (cipher) {
            case CHACHA20_POLY1305 -> CHACHA_BIT;
            case AES_256_GCM -> AES_BIT;
        };
    }

    static int mask(Set<CipherSuite> ciphers) {
        int mask = 0;
        for (CipherSuite cipher : ciphers) {
            mask |= bit(cipher);
        }
        return mask;
    }

    /** AES-256-GCM where both sides offer it, else ChaCha20-Poly1305 where both do. */
    static Optional<CipherSuite> choose(int theirs, Set<CipherSuite> ours) {
        int common = theirs & mask(ours);
        if ((common & AES_BIT) != 0) {
            return Optional.of(CipherSuite.AES_256_GCM);
        }
        return (common & CHACHA_BIT) != 0
                ? Optional.of(CipherSuite.CHACHA20_POLY1305)
                : Optional.empty();
    }

    /** The cipher that the responder chose; empty unless it is exactly one that we offered. */
    static Optional<CipherSuite> chosen(int bit, Set<CipherSuite> offered) {
        return Integer.bitCount(bit) == 1 ? choose(bit, offered) : Optional.empty();
    }
}
