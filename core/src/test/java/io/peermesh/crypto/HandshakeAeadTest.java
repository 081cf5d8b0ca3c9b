package io.peermesh.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HandshakeAeadTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 8439 appendix A.5. */
    @Test
    void sealsAndOpensTheVectorOfRfc8439() {
        byte[] key =
                HEX.parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
        byte[] aad = HEX.parseHex("f33388860000000000004e91");
        byte[] plain =
                HEX.parseHex(
                        "496e7465726e65742d4472616674732061726520647261667420646f63756d656e74732076616c"
                                + "696420666f722061206d6178696d756d206f6620736978206d6f6e74687320616e64206d617920"
                                + "626520757064617465642c207265706c616365642c206f72206f62736f6c65746564206279206f"
                                + "7468657220646f63756d656e747320617420616e792074696d652e20497420697320696e617070"
                                + "726f70726961746520746f2075736520496e7465726e65742d4472616674732061732072656665"
                                + "72656e6365206d6174657269616c206f7220746f2063697465207468656d206f74686572207468"
                                + "616e206173202fe2809c776f726b20696e2070726f67726573732e2fe2809d");
        byte[] sealed =
                HEX.parseHex(
                        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43ee"
                                + "a09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b94"
                                + "8114ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c"
                                + "02b0f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a0"
                                + "6c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb23160"
                                + "53fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0"
                                + "ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b"
                                + "eead9d67890cbb22392336fea1851f38");
        long counter = 0x0807060504030201L;

        assertThat(HandshakeAead.seal(key, counter, aad, plain)).isEqualTo(sealed);
        assertThat(HandshakeAead.open(key, counter, aad, sealed)).contains(plain);
    }

    /** draft-irtf-cfrg-xchacha-03 appendix A.3.1. */
    @Test
    void sealsAndOpensTheVectorOfTheXChaChaDraft() {
        byte[] key =
                HEX.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        byte[] nonce = HEX.parseHex("404142434445464748494a4b4c4d4e4f5051525354555657");
        byte[] aad = HEX.parseHex("50515253c0c1c2c3c4c5c6c7");
        byte[] plain =
                ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
                                + "for the future, sunscreen would be it.")
                        .getBytes(US_ASCII);
        byte[] sealed =
                HEX.parseHex(
                        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa644"
                                + "0bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb"
                                + "9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e"
                                + "c0875924c1c7987947deafd8780acf49");

        assertThat(HandshakeAead.sealExtended(key, nonce, aad, plain)).isEqualTo(sealed);
        assertThat(HandshakeAead.openExtended(key, nonce, aad, sealed)).contains(plain);
    }

    @Test
    void opensNothingThatWasTouched() {
        byte[] key = new byte[32];
        byte[] aad = {1, 2, 3};
        byte[] sealed = HandshakeAead.seal(key, 7, aad, new byte[] {9, 9});

        for (int i = 0; i < sealed.length; i++) {
            byte[] touched = sealed.clone();
            touched[i] ^= 1;
            assertThat(HandshakeAead.open(key, 7, aad, touched)).isEmpty();
        }
        assertThat(HandshakeAead.open(key, 8, aad, sealed)).isEmpty();
        assertThat(HandshakeAead.open(key, 7, new byte[] {1, 2}, sealed)).isEmpty();
    }

    @Test
    void opensNoTruncation() {
        byte[] key = new byte[32];
        byte[] sealed = HandshakeAead.seal(key, 0, new byte[0], new byte[5]);

        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(sealed, length);
            assertThat(HandshakeAead.open(key, 0, new byte[0], cut)).isEmpty();
        }
    }

    @Test
    void refusesAnExtendedNonceOfAnotherLength() {
        assertThatThrownBy(() ->
                        HandshakeAead.sealExtended(
                                new byte[32], new byte[12], new byte[0], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
