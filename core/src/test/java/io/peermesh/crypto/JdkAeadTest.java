package io.peermesh.crypto;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.frame.Mem;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JdkAeadTest {
    private static final AeadProvider JDK = new JdkAeadProvider(true);
    private static final byte[] KEY =
            hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");

    /** RFC 8439 appendix A.5: its nonce begins with four zeros, as ours do. */
    @Test
    void chaCha20Poly1305GivesTheVectorOfRfc8439() {
        byte[] plain =
                ("Internet-Drafts are draft documents valid for a maximum of six months and may be"
                                + " updated, replaced, or obsoleted by other documents at any time."
                                + " It is inappropriate to use Internet-Drafts as reference material"
                                + " or to cite them other than as /\u201cwork in progress./\u201d")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] sealed =
                seal(
                        CipherSuite.CHACHA20_POLY1305,
                        KEY,
                        0x0807060504030201L,
                        hex("f33388860000000000004e91"),
                        plain);

        assertThat(sealed)
                .isEqualTo(
                        hex(
                                """
                                64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2
                                4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf
                                332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855
                                9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4
                                b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e
                                af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a
                                0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10
                                49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29
                                a6ad5cb4022b02709b
                                eead9d67890cbb22392336fea1851f38
                                """));
    }

    /** Test cases 13 and 14 of the GCM specification submitted to NIST. */
    @Test
    void aes256GcmGivesTheVectorsOfNist() {
        byte[] zeroKey = new byte[32];

        assertThat(seal(CipherSuite.AES_256_GCM, zeroKey, 0, new byte[0], new byte[0]))
                .isEqualTo(hex("530f8afbc74536b9a963b4f1c4cb738b"));
        assertThat(seal(CipherSuite.AES_256_GCM, zeroKey, 0, new byte[0], new byte[16]))
                .isEqualTo(
                        hex("cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"));
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void agreesWithAnotherImplementation(CipherSuite suite) {
        Seeds.run(
                200,
                random -> {
                    byte[] key = Bytes.random(32, random);
                    byte[] aad = Bytes.random(random.nextInt(33), random);
                    byte[] plain = Bytes.random(random.nextInt(3000), random);
                    long counter = random.nextLong();

                    assertThat(seal(suite, key, counter, aad, plain))
                            .isEqualTo(sealElsewhere(suite, key, counter, aad, plain));
                });
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void opensInPlaceWhatItSealedInPlace(CipherSuite suite) {
        Seeds.run(
                50,
                random -> {
                    byte[] key = Bytes.random(32, random);
                    byte[] plain = Bytes.random(random.nextInt(65000), random);
                    long frame = offHeap(Arrays.copyOf(plain, plain.length + Aead.TAG_BYTES));
                    long counter = random.nextLong();

                    JDK.create(suite, key).seal(counter, 0, 0, frame, plain.length, frame);
                    assertThat(Mem.toBytes(frame, plain.length + 16)).isNotEqualTo(plain);
                    boolean opened =
                            JDK.create(suite, key)
                                    .open(counter, 0, 0, frame, plain.length + 16, frame);

                    assertThat(opened).isTrue();
                    assertThat(Mem.toBytes(frame, plain.length)).isEqualTo(plain);
                });
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void refusesEveryFlippedBit(CipherSuite suite) {
        byte[] plain = Bytes.random(7, new java.util.SplittableRandom(1));
        byte[] aad = {1, 2, 3};
        byte[] sealed = seal(suite, KEY, 5, aad, plain);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] forged = sealed.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(opens(suite, 5, aad, forged)).as("bit %d", bit).isFalse();
        }
        for (int bit = 0; bit < 8 * aad.length; bit++) {
            byte[] forged = aad.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(opens(suite, 5, forged, sealed)).as("aad bit %d", bit).isFalse();
        }
        assertThat(opens(suite, 5, aad, sealed)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void refusesEveryTruncation(CipherSuite suite) {
        byte[] sealed = seal(suite, KEY, 5, new byte[0], new byte[20]);
        for (int bytes = 0; bytes < sealed.length; bytes++) {
            assertThat(opens(suite, 5, new byte[0], Arrays.copyOf(sealed, bytes)))
                    .as("%d bytes", bytes)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void refusesAnotherCounterOrMissingAdditionalData(CipherSuite suite) {
        byte[] sealed = seal(suite, KEY, 5, new byte[] {9}, new byte[20]);

        assertThat(opens(suite, 6, new byte[] {9}, sealed)).isFalse();
        assertThat(opens(suite, 5, new byte[0], sealed)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void goesOnAfterAForgery(CipherSuite suite) {
        byte[] sealed = seal(suite, KEY, 5, new byte[0], new byte[20]);
        Aead opener = JDK.create(suite, KEY);
        long to = Mem.allocate(36);

        assertThat(opener.open(6, 0, 0, offHeap(sealed), 36, to)).isFalse();
        assertThat(opener.open(5, 0, 0, offHeap(sealed), 36, to)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void isOfNoUseAfterClose(CipherSuite suite) {
        Aead aead = JDK.create(suite, KEY);

        aead.close();
        aead.close();

        long frame = Mem.allocate(64);
        assertThatThrownBy(() -> aead.seal(1, 0, 0, frame, 8, frame))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> aead.open(1, 0, 0, frame, 24, frame))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesKeysOfAnotherLength() {
        assertThatThrownBy(() -> JDK.create(CipherSuite.AES_256_GCM, new byte[16]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] seal(
            CipherSuite suite, byte[] key, long counter, byte[] aad, byte[] plain) {
        long to = Mem.allocate(plain.length + Aead.TAG_BYTES);
        JDK.create(suite, key)
                .seal(counter, offHeap(aad), aad.length, offHeap(plain), plain.length, to);
        return Mem.toBytes(to, plain.length + Aead.TAG_BYTES);
    }

    private static boolean opens(CipherSuite suite, long counter, byte[] aad, byte[] sealed) {
        long to = Mem.allocate(Math.max(1, sealed.length));
        return JDK.create(suite, KEY)
                .open(counter, offHeap(aad), aad.length, offHeap(sealed), sealed.length, to);
    }

    private static byte[] sealElsewhere(
            CipherSuite suite, byte[] key, long counter, byte[] aad, byte[] plain) {
        byte[] nonce = new byte[12];
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (counter >>> (8 * i));
        }
        AEADCipher cipher =
                switch (suite) {
                    case CHACHA20_POLY1305 -> new ChaCha20Poly1305();
                    case AES_256_GCM -> GCMBlockCipher.newInstance(AESEngine.newInstance());
                };
        cipher.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, aad));
        byte[] sealed = new byte[plain.length + 16];
        int done = cipher.processBytes(plain, 0, plain.length, sealed, 0);
        try {
            cipher.doFinal(sealed, done);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError(e);
        }
        return sealed;
    }
}
