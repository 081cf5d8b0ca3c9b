package io.peermesh.license;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressingTest {
    private static final Prefix OVERLAY = Prefix.literal("100.127.255.192/26");

    @Test
    void laysControllersOutFromTheTopAndClientsFromTheBottom() {
        Addressing addressing = Addressing.byDefault(OVERLAY, 4, 25);

        assertThat(addressing.controllers())
                .extracting(IpAddress::toString)
                .containsExactly(
                        "100.127.255.253", "100.127.255.252", "100.127.255.251", "100.127.255.250");
        assertThat(addressing.asns()).containsExactly(65001, 65002, 65003, 65004);
        assertThat(addressing.clients()).hasSize(25);
        assertThat(addressing.clients().getFirst()).hasToString("100.127.255.193");
        assertThat(addressing.clients().getLast()).hasToString("100.127.255.217");
        assertThat(addressing.virtualAddress()).hasToString("100.127.255.254");
        assertThat(addressing.fault()).isEmpty();
    }

    @Test
    void readsBackWhatItWrites() {
        for (int clients : new int[] {0, 1, 25, 50}) {
            Addressing addressing = Addressing.byDefault(OVERLAY, 3, clients);

            assertThat(AddressingText.parse(AddressingText.format(addressing)))
                    .contains(addressing);
        }
    }

    @Test
    void rejectsEveryTruncation() {
        String text = AddressingText.format(Addressing.byDefault(OVERLAY, 10, 25));

        for (int i = 0; i < text.length() - 2; i++) { // .25 and .2 are addresses as well
            String cut = text.substring(0, i);
            assertThat(AddressingText.parse(cut)).as(cut).isEmpty();
        }
    }

    @Test
    void writesNeighboursAsRanges() {
        List<IpAddress> addresses =
                IntStream.of(1, 2, 3, 5, 7, 8).mapToObj(i -> IpAddress.v4(0x0ac70000 + i)).toList();

        assertThat(AddressingText.formatRanges(addresses))
                .isEqualTo("10.199.0.1-10.199.0.3,10.199.0.5,10.199.0.7-10.199.0.8");
    }

    @Test
    void readsRangesAndListsOfAddresses() {
        assertThat(AddressingText.parseRanges("10.0.0.1-10.0.0.3, 10.0.0.9").orElseThrow())
                .extracting(IpAddress::toString)
                .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9");
        assertThat(AddressingText.parseRanges("")).contains(List.of());
    }

    @Test
    void refusesMalformedRanges() {
        for (String text :
                new String[] {
                    "10.0.0.3-10.0.0.1",
                    "10.0.0.1-",
                    "-10.0.0.1",
                    "10.0.0.1-2-3",
                    "a",
                    "10.0.0.0-10.255.255.255",
                    "::1",
                    "::1-::2",
                    "10.0.0.1,,10.0.0.2-",
                    "0.0.0.0-255.255.255.255"
                }) {
            assertThat(AddressingText.parseRanges(text)).as(text).isEmpty();
        }
    }

    @Test
    void refusesMalformedNumbers() {
        for (String text : new String[] {"-1", "x", "2147483648", "99999999999", "1.5"}) {
            assertThat(AddressingText.parseNumbers(text)).as(text).isEmpty();
        }
        assertThat(AddressingText.parseNumbers("65001, 65002 65003"))
                .contains(List.of(65001, 65002, 65003));
    }

    @Test
    void findsAddressesThatAreGivenTwice() {
        var addressing =
                new Addressing(
                        OVERLAY,
                        List.of(IpAddress.literal("100.127.255.253")),
                        List.of(1),
                        List.of(IpAddress.literal("100.127.255.253")),
                        IpAddress.literal("100.127.255.254"));

        assertThat(addressing.fault().orElseThrow())
                .isEqualTo("invalid clients field: 100.127.255.253 is given twice");
    }

    @Test
    void findsAddressesThatNoHostCanHave() {
        for (String address :
                new String[] {"100.127.255.192", "100.127.255.255", "10.0.0.1", "::1"}) {
            var addressing =
                    new Addressing(
                            OVERLAY,
                            List.of(IpAddress.literal(address)),
                            List.of(1),
                            List.of(),
                            IpAddress.literal("100.127.255.254"));

            assertThat(addressing.fault().orElseThrow())
                    .startsWith("invalid managers field: " + address);
        }
    }

    @Test
    void wantsOneAsnPerController() {
        var one = IpAddress.literal("100.127.255.253");
        var two = IpAddress.literal("100.127.255.252");
        var vip = IpAddress.literal("100.127.255.254");

        for (List<Integer> asns :
                List.of(List.<Integer>of(), List.of(1), List.of(0, 1), List.of(1, 1))) {
            assertThat(
                            new Addressing(OVERLAY, List.of(one, two), asns, List.of(), vip)
                                    .fault()
                                    .orElseThrow())
                    .startsWith("invalid asns field");
        }
    }
}
