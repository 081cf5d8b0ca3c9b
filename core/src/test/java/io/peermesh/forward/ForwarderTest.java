package io.peermesh.forward;

import static io.peermesh.forward.Packets.bytes;
import static io.peermesh.forward.Packets.oneHopLess;
import static io.peermesh.forward.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwarderTest {
    private final Lab lab = new Lab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void forwardsFromAClientToALinkWithOneHopLess() {
        Lab.End client = lab.client(1);
        Lab.End link = lab.link(2);
        byte[] packet = udp("10.9.0.1", "10.102.0.7", bytes(100, 3));

        client.sends(packet);

        assertThat(link.packets()).containsExactly(oneHopLess(packet));
    }

    @Test
    void writesLocalPacketsToTheTunAsTheyAre() {
        Lab.End client = lab.client(1);
        byte[] packet = udp("10.9.0.1", "10.9.0.250", bytes(100, 3));

        client.sends(packet);

        assertThat(lab.tun.written).hasSize(1);
        assertThat(lab.tun.written.getFirst()).endsWith(packet);
    }

    @Test
    void sealsWhatTheTunGives() {
        Lab.End client = lab.client(1);
        byte[] packet = udp("10.9.0.250", "10.9.0.1", bytes(100, 3));
        lab.tun.offer(packet);

        lab.readTun();

        assertThat(client.packets()).containsExactly(packet);
    }
}
