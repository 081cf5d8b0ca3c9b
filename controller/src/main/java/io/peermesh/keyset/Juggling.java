package io.peermesh.keyset;

import io.peermesh.crypto.Secret;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.agreement.jpake.JPAKEParticipant;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroups;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound1Payload;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound2Payload;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * One side of a J-PAKE (RFC 8236) over the 3072-bit group of NIST, as bytes. An eavesdropper or a
 * false partner learns nothing about the password but whether one guess per exchange was right. The
 * group is not an elliptic curve, because Bouncy Castle's ECJPAKE has no way to take in a proof
 * that came over a wire.
 *
 * <pre>
 *   round 1: g^x1(384) g^x2(384) proof of x1(384 + 32) proof of x2(384 + 32)      1600 bytes
 *   round 2: A(384) proof(384 + 32)                                               800 bytes
 * </pre>
 *
 * <p>Used once, in this order: {@link #round1}, {@link #acceptRound1}, {@link #round2}, {@link
 * #acceptRound2}, {@link #keyMaterial}. Not thread-safe.
 */
final class Juggling {
    /** Length of a round 1 payload. */
    static final int ROUND1_BYTES = 1600;

    /** Length of a round 2 payload. */
    static final int ROUND2_BYTES = 800;

    private static final int ELEMENT_BYTES = 384;
    private static final int SCALAR_BYTES = 32;

    private final String partnerRole;
    private final JPAKEParticipant participant;

    /**
     * Makes a side.
     *
     * @param role which side this is; enters the proofs
     * @param partnerRole which side the partner must be
     */
    Juggling(String role, String partnerRole, Secret password, SecureRandom random) {
        this.partnerRole = partnerRole;
        byte[] bytes = password.reveal();
        char[] text = HexFormat.of().formatHex(bytes).toCharArray();
        this.participant =
                new JPAKEParticipant(
                        role, text, JPAKEPrimeOrderGroups.NIST_3072, new SHA256Digest(), random);
        Arrays.fill(text, '0');
        Arrays.fill(bytes, (byte) 0);
    }

    byte[] round1() {
        JPAKERound1Payload payload = participant.createRound1PayloadToSend();
        byte[] bytes = new byte[ROUND1_BYTES];
        put(bytes, 0, ELEMENT_BYTES, payload.getGx1());
        put(bytes, ELEMENT_BYTES, ELEMENT_BYTES, payload.getGx2());
        putProof(bytes, 2 * ELEMENT_BYTES, payload.getKnowledgeProofForX1());
        putProof(bytes, 3 * ELEMENT_BYTES + SCALAR_BYTES, payload.getKnowledgeProofForX2());
        return bytes;
    }

    /** Whether the partner's round 1 is sound. */
    boolean acceptRound1(byte[] bytes) {
        if (bytes.length != ROUND1_BYTES) {
            return false;
        }
        try {
            participant.validateRound1PayloadReceived(
                    new JPAKERound1Payload(
                            partnerRole,
                            number(bytes, 0, ELEMENT_BYTES),
                            number(bytes, ELEMENT_BYTES, ELEMENT_BYTES),
                            proof(bytes, 2 * ELEMENT_BYTES),
                            proof(bytes, 3 * ELEMENT_BYTES + SCALAR_BYTES)));
            return true;
        } catch (CryptoException e) {
            return false; // a proof does not hold
        }
    }

    byte[] round2() {
        JPAKERound2Payload payload = participant.createRound2PayloadToSend();
        byte[] bytes = new byte[ROUND2_BYTES];
        put(bytes, 0, ELEMENT_BYTES, payload.getA());
        putProof(bytes, ELEMENT_BYTES, payload.getKnowledgeProofForX2s());
        return bytes;
    }

    /** Whether the partner's round 2 is sound; says nothing yet about the password. */
    boolean acceptRound2(byte[] bytes) {
        if (bytes.length != ROUND2_BYTES) {
            return false;
        }
        try {
            participant.validateRound2PayloadReceived(
                    new JPAKERound2Payload(
                            partnerRole,
                            number(bytes, 0, ELEMENT_BYTES),
                            proof(bytes, ELEMENT_BYTES)));
            return true;
        } catch (CryptoException e) {
            return false; // the proof does not hold
        }
    }

    /** Equal on both sides if, and only if, both have the same password. Still to be hashed. */
    Secret keyMaterial() {
        byte[] bytes = new byte[ELEMENT_BYTES];
        put(bytes, 0, ELEMENT_BYTES, participant.calculateKeyingMaterial());
        Secret secret = Secret.of(bytes);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    private static void putProof(byte[] bytes, int offset, BigInteger[] proof) {
        put(bytes, offset, ELEMENT_BYTES, proof[0]);
        put(bytes, offset + ELEMENT_BYTES, SCALAR_BYTES, proof[1]);
    }

    private static BigInteger[] proof(byte[] bytes, int offset) {
        return new BigInteger[] {
            number(bytes, offset, ELEMENT_BYTES),
            number(bytes, offset + ELEMENT_BYTES, SCALAR_BYTES)
        };
    }

    private static void put(byte[] bytes, int offset, int length, BigInteger number) {
        byte[] text = number.toByteArray(); // two's complement: may have a zero byte before it
        int skip = Math.max(0, text.length - length);
        System.arraycopy(
                text, skip, bytes, offset + length - text.length + skip, text.length - skip);
    }

    private static BigInteger number(byte[] bytes, int offset, int length) {
        return new BigInteger(1, bytes, offset, length);
    }
}
