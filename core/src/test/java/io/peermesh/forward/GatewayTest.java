package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packet path in the place of a client: everything goes to one controller of several. */
class GatewayTest {
    private final Lab lab = new Lab();
    private Lab.End used;
    private Lab.End former;

    @BeforeEach
    void connect() {
        used = gateway(1);
        former = gateway(2);
        lab.route("10.9.0.0/24", new NextHop.Via(used.tunnel));
        lab.route("10.101.0.0/16", new NextHop.Via(used.tunnel));
    }

    private Lab.End gateway(int id) {
        var address = IpAddress.literal("10.9.0." + (250 + id));
        Lab.End end = lab.new End(new Tunnel(Tunnel.Kind.GATEWAY, id, address, 0, 1420));
        end.connect();
        return end;
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void bringsPacketsOfEveryoneBehindIt() {
        used.sends(udp("10.9.0.7", "10.9.0.250", bytes(10, 1)));
        used.sends(udp("10.101.0.1", "10.9.0.250", bytes(10, 2)));

        assertThat(lab.forwarder.counters().packets(TrafficPath.TO_LOCAL)).isEqualTo(2);
    }

    @Test
    void bringsThemAlsoOnceAnotherIsInUse() {
        former.sends(udp("10.9.0.7", "10.9.0.250", bytes(10, 1)));

        assertThat(lab.forwarder.counters().packets(TrafficPath.TO_LOCAL)).isEqualTo(1);
    }

    @Test
    void isNotBelievedOurOwnAddressNorOneBeyondTheRoutes() {
        used.sends(udp("10.9.0.250", "10.9.0.250", bytes(10, 1)));
        used.sends(udp("172.16.0.1", "10.9.0.250", bytes(10, 1)));

        assertThat(lab.drops(DropReason.SPOOFED_SOURCE)).isEqualTo(2);
    }

    @Test
    void isNeverForwardedForNotEvenToAnotherGateway() {
        former.sends(udp("10.9.0.7", "10.9.0.8", bytes(10, 1)));

        assertThat(lab.drops(DropReason.HAIRPIN)).isEqualTo(1);
        assertThat(used.received()).isEmpty();
    }

    @Test
    void speaksWireGuardWithoutFlags() {
        byte[] datagram = used.seal(udp("10.9.0.7", "10.9.0.250", bytes(10, 1)), 0);
        datagram[1] = TransportHeader.FLAG_CHECKSUM_UNFILLED;

        used.sendsRaw(datagram);

        assertThat(lab.drops(DropReason.MALFORMED_DATAGRAM)).isEqualTo(1);
    }
}
