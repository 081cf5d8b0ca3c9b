package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.CipherSuite;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The places where the path seals and opens, with the ciphers of production. */
class RealCipherTest {
    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void carriesPacketsEveryWay(CipherSuite suite) {
        try (Lab lab = new Lab()) {
            lab.suite = Optional.of(suite);
            Lab.End client = lab.client(1);
            Lab.End link = lab.link(2);
            byte[] through = Packets.udp("10.9.0.1", "10.102.0.7", Packets.bytes(700, 3));
            byte[] whole =
                    Packets.tcp(
                            "10.102.0.7",
                            "10.9.0.250",
                            0,
                            0,
                            16,
                            new byte[0],
                            Packets.bytes(9000, 1));
            byte[] back =
                    Packets.tcp(
                            "10.9.0.250",
                            "10.9.0.1",
                            0,
                            0,
                            16,
                            new byte[0],
                            Packets.bytes(9000, 1));

            client.sends(through, through);
            link.sends(Virtio.segments(whole, 1360).toArray(new byte[0][]));
            lab.tun.offer(Virtio.header(1, 1, 40, 1360, 20, 16), Packets.unfilled(back));
            lab.readTun();

            byte[] forwarded = Packets.oneHopLess(through);
            assertThat(link.packets()).containsExactly(forwarded, forwarded);
            assertThat(lab.tun.written).hasSize(1);
            assertThat(lab.tun.written.getFirst()).endsWith(Packets.unfilled(whole));
            assertThat(client.packets()).containsExactlyElementsOf(Virtio.segments(back, 1360));
        }
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void refusesWhatIsForged(CipherSuite suite) {
        try (Lab lab = new Lab()) {
            lab.suite = Optional.of(suite);
            Lab.End link = lab.link(2);
            byte[] datagram =
                    link.seal(Packets.udp("10.102.0.7", "10.9.0.250", Packets.bytes(70, 3)), 0);

            for (int i = 0; i < datagram.length; i++) {
                byte[] forged = datagram.clone();
                forged[i] ^= 1;
                link.sendsRaw(forged);
            }

            assertThat(lab.tun.written).isEmpty();
            assertThat(lab.forwarder.counters().drops()).isEqualTo(datagram.length);
        }
    }
}
