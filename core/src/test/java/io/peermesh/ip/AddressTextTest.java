package io.peermesh.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.testing.Seeds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
    private static final String ALPHABET = "0123456789abcdefABCDEFg:./[]% \u0661";

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.199.0.1", "127.0.0.1", "255.255.255.255"})
    void readsAndWritesDottedQuads(String text) {
        IpAddress address = IpAddress.literal(text);

        assertThat(address.isV4()).isTrue();
        assertThat(address.toBytes()).hasSize(4);
        assertThat(address).hasToString(text);
        assertThat(IpAddress.of(address.toBytes())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.256",
                "1.2.3.1000",
                "01.2.3.4",
                "1.2.3.00",
                "1.2.3.-4",
                "1.2.3.+4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.0x4",
                "1.2.3.a",
                "\u0661.2.3.4",
                "localhost",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "::1:2:3:4:5:6:7:8",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "::12345",
                "::g",
                "::-1",
                "fe80::1%eth0",
                "[::1]",
                "::1.2.3",
                "::1.2.3.4.5",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::256.1.1.1",
                "0000:0000:0000:0000:0000:0000:255.255.255.2555"
            })
    void refusesMalformedAddresses(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    /** RFC 5952 chapters 1, 2 and 4, RFC 4291 §2.2. */
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "FF01:0:0:0:0:0:0:101, ff01::101",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "::13.1.68.3, ::d01:4403",
        "::ffff:129.144.52.38, 129.144.52.38"
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.literal(text)).hasToString(canonical);
        assertThat(IpAddress.literal(canonical)).isEqualTo(IpAddress.literal(text));
    }

    @Test
    void everyAddressSurvivesTextAndBytes() {
        Seeds.run(
                2000,
                random -> {
                    IpAddress address = randomAddress(random);

                    assertThat(IpAddress.parse(address.toString())).contains(address);
                    assertThat(IpAddress.of(address.toBytes())).isEqualTo(address);
                });
    }

    @Test
    void readsWhatTheJdkWrites() {
        Seeds.run(
                500,
                random -> {
                    IpAddress address = randomAddress(random);

                    assertThat(IpAddress.parse(jdkText(address))).contains(address);
                });
    }

    private static String jdkText(IpAddress address) {
        try {
            return InetAddress.getByAddress(address.toBytes()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static IpAddress randomAddress(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return IpAddress.v4(random.nextInt());
        }
        long hi = random.nextLong();
        long lo = random.nextLong();
        for (int i = random.nextInt(6); i > 0; i--) { // runs of zeros
            hi &= ~(0xffffL << (16 * random.nextInt(4)));
            lo &= ~(0xffffL << (16 * random.nextInt(4)));
        }
        return new IpAddress(hi, lo);
    }

    @Test
    void randomTextNeverThrows() {
        Seeds.run(
                5000,
                random -> {
                    var text = new StringBuilder();
                    for (int i = random.nextInt(48); i > 0; i--) {
                        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                    }
                    IpAddress.parse(text.toString())
                            .ifPresent(a -> assertThat(IpAddress.parse(a.toString())).contains(a));
                    Prefix.parse(text.toString())
                            .ifPresent(p -> assertThat(Prefix.parse(p.toString())).contains(p));
                    Endpoint.parse(text.toString())
                            .ifPresent(e -> assertThat(Endpoint.parse(e.toString())).contains(e));
                });
    }

    @Test
    void literalsThatAreWrongAreABug() {
        assertThatThrownBy(() -> IpAddress.literal("nonsense"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense");
        assertThatThrownBy(() -> Prefix.literal("10.0.0.1/8"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IpAddress.of(new byte[5]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersUnsigned() {
        assertThat(IpAddress.literal("10.0.0.1")).isLessThan(IpAddress.literal("200.0.0.1"));
        assertThat(IpAddress.literal("::1")).isLessThan(IpAddress.literal("10.0.0.1"));
        assertThat(IpAddress.literal("2001:db8::")).isLessThan(IpAddress.literal("ff02::1"));
    }
}
