package io.peermesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.wire.HandshakeMessage.CookieReply;
import io.peermesh.wire.HandshakeMessage.Initiation;
import io.peermesh.wire.HandshakeMessage.Malformed;
import io.peermesh.wire.HandshakeMessage.Response;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HandshakeMessageTest {
    private static final LinkOffer OFFER = new LinkOffer(1, 2, 3, 4, 0x01020304);
    private static final long SEED = Long.getLong("seed", 148L);

    private final Random random = new Random(SEED);

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private Initiation initiation(HandshakeLayout layout) {
        int noise = layout.initiationBytes() - 8 - layout.offerBytes() - 32;
        return switch (layout) {
            case WIREGUARD -> new Initiation(0x11223344, Optional.empty(), bytes(noise));
            case LINK -> new Initiation(0x11223344, Optional.of(OFFER), bytes(noise));
        };
    }

    private Response response(HandshakeLayout layout) {
        return new Response(0x55667788, 0x99aabbcc, bytes(layout.responseBytes() - 12 - 32));
    }

    private CookieReply cookieReply() {
        return new CookieReply(0x12345678, bytes(24), bytes(32));
    }

    private List<byte[]> all(HandshakeLayout layout) {
        return List.of(
                initiation(layout).toBytes(), response(layout).toBytes(), cookieReply().toBytes());
    }

    @Test
    void hasTheSizesOfWireGuard() {
        assertThat(initiation(HandshakeLayout.WIREGUARD).toBytes()).hasSize(148);
        assertThat(response(HandshakeLayout.WIREGUARD).toBytes()).hasSize(92);
        assertThat(cookieReply().toBytes()).hasSize(64);
    }

    @Test
    void hasTheSizesOfTheLinkDiagrams() {
        assertThat(initiation(HandshakeLayout.LINK).toBytes()).hasSize(184);
        assertThat(response(HandshakeLayout.LINK).toBytes()).hasSize(120);
    }

    @Test
    void putsFieldsWhereTheDiagramSays() {
        byte[] link = initiation(HandshakeLayout.LINK).toBytes();

        assertThat(Arrays.copyOf(link, 16))
                .containsExactly(1, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 1, 2, 3, 4, 4, 3, 2, 1);
    }

    @ParameterizedTest
    @EnumSource
    void readsBackWhatItWrote(HandshakeLayout layout) {
        Initiation initiation = initiation(layout);
        Response response = response(layout);
        CookieReply reply = cookieReply();

        assertThat(HandshakeMessage.parse(layout, initiation.toBytes()))
                .usingRecursiveComparison()
                .isEqualTo(initiation);
        assertThat(HandshakeMessage.parse(layout, response.toBytes()))
                .usingRecursiveComparison()
                .isEqualTo(response);
        assertThat(HandshakeMessage.parse(layout, reply.toBytes()))
                .usingRecursiveComparison()
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryTruncation(HandshakeLayout layout) {
        for (byte[] message : all(layout)) {
            for (int length = 0; length < message.length; length++) {
                assertThat(HandshakeMessage.parse(layout, Arrays.copyOf(message, length)))
                        .isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void refusesLongerMessagesThanTheLayoutAllows() {
        for (HandshakeLayout layout : HandshakeLayout.values()) {
            for (byte[] message : all(layout)) {
                int tooLong = message.length + layout.growthBytes() + 1;
                assertThat(HandshakeMessage.parse(layout, Arrays.copyOf(message, tooLong)))
                        .isInstanceOf(Malformed.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesReservedBitsAndUnknownTypes(HandshakeLayout layout) {
        for (byte[] message : all(layout)) {
            for (int at = 1; at < 4; at++) {
                byte[] reserved = message.clone();
                reserved[at] = 1;
                assertThat(HandshakeMessage.parse(layout, reserved)).isInstanceOf(Malformed.class);
            }
            for (int type : new int[] {0, 4, 5, 255}) {
                byte[] unknown = message.clone();
                unknown[0] = (byte) type;
                assertThat(HandshakeMessage.parse(layout, unknown)).isInstanceOf(Malformed.class);
            }
        }
    }

    @Test
    void refusesOffersOutOfRange() {
        List<LinkOffer> wrong =
                List.of(
                        new LinkOffer(0, 1, 1, 2, 1),
                        new LinkOffer(2, 1, 1, 2, 1),
                        new LinkOffer(1, 1, 0, 2, 1),
                        new LinkOffer(1, 1, 11, 2, 1),
                        new LinkOffer(1, 1, 1, 0, 1),
                        new LinkOffer(1, 1, 1, 11, 1),
                        new LinkOffer(1, 1, 1, 2, 0),
                        new LinkOffer(1, 1, 1, 2, -1));
        for (LinkOffer offer : wrong) {
            byte[] message = new Initiation(1, Optional.of(offer), bytes(136)).toBytes();

            assertThat(HandshakeMessage.parse(HandshakeLayout.LINK, message))
                    .as("%s", offer)
                    .isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverFailsOnRandomBytesAndGivesAReason(HandshakeLayout layout) {
        Set<String> reasons = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] datagram = bytes(random.nextInt(HandshakeLayout.MAX_MESSAGE_BYTES));
            if (datagram.length > 3 && random.nextBoolean()) {
                datagram[0] = (byte) random.nextInt(5);
                Arrays.fill(datagram, 1, 4, (byte) 0);
            }
            if (HandshakeMessage.parse(layout, datagram) instanceof Malformed(String reason)) {
                reasons.add(reason);
            }
        }
        assertThat(reasons).as("seed %d", SEED).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void readsBackLinkPayloads() {
        var hello = new LinkHello(Tai64n.of(5_000_000_007L), new UUID(1, 2), -3L, 3);
        var welcome = new LinkWelcome(new UUID(3, 4), 5L, LinkStatus.SECOND_INSTALLATION, 2, 1);

        assertThat(hello.toBytes()).hasSize(LinkHello.BYTES);
        assertThat(LinkHello.parse(hello.toBytes())).contains(hello);
        assertThat(welcome.toBytes()).hasSize(LinkWelcome.BYTES);
        assertThat(LinkWelcome.parse(welcome.toBytes())).contains(welcome);
    }

    @Test
    void refusesTruncatedLinkPayloadsAndUnknownStatus() {
        for (int length = 0; length < LinkHello.BYTES; length++) {
            assertThat(LinkHello.parse(new byte[length])).isEmpty();
        }
        for (int length = 0; length < LinkWelcome.BYTES; length++) {
            assertThat(LinkWelcome.parse(new byte[length])).isEmpty();
        }
        byte[] unknown = new byte[LinkWelcome.BYTES];
        unknown[24] = 99;
        assertThat(LinkWelcome.parse(unknown)).isEmpty();
    }

    @Test
    void readsPayloadsThatLaterVersionsMadeLonger() {
        var hello = new LinkHello(Tai64n.of(1), new UUID(1, 2), 3, 1);
        var welcome = new LinkWelcome(new UUID(3, 4), 5L, LinkStatus.ACCEPTED, 2, 1);

        assertThat(LinkHello.parse(Arrays.copyOf(hello.toBytes(), 100))).contains(hello);
        assertThat(LinkWelcome.parse(Arrays.copyOf(welcome.toBytes(), 92))).contains(welcome);
    }
}
