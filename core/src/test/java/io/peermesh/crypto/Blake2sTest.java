package io.peermesh.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Where RFC 7693 has no vector, the known answers are those of Python's hashlib. */
class Blake2sTest {
    private static byte[] count(int bytes) {
        byte[] counted = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            counted[i] = (byte) i;
        }
        return counted;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void hashesTheVectorOfRfc7693() {
        assertThat(hex(Blake2s.hash("abc".getBytes(US_ASCII))))
                .isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
    }

    @Test
    void hashesNothingAndSeveralBlocks() {
        assertThat(hex(Blake2s.hash()))
                .isEqualTo("69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9");
        assertThat(hex(Blake2s.hash(count(255))))
                .isEqualTo("f03f5789d3336b80d002d59fdf918bdb775b00956ed5528e86aa994acb38fe2d");
    }

    @Test
    void hashesPartsAsIfTheyWereJoined() {
        assertThat(Blake2s.hash("a".getBytes(US_ASCII), "bc".getBytes(US_ASCII)))
                .isEqualTo(Blake2s.hash("abc".getBytes(US_ASCII)));
    }

    @Test
    void computesKeyedMacs() {
        assertThat(hex(Blake2s.mac(count(32), count(200), 200)))
                .isEqualTo("42a6f8ff590af21b512e9e088257aa34");
        assertThat(hex(Blake2s.mac(count(32), count(200), 0)))
                .isEqualTo("9536f9b267655743dee97b8a670f9f53");
        assertThat(hex(Blake2s.mac(count(16), count(200), 200)))
                .isEqualTo("b8d300fa7937e4d1e67c8468df4c9a43");
    }

    @Test
    void computesHmac() {
        assertThat(hex(Blake2s.hmac(count(32), count(200))))
                .isEqualTo("543eec9b22646365ef782d72dae137cc761d018005f8d33d0f20bfbd01e62974");
        assertThat(hex(Blake2s.hmac(count(32))))
                .isEqualTo("e2641d24dfa8dd89e8cb77f1cdc77d8c006e5bebdfc4d6a3a3a6f8d5b7586fb0");
    }

    @Test
    void derivesOneToThreeKeys() {
        byte[][] three = Blake2s.hkdf(count(32), count(40), 3);

        assertThat(hex(three[0]))
                .isEqualTo("3386e284e63edc5f32df2d0c470ebcd5db42748045a60897cbf50d14b22d3522");
        assertThat(hex(three[1]))
                .isEqualTo("96db296994bf1c7e60fa955add918d6210eafbdbf233bb30592e8e859da56565");
        assertThat(hex(three[2]))
                .isEqualTo("118e42b8b3461ed51ab10a262ec65d362e89720eafd2e1d97855baa4c43ac059");
        assertThat(Blake2s.hkdf(count(32), count(40), 1)).isDeepEqualTo(new byte[][] {three[0]});
    }
}
