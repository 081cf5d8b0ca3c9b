package io.peermesh.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class X25519Test {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    })
    void computesTheVectorsOfRfc7748(String scalar, String point, String expected) {
        Secret shared =
                X25519.agree(Secret.of(HEX.parseHex(scalar)), PublicKey.of(HEX.parseHex(point)))
                        .orElseThrow();

        assertThat(HEX.formatHex(shared.reveal())).isEqualTo(expected);
    }

    @Test
    void computesTheIteratedVectorOfRfc7748() {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = k.clone();

        for (int i = 1; i <= 1000; i++) {
            byte[] result = X25519.agree(Secret.of(k), PublicKey.of(u)).orElseThrow().reveal();
            u = k;
            k = result;
            if (i == 1) {
                assertThat(HEX.formatHex(k))
                        .isEqualTo(
                                "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }

        assertThat(HEX.formatHex(k))
                .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    /** The u-coordinates of small order, RFC 7748 §6.1 and cr.yp.to/ecdh.html. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void refusesPointsOfSmallOrder(String point) {
        Secret scalar = Secret.of(HEX.parseHex("77".repeat(32)));

        assertThat(X25519.agree(scalar, PublicKey.of(HEX.parseHex(point)))).isEmpty();
    }

    @Test
    void agreesWithTheJdkOnRandomKeys() throws Exception {
        long seed = Long.getLong("seed", 7748L);
        var random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            byte[] mine = bytes(random);
            byte[] theirs = bytes(random);
            PublicKey theirPublic = X25519.publicKey(Secret.of(theirs));

            byte[] shared = X25519.agree(Secret.of(mine), theirPublic).orElseThrow().reveal();

            assertThat(shared).as("seed %d, round %d", seed, i).isEqualTo(jdk(mine, theirPublic));
        }
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] jdk(byte[] scalar, PublicKey point) throws Exception {
        KeyFactory factory = KeyFactory.getInstance("X25519");
        PrivateKey mine =
                factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = point.toBytes()[31 - i];
        }
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(mine);
        agreement.doPhase(
                factory.generatePublic(
                        new XECPublicKeySpec(
                                NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
                true);
        return agreement.generateSecret();
    }

    @Test
    void refusesKeysOfAnotherLength() {
        assertThatThrownBy(() -> X25519.publicKey(Secret.of(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PublicKey.of(new byte[33]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsBackThePrintedFormOfAPublicKeyAndNothingElse() {
        PublicKey key = X25519.publicKey(Secret.of(HEX.parseHex("42".repeat(32))));

        assertThat(PublicKey.parse(key.toString())).contains(key);
        assertThat(PublicKey.parse("")).isEmpty();
        assertThat(PublicKey.parse("####")).isEmpty();
        assertThat(PublicKey.parse(key.toString().substring(4))).isEmpty();
    }
}
