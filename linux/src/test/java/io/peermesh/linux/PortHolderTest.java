package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peermesh.ip.IpAddress;
import java.nio.ByteOrder;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullMarked
class PortHolderTest {
    private static final IpAddress LOOPBACK = IpAddress.literal("127.0.0.1");

    @BeforeEach
    void examplesAreLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void readsBothTables() {
        assertThat(PortHolder.isInTheWay("0100007F:CA6C", LOOPBACK, 51820)).isTrue();
        assertThat(
                        PortHolder.isInTheWay(
                                "B80D0120000000000000000001000000:CA6C",
                                IpAddress.literal("2001:db8::1"),
                                51820))
                .isTrue();
        assertThat(PortHolder.isInTheWay("0000000000000000FFFF00000100007F:CA6C", LOOPBACK, 51820))
                .isTrue();
    }

    @Test
    void knowsThatTheWildcardCollidesWithEverything() {
        assertThat(PortHolder.isInTheWay("00000000:CA6C", LOOPBACK, 51820)).isTrue();
        assertThat(PortHolder.isInTheWay("0100007F:CA6C", IpAddress.UNSPECIFIED, 51820)).isTrue();
    }

    @Test
    void ignoresOtherAddressesPortsAndTheHeading() {
        assertThat(PortHolder.isInTheWay("0200007F:CA6C", LOOPBACK, 51820)).isFalse();
        assertThat(PortHolder.isInTheWay("0100007F:CA6D", LOOPBACK, 51820)).isFalse();
        assertThat(PortHolder.isInTheWay("local_address", LOOPBACK, 51820)).isFalse();
    }
}
