package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes each request of a join fresh, without remembering anything for those who have proven
 * nothing: a challenge carries its own time and proof, and is remembered only once it was used by
 * somebody who holds the keyset.
 *
 * <pre>
 *   0            8            16                                48
 *   | issued (8) | random (8) | HMAC-SHA256(secret of this process, issued, random, source) |
 * </pre>
 */
final class JoinChallenges {
    /** Length of a challenge. */
    static final int BYTES = 48;

    /** How long one can be used, milliseconds. */
    static final long MAX_AGE_MILLIS = 30_000;

    /** Most used ones that are remembered; while there are more, requests are refused. */
    static final int MAX_USED = 256;

    private static final int SIGNED_BYTES = 16;

    private final SecureRandom random;
    private final Secret secret;
    private final AtomicReference<List<byte[]>> used = new AtomicReference<>(List.of());

    /** What can be said of a challenge that came back. */
    enum Verdict {
        /** Used now, for the first and only time. */
        FRESH,
        /** Not made here for this source, too old, or used before. */
        STALE,
        /** Too many were used lately. */
        FULL
    }

    JoinChallenges(SecureRandom random) {
        this.random = random;
        byte[] key = new byte[32];
        random.nextBytes(key);
        this.secret = Secret.of(key);
        Arrays.fill(key, (byte) 0);
    }

    byte[] issue(String source, long nowMillis) {
        byte[] signed =
                ByteBuffer.allocate(SIGNED_BYTES)
                        .putLong(nowMillis)
                        .putLong(random.nextLong())
                        .array();
        return ByteBuffer.allocate(BYTES).put(signed).put(mac(signed, source)).array();
    }

    /** Whether it is ours, and not too old; says nothing of its use. */
    boolean isOurs(byte[] challenge, String source, long nowMillis) {
        byte[] signed = Arrays.copyOf(challenge, SIGNED_BYTES);
        byte[] mac = Arrays.copyOfRange(challenge, SIGNED_BYTES, BYTES);
        long age = nowMillis - issued(challenge);
        return MessageDigest.isEqual(mac, mac(signed, source)) && age >= 0 && age < MAX_AGE_MILLIS;
    }

    /** Uses a challenge up; only after the request under it was found authentic. */
    Verdict use(byte[] challenge, long nowMillis) {
        List<byte[]> before =
                live(used.getAndUpdate(all -> with(live(all, nowMillis), challenge)), nowMillis);
        if (contains(before, challenge)) {
            return Verdict.STALE;
        }
        return before.size() < MAX_USED ? Verdict.FRESH : Verdict.FULL;
    }

    private static List<byte[]> live(List<byte[]> all, long nowMillis) {
        return all.stream().filter(each -> nowMillis - issued(each) < MAX_AGE_MILLIS).toList();
    }

    private static List<byte[]> with(List<byte[]> before, byte[] challenge) {
        if (contains(before, challenge) || before.size() >= MAX_USED) {
            return before;
        }
        var more = new ArrayList<>(before);
        more.add(challenge);
        return List.copyOf(more);
    }

    private static boolean contains(List<byte[]> all, byte[] challenge) {
        return all.stream().anyMatch(each -> Arrays.equals(each, challenge));
    }

    private static long issued(byte[] challenge) {
        return ByteBuffer.wrap(challenge).getLong();
    }

    private byte[] mac(byte[] signed, String source) {
        byte[] key = secret.reveal();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(signed);
            return mac.doFinal(source.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
