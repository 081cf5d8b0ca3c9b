package io.peermesh.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.junit.jupiter.api.Test;

/** The known answers were computed with another implementation of HMAC-SHA256. */
class TopologyKeysTest {
    private static final UUID NAME = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    private static final int CLIENT = 0x0ac70001;

    private final TopologyKeys keys = keysOf(NAME, 1, 0);

    private static TopologyKeys keysOf(UUID uuid, int generation, int firstByte) {
        byte[] secret = new byte[Keyset.SECRET_BYTES];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (firstByte + i);
        }
        return new TopologyKeys(new Keyset(uuid, generation, 0, Secret.of(secret)));
    }

    @Test
    void jdkComputesTheFirstVectorOfRfc5869() throws Exception {
        byte[] inputKey = HexFormat.of().parseHex("0b".repeat(22));
        byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
        byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");

        byte[] output =
                KDF.getInstance("HKDF-SHA256")
                        .deriveData(
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(inputKey)
                                        .addSalt(salt)
                                        .thenExpand(info, 42));

        assertThat(HexFormat.of().formatHex(output))
                .isEqualTo(
                        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    }

    @Test
    void neverChangesTheKeysOfAnExistingTopology() {
        assertKey(
                keys.gatewayKey(),
                "8f910840de0ee3aadc8e3891e1c316ea50642d12ee03c37146fabdc2a77e03cd");
        assertKey(
                keys.linkKey(3),
                "a4acfc2844738ee20fc5f1385e4dc68a71867a1ea6593c9e18c4329965fea112");
        assertKey(
                keys.linkPresharedKey(2, 7),
                "6ee91f87c85c5d86fef4f9da6e5f67c5aa07ea1a75bf007c1a579caf1c097f5d");
        assertKey(
                keys.clientKey(CLIENT, 4),
                "30101fc78ce991fd9012062f7759b831b3ec71306b5cc56f4527c5a3c64539fc");
        assertKey(
                keys.clientPresharedKey(CLIENT, 4),
                "fdc31d2a08a076441d8868243702284247a52e923d86277368453be928e16961");
        assertKey(
                keysOf(NAME, 2, 0).gatewayKey(),
                "fde7b4a6a816b7aeac95c793cf1ca06f28dad640cd83d754a0a9443deb765d12");
    }

    private static void assertKey(Secret key, String hex) {
        assertThat(HexFormat.of().formatHex(key.reveal())).isEqualTo(hex);
    }

    @Test
    void givesTheTwoEndsOfALinkTheSamePresharedKey() {
        assertThat(keys.linkPresharedKey(7, 2)).isEqualTo(keys.linkPresharedKey(2, 7));
    }

    @Test
    void givesEachPurposeAndEachArgumentAnotherKey() {
        List<Secret> derived =
                List.of(
                        keys.gatewayKey(),
                        keys.linkKey(1),
                        keys.linkKey(2),
                        keys.linkPresharedKey(1, 2),
                        keys.linkPresharedKey(1, 3),
                        keys.clientKey(CLIENT, 1),
                        keys.clientKey(CLIENT, 2),
                        keys.clientKey(CLIENT + 1, 1),
                        keys.clientPresharedKey(CLIENT, 1),
                        keysOf(NAME, 2, 0).gatewayKey(),
                        keysOf(NAME, 1, 1).gatewayKey(),
                        keysOf(new UUID(0, 1), 1, 0).gatewayKey());

        Set<String> distinct = new HashSet<>();
        derived.forEach(key -> distinct.add(HexFormat.of().formatHex(key.reveal())));

        assertThat(distinct).hasSize(derived.size());
    }

    @Test
    void printsNoSecret() {
        assertThat(keys.gatewayKey()).hasToString("Secret[32 bytes]");
        assertThat(new Keyset(NAME, 1, 0, keys.gatewayKey()).toString()).contains("[32 bytes]");
    }
}
