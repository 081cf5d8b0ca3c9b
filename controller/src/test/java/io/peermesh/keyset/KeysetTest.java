package io.peermesh.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.Keyset;
import io.peermesh.crypto.Secret;
import io.peermesh.replication.SharedEntry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeysetTest {
    private final Keyset keyset = new Keyset(new UUID(1, 2), 1, 3, Secret.of(new byte[32]));

    @Test
    void stretchesAsRfc7914Says() {
        // section 12, second vector: N = 1024, r = 8, p = 16, the first 32 of 64 bytes
        Secret stretched =
                Scrypt.stretch(
                        "password",
                        "NaCl".getBytes(StandardCharsets.US_ASCII),
                        new ScryptCost(1024, 8, 16));

        assertThat(HexFormat.of().formatHex(stretched.reveal()))
                .isEqualTo("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    }

    @Test
    void generatesAnotherKeysetEachTime() {
        var random = new SecureRandom();
        Keyset one = KeysetGenerator.generate(random, Instant.EPOCH);
        Keyset two = KeysetGenerator.generate(random, Instant.EPOCH);

        assertThat(one.topologySecret()).isNotEqualTo(two.topologySecret());
        assertThat(one.uuid().version()).isEqualTo(4);
        assertThat(one.uuid().variant()).isEqualTo(2);
        assertThat(one.generation()).isEqualTo(1);
    }

    @Test
    void everyPartOfTheKeysetEntersItsChecksum() {
        assertThat(
                        List.of(
                                Checksums.keyset(keyset),
                                Checksums.keyset(with(new UUID(1, 3), 1, 3, 0)),
                                Checksums.keyset(with(new UUID(1, 2), 2, 3, 0)),
                                Checksums.keyset(with(new UUID(1, 2), 1, 4, 0)),
                                Checksums.keyset(with(new UUID(1, 2), 1, 3, 1))))
                .doesNotHaveDuplicates()
                .allMatch(checksum -> checksum.matches("[0-9a-f]{40}"));
    }

    @Test
    void everyPartOfTheTopologyEntersItsChecksum() {
        var entry = new SharedEntry("k", "v", 1, 1);

        assertThat(
                        List.of(
                                Checksums.topology(keyset, "l", "p", List.of(entry)),
                                Checksums.topology(keyset, "l", "p", List.of()),
                                Checksums.topology(keyset, "lp", "", List.of(entry)),
                                Checksums.topology(keyset, "", "lp", List.of(entry)),
                                Checksums.topology(
                                        keyset, "l", "p", List.of(new SharedEntry("kv", "", 1, 1))),
                                Checksums.topology(
                                        with(new UUID(1, 2), 2, 3, 0), "l", "p", List.of(entry))))
                .doesNotHaveDuplicates();
    }

    @Test
    void orderCounterAndWriterDoNotEnterTheChecksum() {
        var a = new SharedEntry("a", "1", 1, 1);
        var b = new SharedEntry("b", "2", 2, 2);

        assertThat(Checksums.topology(keyset, "l", "p", List.of(b, a)))
                .isEqualTo(
                        Checksums.topology(
                                keyset, "l", "p", List.of(new SharedEntry("a", "1", 9, 9), b)));
    }

    @Test
    void wantsTokensOfTwelveCharacters() {
        assertThat(TokenPolicy.fault("", false)).contains("token is missing");
        assertThat(TokenPolicy.fault("", true)).contains("token is missing");
        assertThat(TokenPolicy.fault("elevenchars", false)).isPresent();
        assertThat(TokenPolicy.fault("elevenchars", true)).isEmpty();
        assertThat(TokenPolicy.fault("twelve chars", false)).isEmpty();
        assertThat(TokenPolicy.fault("x".repeat(257), false)).isPresent();
        assertThat(TokenPolicy.fault("twelve\nchars!", false)).isPresent();
    }

    @Test
    void readsTheCostThatItWrites() {
        assertThat(ScryptCost.parse(ScryptCost.USUAL.toText())).contains(ScryptCost.USUAL);
        for (String text :
                new String[] {
                    "", "1,1,1", "3,1,1", "2,0,1", "2,1", "2,1,1,1", "1048576,32,1", "2,1,17", "x"
                }) {
            assertThat(ScryptCost.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void readsSourcesAsPeopleWriteThem() {
        assertThat(SourceAddress.parse("192.0.2.1", 8000))
                .contains(new SourceAddress("192.0.2.1", 8000));
        assertThat(SourceAddress.parse("192.0.2.1:81", 8000))
                .contains(new SourceAddress("192.0.2.1", 81));
        assertThat(SourceAddress.parse("2001:db8::1", 8000))
                .contains(new SourceAddress("2001:db8::1", 8000));
        assertThat(SourceAddress.parse("[2001:db8::1]", 8000))
                .contains(new SourceAddress("2001:db8::1", 8000));
        assertThat(SourceAddress.parse("[2001:db8::1]:9", 8000))
                .contains(new SourceAddress("2001:db8::1", 9));
        assertThat(SourceAddress.parse("fra-1.example.net:8443", 8000))
                .contains(new SourceAddress("fra-1.example.net", 8443));
        assertThat(SourceAddress.parse("localhost", 8000))
                .contains(new SourceAddress("localhost", 8000));
        assertThat(new SourceAddress("2001:db8::1", 9)).hasToString("[2001:db8::1]:9");
    }

    @Test
    void refusesWhatIsNoSource() {
        for (String text :
                new String[] {
                    "",
                    ":",
                    ":8000",
                    "host:",
                    "host:0",
                    "host:65536",
                    "host:123456",
                    "10.0.0.300",
                    "10.0.0",
                    "-a.net",
                    "a b",
                    "[host]:1",
                    "[192.0.2.1]:1",
                    "2001:db8::1]:1",
                    "http://host",
                    "a..b",
                    "user@host",
                    "x".repeat(300),
                    "a/b",
                    "[",
                    "[]",
                    "1",
                    "."
                }) {
            assertThat(SourceAddress.parse(text, 8000)).as(text).isEmpty();
        }
    }

    private static Keyset with(UUID uuid, int generation, long created, int firstByte) {
        byte[] secret = new byte[32];
        secret[0] = (byte) firstByte;
        return new Keyset(uuid, generation, created, Secret.of(secret));
    }
}
