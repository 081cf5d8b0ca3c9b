package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** Makes keysets. */
public final class KeysetGenerator {
    private KeysetGenerator() {}

    /** A new keyset of generation 1. */
    public static Keyset generate(SecureRandom random, Instant now) {
        byte[] secret = new byte[Keyset.SECRET_BYTES];
        random.nextBytes(secret);
        try {
            return new Keyset(uuid(random), 1, now.toEpochMilli(), Secret.of(secret));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** A random uuid (RFC 9562, version 4). */
    public static UUID uuid(SecureRandom random) {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
