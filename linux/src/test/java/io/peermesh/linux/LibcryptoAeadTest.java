package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.frame.Mem;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** libcrypto's two ways in, each against the JDK's ciphers. */
@NullMarked
class LibcryptoAeadTest {
    private static final int MAX_BYTES = 65_000;
    private static final long SEED = Long.getLong("seed", 20_260_214);
    private static final AeadProvider JDK = new JdkAeadProvider(true);

    private final Random random = new Random(SEED);
    private final long aad = Mem.allocate(16);
    private final long a = Mem.allocate(MAX_BYTES + Aead.TAG_BYTES);
    private final long b = Mem.allocate(MAX_BYTES + Aead.TAG_BYTES);

    static Stream<Arguments> cases() {
        return Stream.of("", "no-dispatch")
                .flatMap(words ->
                        Stream.of(CipherSuite.values()).map(suite -> Arguments.of(words, suite)));
    }

    static LibcryptoProvider provider(String words) {
        return switch (LibcryptoProvider.find(Switches.parse(words))) {
            case LibcryptoProvider.Found found -> found.provider();
            case LibcryptoProvider.Missing missing -> abort("skipped: " + missing.reason());
        };
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] fill(long address, int count) {
        byte[] bytes = bytes(count);
        Mem.copy(bytes, 0, address, count);
        return bytes;
    }

    /** Every small size, then random ones. */
    private int size(int round) {
        return round < 300 ? round : round == 300 ? MAX_BYTES : random.nextInt(MAX_BYTES + 1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void sealsTheSameBytesAsTheJdk(String words, CipherSuite suite) {
        byte[] key = bytes(32);
        try (Aead ours = provider(words).create(suite, key);
                Aead theirs = JDK.create(suite, key)) {
            for (int round = 0; round < 500; round++) {
                int size = size(round);
                int aadBytes = random.nextBoolean() ? 16 : 0;
                long counter = random.nextLong();
                fill(aad, 16);
                byte[] text = fill(a, size);
                Mem.copy(text, 0, b, size);

                ours.seal(counter, aad, aadBytes, a, size, a);
                theirs.seal(counter, aad, aadBytes, b, size, b);

                assertThat(Mem.toBytes(a, size + Aead.TAG_BYTES))
                        .as("seed %d, round %d, %d bytes, aad %d", SEED, round, size, aadBytes)
                        .isEqualTo(Mem.toBytes(b, size + Aead.TAG_BYTES));
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void opensWhatTheJdkSealed(String words, CipherSuite suite) {
        byte[] key = bytes(32);
        try (Aead ours = provider(words).create(suite, key);
                Aead theirs = JDK.create(suite, key)) {
            for (int round = 0; round < 500; round++) {
                int size = size(round);
                int aadBytes = random.nextBoolean() ? 16 : 0;
                boolean inPlace = random.nextBoolean();
                fill(aad, 16);
                byte[] text = fill(a, size);
                theirs.seal(round, aad, aadBytes, a, size, a);

                long to = inPlace ? a : b;
                boolean authentic = ours.open(round, aad, aadBytes, a, size + Aead.TAG_BYTES, to);

                assertThat(authentic).as("seed %d, round %d", SEED, round).isTrue();
                assertThat(Mem.toBytes(to, size))
                        .as("seed %d, round %d", SEED, round)
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void refusesEveryChangedBit(String words, CipherSuite suite) {
        byte[] key = bytes(32);
        int size = 33;
        int sealed = size + Aead.TAG_BYTES;
        try (Aead aead = provider(words).create(suite, key)) {
            fill(aad, 16);
            fill(a, size);
            aead.seal(7, aad, 16, a, size, a);

            for (int bit = 0; bit < (16 + sealed) * 8; bit++) {
                long at = bit < 128 ? aad + bit / 8 : a + (bit - 128) / 8;
                Mem.put8(at, Mem.u8(at) ^ 1 << bit % 8);
                assertThat(aead.open(7, aad, 16, a, sealed, b)).as("bit %d", bit).isFalse();
                Mem.put8(at, Mem.u8(at) ^ 1 << bit % 8);
            }

            assertThat(aead.open(7, aad, 16, a, sealed, b)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void refusesAnotherCounterAnotherKeyAndMissingAdditionalData(String words, CipherSuite suite) {
        LibcryptoProvider provider = provider(words);
        try (Aead aead = provider.create(suite, bytes(32));
                Aead other = provider.create(suite, bytes(32))) {
            fill(aad, 16);
            fill(a, 100);
            aead.seal(1, aad, 16, a, 100, a);

            assertThat(aead.open(2, aad, 16, a, 116, b)).isFalse();
            assertThat(aead.open(1L << 32, aad, 16, a, 116, b)).isFalse();
            assertThat(aead.open(1, aad, 0, a, 116, b)).isFalse();
            assertThat(other.open(1, aad, 16, a, 116, b)).isFalse();
            assertThat(aead.open(1, aad, 16, a, 116, b)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void refusesWhatIsShorterThanATag(String words, CipherSuite suite) {
        try (Aead aead = provider(words).create(suite, bytes(32))) {
            for (int size = 0; size < Aead.TAG_BYTES; size++) {
                assertThat(aead.open(1, aad, 0, a, size, a)).as("%d bytes", size).isFalse();
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void isUselessOnceClosed(String words, CipherSuite suite) {
        Aead aead = provider(words).create(suite, bytes(32));

        aead.close();
        aead.close();

        assertThatThrownBy(() -> aead.seal(1, aad, 0, a, 0, a))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void refusesAKeyOfAnotherLength(String words, CipherSuite suite) {
        LibcryptoProvider provider = provider(words);

        assertThatThrownBy(() -> provider.create(suite, new byte[16]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
