package io.peermesh.ip;

import static io.peermesh.testing.Bytes.hex;
import static io.peermesh.testing.Bytes.offHeap;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IcmpError.Cause;
import io.peermesh.testing.Bytes;
import io.peermesh.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpErrorTest {
    private static final IpAddress ROUTER_V4 = IpAddress.literal("10.199.0.250");
    private static final IpAddress ROUTER_V6 = IpAddress.literal("2001:db8:ff::1");
    private static final int A4 = 0x0ac70001;
    private static final int B4 = 0x0ac70002;
    private static final IpAddress A6 = IpAddress.literal("2001:db8::a");
    private static final IpAddress B6 = IpAddress.literal("2001:db8::b");
    private static final byte[] UDP = hex("3039 0035 0010 0000 0102030405060708");
    private static final int DF = 0x4000;

    @ParameterizedTest
    @CsvSource({
        "TIME_EXCEEDED, 11, 0, 0",
        "NO_ROUTE, 3, 0, 0",
        "HOST_UNREACHABLE, 3, 1, 0",
        "PORT_UNREACHABLE, 3, 3, 0",
        "PROHIBITED, 3, 13, 0",
        "TOO_BIG, 3, 4, 1280"
    })
    void writesIcmpv4(Cause cause, int type, int code, int mtu) {
        byte[] offending = Packets.v4(17, A4, B4, DF, UDP);

        byte[] error = write(cause, 1280, offending, ROUTER_V4);

        long packet = offHeap(error);
        assertThat(Ipv4Header.isValid(packet, error.length)).isTrue();
        assertThat(Ipv4Header.totalLength(packet)).isEqualTo(error.length);
        assertThat(Ipv4Header.checksumIsRight(packet)).isTrue();
        assertThat(Ipv4Header.source(packet)).isEqualTo(ROUTER_V4.v4Bits());
        assertThat(Ipv4Header.destination(packet)).isEqualTo(A4);
        assertThat(Ipv4Header.protocol(packet)).isEqualTo(1);
        assertThat(error[20]).isEqualTo((byte) type);
        assertThat(error[21]).isEqualTo((byte) code);
        assertThat(Mem.i32Be(packet + 24)).isEqualTo(mtu);
        assertThat(SlowChecksum.sum(error, 20)).isEqualTo(0xffff);
        assertThat(Arrays.copyOfRange(error, 28, error.length)).isEqualTo(offending);
    }

    @ParameterizedTest
    @CsvSource({
        "TIME_EXCEEDED, 3, 0, 0",
        "NO_ROUTE, 1, 0, 0",
        "HOST_UNREACHABLE, 1, 3, 0",
        "PORT_UNREACHABLE, 1, 4, 0",
        "PROHIBITED, 1, 1, 0",
        "TOO_BIG, 2, 0, 70000"
    })
    void writesIcmpv6(Cause cause, int type, int code, int mtu) {
        byte[] offending = Packets.v6(17, A6, B6, UDP);

        byte[] error = write(cause, 70000, offending, ROUTER_V6);

        long packet = offHeap(error);
        assertThat(Ipv6Header.isValid(packet, error.length)).isTrue();
        assertThat(Ipv6Header.totalLength(packet)).isEqualTo(error.length);
        assertThat(Ipv6Header.nextHeader(packet)).isEqualTo(58);
        assertThat(Ipv6Header.sourceHi(packet)).isEqualTo(ROUTER_V6.hi());
        assertThat(Ipv6Header.destinationLo(packet)).isEqualTo(A6.lo());
        assertThat(error[40]).isEqualTo((byte) type);
        assertThat(error[41]).isEqualTo((byte) code);
        assertThat(Mem.i32Be(packet + 44)).isEqualTo(mtu);
        assertThat(SlowChecksum.sumL4(error, 40, 8, 16, 58)).isEqualTo(0xffff);
        assertThat(Arrays.copyOfRange(error, 48, error.length)).isEqualTo(offending);
    }

    @Test
    void quotesAsMuchAsFits() {
        byte[] v4 =
                write(Cause.TOO_BIG, 1280, Packets.v4(17, A4, B4, DF, new byte[1400]), ROUTER_V4);
        byte[] v6 = write(Cause.TOO_BIG, 1280, Packets.v6(17, A6, B6, new byte[1400]), ROUTER_V6);

        assertThat(v4).hasSize(576);
        assertThat(v6).hasSize(1280);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 11, 12, 40, 255})
    void neverAnswersAnIcmpv4Error(int type) {
        byte[] icmp = {(byte) type, 0, 0, 0, 0, 0, 0, 0};

        assertThat(write(Cause.TIME_EXCEEDED, 0, Packets.v4(1, A4, B4, 0, icmp), ROUTER_V4))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 13, 14})
    void answersIcmpv4Queries(int type) {
        byte[] icmp = {(byte) type, 0, 0, 0, 0, 0, 0, 0};

        assertThat(write(Cause.TIME_EXCEEDED, 0, Packets.v4(1, A4, B4, 0, icmp), ROUTER_V4))
                .isNotEmpty();
    }

    @Test
    void neverAnswersAnIcmpPacketWithoutContent() {
        byte[] v4 = Packets.v4(1, A4, B4, 0, new byte[0]);
        byte[] v6 = Packets.v6(58, A6, B6, new byte[0]);

        assertThat(write(Cause.TIME_EXCEEDED, 0, v4, ROUTER_V4)).isEmpty();
        assertThat(write(Cause.TIME_EXCEEDED, 0, v6, ROUTER_V6)).isEmpty();
    }

    @Test
    void answersOnlyTheFirstFragment() {
        byte[] first = Packets.v4(17, A4, B4, 0x2000, UDP);
        byte[] second = Packets.v4(17, A4, B4, 1, UDP);

        assertThat(write(Cause.TIME_EXCEEDED, 0, first, ROUTER_V4)).isNotEmpty();
        assertThat(write(Cause.TIME_EXCEEDED, 0, second, ROUTER_V4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "127.0.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255"
            })
    void neverAnswersASourceThatIsNotOneHost(String source) {
        int bits = IpAddress.literal(source).v4Bits();

        assertThat(write(Cause.NO_ROUTE, 0, Packets.v4(17, bits, B4, 0, UDP), ROUTER_V4)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "ff02::1"})
    void neverAnswersAnIpv6SourceThatIsNotOneHost(String source) {
        byte[] offending = Packets.v6(17, IpAddress.literal(source), B6, UDP);

        assertThat(write(Cause.NO_ROUTE, 0, offending, ROUTER_V6)).isEmpty();
    }

    @Test
    void neverAnswersMulticastOrBroadcast() {
        assertThat(write(Cause.NO_ROUTE, 0, Packets.v4(17, A4, 0xe0000005, 0, UDP), ROUTER_V4))
                .isEmpty();
        assertThat(write(Cause.NO_ROUTE, 0, Packets.v4(17, A4, -1, 0, UDP), ROUTER_V4)).isEmpty();
    }

    @Test
    void answersIpv6MulticastOnlyAboutItsSize() {
        byte[] offending = Packets.v6(17, A6, IpAddress.literal("ff0e::5"), UDP);

        assertThat(write(Cause.NO_ROUTE, 0, offending, ROUTER_V6)).isEmpty();
        assertThat(write(Cause.TOO_BIG, 1280, offending, ROUTER_V6)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 100, 127, 137})
    void neverAnswersAnIcmpv6ErrorNotEvenBehindExtensions(int type) {
        byte[] icmp = {(byte) type, 0, 0, 0, 0, 0, 0, 0};
        byte[] behind = hex("3a00 000000000000 " + String.format("%02x", type) + "00".repeat(7));

        assertThat(write(Cause.TOO_BIG, 1280, Packets.v6(58, A6, B6, icmp), ROUTER_V6)).isEmpty();
        assertThat(write(Cause.TOO_BIG, 1280, Packets.v6(0, A6, B6, behind), ROUTER_V6)).isEmpty();
    }

    @Test
    void answersAnIcmpv6Query() {
        byte[] echo = hex("8000 0000 00010001");

        assertThat(write(Cause.NO_ROUTE, 0, Packets.v6(58, A6, B6, echo), ROUTER_V6)).isNotEmpty();
    }

    @Test
    void needsASourceOfThePacketsVersion() {
        assertThat(write(Cause.NO_ROUTE, 0, Packets.v4(17, A4, B4, 0, UDP), ROUTER_V6)).isEmpty();
        assertThat(write(Cause.NO_ROUTE, 0, Packets.v6(17, A6, B6, UDP), ROUTER_V4)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void anErrorIsNeverAnsweredByAnError(Cause cause) {
        byte[] v4 = write(Cause.TOO_BIG, 1280, Packets.v4(17, A4, B4, DF, UDP), ROUTER_V4);
        byte[] v6 = write(Cause.TOO_BIG, 1280, Packets.v6(17, A6, B6, UDP), ROUTER_V6);

        assertThat(write(cause, 1280, v4, ROUTER_V4)).isEmpty();
        assertThat(write(cause, 1280, v6, ROUTER_V6)).isEmpty();
    }

    @Test
    void anyValidPacketIsHandledWithinItsBounds() {
        Seeds.run(
                2000,
                random -> {
                    byte[] offending = randomPacket(random);
                    IpAddress router = offending[0] >>> 4 == 4 ? ROUTER_V4 : ROUTER_V6;

                    byte[] error = write(Cause.TOO_BIG, 1280, offending, router);

                    assertThat(error.length).isLessThanOrEqualTo(IcmpError.MAX_BYTES);
                    IcmpError.toEchoReply(offHeap(offending));
                });
    }

    private static byte[] randomPacket(SplittableRandom random) {
        byte[] payload = Bytes.random(random.nextInt(60), random);
        int[] protocols = {0, 1, 17, 43, 44, 51, 58, 60};
        int protocol = protocols[random.nextInt(protocols.length)];
        return random.nextBoolean()
                ? Packets.v4(protocol, A4, B4, random.nextInt(4), payload)
                : Packets.v6(protocol, A6, B6, payload);
    }

    @Test
    void turnsAnEchoRequestIntoItsReply() {
        byte[] request = Packets.v4(1, A4, B4, DF, hex("0800 0000 1234 0001 6162636465"));
        long packet = offHeap(request);
        int checksum = Checksum.of(packet + 20, request.length - 20);
        Mem.put16Be(packet + 22, checksum);

        assertThat(IcmpError.toEchoReply(packet)).isTrue();

        byte[] reply = Mem.toBytes(packet, request.length);
        assertThat(Ipv4Header.checksumIsRight(packet)).isTrue();
        assertThat(Ipv4Header.source(packet)).isEqualTo(B4);
        assertThat(Ipv4Header.destination(packet)).isEqualTo(A4);
        assertThat(reply[20]).isZero();
        assertThat(SlowChecksum.sum(reply, 20)).isEqualTo(0xffff);
        assertThat(Arrays.copyOfRange(reply, 24, reply.length))
                .isEqualTo(Arrays.copyOfRange(request, 24, request.length));
    }

    @Test
    void turnsAnIpv6EchoRequestIntoItsReply() {
        byte[] request = Packets.v6(58, A6, B6, hex("8000 0000 1234 0001 6162636465"));
        int sum = SlowChecksum.sumL4(request, 40, 8, 16, 58);
        request[42] = (byte) (~sum >>> 8);
        request[43] = (byte) ~sum;
        long packet = offHeap(request);

        assertThat(IcmpError.toEchoReply(packet)).isTrue();

        byte[] reply = Mem.toBytes(packet, request.length);
        assertThat(reply[40]).isEqualTo((byte) 129);
        assertThat(Ipv6Header.sourceLo(packet)).isEqualTo(B6.lo());
        assertThat(SlowChecksum.sumL4(reply, 40, 8, 16, 58)).isEqualTo(0xffff);
    }

    @Test
    void aWrongEchoChecksumStaysWrong() {
        byte[] request = Packets.v4(1, A4, B4, DF, hex("0800 dead 1234 0001 6162636465"));
        long packet = offHeap(request);

        assertThat(IcmpError.toEchoReply(packet)).isTrue();

        assertThat(SlowChecksum.sum(Mem.toBytes(packet, request.length), 20)).isNotEqualTo(0xffff);
    }

    @Test
    void repliesToNothingButWholeEchoRequests() {
        byte[] echo = hex("0800 0000 1234 0001");

        assertThat(replies(Packets.v4(1, A4, B4, DF, echo))).isTrue();
        assertThat(replies(Packets.v4(1, A4, B4, 0x2000, echo))).isFalse();
        assertThat(replies(Packets.v4(1, A4, B4, 1, echo))).isFalse();
        assertThat(replies(Packets.v4(17, A4, B4, 0, echo))).isFalse();
        assertThat(replies(Packets.v4(1, A4, B4, 0, hex("0000 0000 1234 0001")))).isFalse();
        assertThat(replies(Packets.v4(1, A4, B4, 0, hex("0801 0000 1234 0001")))).isFalse();
        assertThat(replies(Packets.v4(1, A4, B4, 0, hex("0800 0000 1234 00")))).isFalse();
        assertThat(replies(Packets.v6(58, A6, B6, hex("8000 0000 1234 00")))).isFalse();
    }

    private static boolean replies(byte[] packet) {
        return IcmpError.toEchoReply(offHeap(packet));
    }

    private static byte[] write(Cause cause, int mtu, byte[] offending, IpAddress source) {
        long to = Mem.allocate(IcmpError.MAX_BYTES);
        int bytes = IcmpError.write(cause, mtu, offHeap(offending), source.hi(), source.lo(), to);
        return Mem.toBytes(to, bytes);
    }
}
