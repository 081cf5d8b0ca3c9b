package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.linux.LibcryptoProvider.Missing;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LibcryptoProviderTest {
    private static final byte[] COUNTING =
            HexFormat.of()
                    .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final byte[] NONCE = HexFormat.of().parseHex("000000000100000000000000");

    @Test
    void knowsTheAnswersOfTheJdk() throws GeneralSecurityException {
        String chacha = jdkTag("ChaCha20-Poly1305", "ChaCha20", new IvParameterSpec(NONCE));
        String aes = jdkTag("AES/GCM/NoPadding", "AES", new GCMParameterSpec(128, NONCE));

        assertThat(LibcryptoProvider.KNOWN_CHACHA).isEqualTo(chacha);
        assertThat(LibcryptoProvider.KNOWN_AES).isEqualTo(aes);
    }

    private static String jdkTag(String cipher, String key, AlgorithmParameterSpec parameters)
            throws GeneralSecurityException {
        Cipher jdk = Cipher.getInstance(cipher);
        jdk.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(COUNTING, key), parameters);
        jdk.updateAAD(COUNTING, 0, 16);
        return HexFormat.of().formatHex(jdk.doFinal());
    }

    @Test
    void callsTheProviderDirectlyUnlessSwitchedOff() {
        LibcryptoProvider direct = LibcryptoAeadTest.provider("");
        LibcryptoProvider evp = LibcryptoAeadTest.provider("no-dispatch");

        assertThat(direct.isDirect()).isTrue();
        assertThat(evp.isDirect()).isFalse();
        assertThat(direct.name()).matches("libcrypto 3\\.\\d+\\.\\d+");
        assertThat(evp.name()).endsWith("(EVP)");
    }

    @Test
    void saysThatItIsSwitchedOff() {
        LibcryptoProvider.Search search = LibcryptoProvider.find(Switches.parse("no-libcrypto"));

        assertThat(search).isEqualTo(new Missing("switched off by no-libcrypto"));
    }

    @Test
    void saysThatThereIsNone() {
        LibcryptoProvider.Search search =
                LibcryptoProvider.find(Switches.ALL_ON, List.of("libcrypto.so.does-not-exist"));

        assertThat(search).isEqualTo(new Missing("this host has no libcrypto.so.3 (OpenSSL 3)"));
    }

    @Test
    void saysWhatALibraryLacks() {
        LibcryptoProvider.Search search =
                LibcryptoProvider.find(Switches.ALL_ON, List.of("libc.so.6"));

        assertThat(search)
                .isInstanceOfSatisfying(
                        Missing.class,
                        missing -> assertThat(missing.reason()).contains("EVP_CipherInit_ex"));
    }

    @Test
    void claimsNoFastAesWhenSwitchedOff() {
        assertThat(LibcryptoAeadTest.provider("no-aes").hasFastAes()).isFalse();
        assertThat(LibcryptoAeadTest.provider("").hasFastAes()).isEqualTo(CpuFlags.hasAes());
    }

    @Test
    void givesTheKnownAnswerThroughBothWays() {
        for (String words : new String[] {"", "no-dispatch"}) {
            LibcryptoProvider provider = LibcryptoAeadTest.provider(words);
            assertThat(provider.knownTag(CipherSuite.AES_256_GCM))
                    .isEqualTo(LibcryptoProvider.KNOWN_AES);
            assertThat(provider.knownTag(CipherSuite.CHACHA20_POLY1305))
                    .isEqualTo(LibcryptoProvider.KNOWN_CHACHA);
        }
    }
}
