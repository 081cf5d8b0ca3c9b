package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.wire.ControlCodec.Decoded;
import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.ControlMessage.Probe;
import io.peermesh.wire.ControlMessage.ProbeReply;
import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import io.peermesh.wire.Payload.Ownership;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedField;
import io.peermesh.wire.Payload.SharedFields;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    private static final String CHECKSUM = "00112233445566778899aabbccddeeff01234567";

    static List<ControlMessage> samples() {
        return List.of(
                new Probe(7, -3),
                new ProbeReply(-1, Long.MIN_VALUE, 99),
                new Goodbye(Goodbye.Cause.STOPPING),
                new Goodbye(Goodbye.Cause.UNPEERED),
                new Stream(1, 0, 0, 0, Optional.empty()),
                segment(advertisement(1, 10)),
                segment(new Ownerships(List.of(ownership(1), ownership(2)))),
                segment(new Payload.Clock(1_800_000_000_000_000_000L)),
                segment(
                        new SharedFields(
                                List.of(
                                        new SharedField("pack/10.0.0.1/tag", "Grüße", 5, 0),
                                        new SharedField("name", "", 1, 10)))));
    }

    static List<ControlMessage> largest() {
        var longest =
                new SharedField("k".repeat(128), "v".repeat(512), SharedField.MAX_COUNTER, 10);
        return List.of(
                segment(advertisement(Advertisement.MAX_PREFIXES, 259)),
                segment(new Ownerships(Collections.nCopies(Ownerships.MAX_RECORDS, ownership(9)))),
                segment(new SharedFields(List.of(longest))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatItWrote(ControlMessage message) {
        byte[] bytes = ControlCodec.encode(message);

        assertThat(ControlCodec.decode(bytes)).isEqualTo(new Decoded.Message(message));
        assertThat(bytes[0] >>> 4).as("upper nibble, no IP version").isZero();
    }

    @ParameterizedTest
    @MethodSource("largest")
    void fitsOnePacketAtItsLimits(ControlMessage message) {
        byte[] bytes = ControlCodec.encode(message);

        assertThat(bytes.length).isBetween(600, ControlCodec.MAX_BYTES);
        assertThat(ControlCodec.decode(bytes)).isEqualTo(new Decoded.Message(message));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void refusesEveryTruncationAndTrailingByte(ControlMessage message) {
        byte[] bytes = ControlCodec.encode(message);

        for (int length = 0; length < bytes.length; length++) {
            boolean onlyAcknowledges = length == 32 && bytes[0] == 4 && bytes[1] == 0;
            assertThat(ControlCodec.decode(Arrays.copyOf(bytes, length)))
                    .as("cut to %d of %d", length, bytes.length)
                    .isInstanceOf(onlyAcknowledges ? Decoded.class : Decoded.Malformed.class);
        }
        assertThat(ControlCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isEqualTo(new Decoded.Malformed("trailing bytes"));
    }

    @Test
    void survivesRandomBytesAndFlippedBits() {
        long seed = 20_260_101;
        var random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(ControlCodec.MAX_BYTES + 2)];
                random.nextBytes(bytes);
                if (bytes.length > 1) {
                    bytes[0] = (byte) random.nextInt(6);
                    bytes[1] = (byte) random.nextInt(6);
                }
            } else {
                bytes = ControlCodec.encode(samples().get(random.nextInt(samples().size())));
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }

            Decoded decoded = ControlCodec.decode(bytes);

            if (decoded instanceof Decoded.Message(ControlMessage message) && known(message)) {
                assertThat(ControlCodec.decode(ControlCodec.encode(message)))
                        .as("seed %d, round %d: %s", seed, i, HexFormat.of().formatHex(bytes))
                        .isEqualTo(decoded);
            }
        }
    }

    @Test
    void skipsAPayloadOfALaterVersion() {
        byte[] bytes = ControlCodec.encode(segment(new Ownerships(List.of(ownership(1)))));
        bytes[1] = 77;

        Decoded decoded = ControlCodec.decode(bytes);

        assertThat(decoded).isEqualTo(new Decoded.Message(segment(new Payload.Unknown(77))));
    }

    @Test
    void refusesFieldsOutOfRange() {
        assertThat(reasonAfterSetting(40, 0)).isEqualTo("controller id out of range");
        assertThat(reasonAfterSetting(40, 11)).isEqualTo("controller id out of range");
        assertThat(reasonAfterSetting(41, 16)).isEqualTo("fragment out of range");
        assertThat(reasonAfterSetting(50, 0x80)).isEqualTo("sequence out of range");
        assertThat(reasonAfterSetting(80, 2)).isEqualTo("load out of range");
        assertThat(reasonAfterSetting(81, 0x80)).isEqualTo("load out of range");
        assertThat(reasonAfterSetting(85, 0)).isEqualTo("load out of range");
        assertThat(reasonAfterSetting(85, 101)).isEqualTo("load out of range");
        assertThat(reasonAfterSetting(86, ' ')).isEqualTo("endpoint not printable");
        assertThat(reasonAfterSetting(96, 10)).isEqualTo("more than 9 neighbors");
        assertThat(reasonAfterSetting(97, 3)).isEqualTo("neighbor of itself");
        assertThat(reasonAfterSetting(98, 0x7f)).isEqualTo("cost out of range");
        assertThat(reasonAfterSetting(102, 4)).isEqualTo("neighbor twice");
        assertThat(reasonAfterSetting(108, 200)).isEqualTo("prefix length out of range");
        assertThat(reasonAfterSetting(108, 100)).isEqualTo("host bits set");
        assertThat(reasonAfterSetting(3, 1)).isEqualTo("reserved byte set");
        assertThat(reasonAfterSetting(0, 9)).isEqualTo("unknown type");
    }

    @Test
    void neverWritesBeyondItsLimits() {
        var tooMany = segment(advertisement(Advertisement.MAX_PREFIXES + 1, 1));
        var tooLong =
                segment(new SharedFields(List.of(new SharedField("k", "v".repeat(513), 1, 1))));

        assertThatThrownBy(() -> ControlCodec.encode(tooMany)).hasMessage("too many prefixes");
        assertThatThrownBy(() -> ControlCodec.encode(tooLong)).hasMessage("value too long");
    }

    @Test
    void countsTheBytesOfAFieldAsItWritesThem() {
        var field = new SharedField("schlüssel", "wert", 1, 1);

        int one = ControlCodec.encode(segment(new SharedFields(List.of(field)))).length;
        int two = ControlCodec.encode(segment(new SharedFields(List.of(field, field)))).length;

        assertThat(PayloadCodec.bytes(field)).isEqualTo(two - one);
    }

    private static String reasonAfterSetting(int offset, int value) {
        byte[] bytes = ControlCodec.encode(segment(advertisement(1, 10)));
        bytes[offset] = (byte) value;
        return ((Decoded.Malformed) ControlCodec.decode(bytes)).reason();
    }

    private static boolean known(ControlMessage message) {
        return !(message instanceof Stream stream
                && stream.segment().isPresent()
                && stream.segment().get().payload() instanceof Payload.Unknown);
    }

    private static ControlMessage segment(Payload payload) {
        return new Stream(5, 6, 7, 8, Optional.of(new Segment(9, payload)));
    }

    private static Advertisement advertisement(int prefixes, int endpointLength) {
        var neighbors = new TreeMap<>(Map.of(4, 10, 5, PayloadCodec.MAX_COST));
        if (prefixes > 1) {
            List.of(1, 2, 6, 7, 8, 9, 10).forEach(id -> neighbors.put(id, 1));
        }
        return new Advertisement(
                3,
                0,
                -1,
                1,
                CHECKSUM,
                "e".repeat(endpointLength),
                new Load(true, 1000, 7),
                neighbors,
                Collections.nCopies(prefixes, Prefix.literal("192.168.7.0/24")));
    }

    private static Ownership ownership(int n) {
        return new Ownership(
                IpAddress.v4(n),
                n,
                n % 3,
                n % 2 == 0,
                n * 100L,
                n,
                n == 1 ? Tai64n.NONE : new Tai64n(-n, -n),
                Tai64n.of(n),
                n == 1
                        ? Optional.empty()
                        : Optional.of(new Endpoint(IpAddress.literal("2001:db8::1"), 65535)));
    }
}
