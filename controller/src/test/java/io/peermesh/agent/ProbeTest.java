package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IcmpError;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Ipv4Header;
import io.peermesh.port.Tun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The question, as core's own echo answers it, and the filter that keeps the answer. */
class ProbeTest {
    private static final IpAddress CLIENT = IpAddress.literal("10.199.0.1");
    private static final IpAddress CONTROLLER = IpAddress.literal("10.199.0.253");

    private final long frame = Mem.allocate(Tun.HEADER_BYTES + Probe.BYTES + 100);
    private final long packet = frame + Tun.HEADER_BYTES;
    private final List<Integer> answers = new ArrayList<>();
    private final List<Integer> written = new ArrayList<>();
    private final ProbeFilter filter = new ProbeFilter(new Device(), answers::add);

    private final class Device implements Tun {
        @Override
        public int read(long address) {
            return 7;
        }

        @Override
        public boolean write(long address, int bytes) {
            return written.add(bytes);
        }

        @Override
        public boolean offloads() {
            return true;
        }

        @Override
        public boolean udpOffload() {
            return false;
        }

        @Override
        public void close() {}
    }

    private void answer(long number) {
        Mem.copy(Probe.request(CLIENT, CONTROLLER, number), 0, packet, Probe.BYTES);
        assertThat(Ipv4Header.isValid(packet, Probe.BYTES)).isTrue();
        assertThat(Ipv4Header.checksumIsRight(packet)).isTrue();
        assertThat(IcmpError.toEchoReply(packet)).isTrue();
    }

    @Test
    void theAnswerOfAControllerWithoutTunIsRecognized() {
        answer(70_000);

        assertThat(Probe.isAnswer(packet, Probe.BYTES)).isTrue();
        assertThat(Probe.number(Probe.sequence(packet), 70_010)).isEqualTo(70_000);
    }

    @Test
    void theNumberOfASequenceIsTheLatestThatWasSent() {
        assertThat(Probe.number(0, 1)).isZero();
        assertThat(Probe.number(0xffff, 0x10001)).isEqualTo(0xffff);
        assertThat(Probe.number(0, 0x10001)).isEqualTo(0x10000);
    }

    @Test
    void theFilterKeepsAnswersFromTheKernelAndNothingElse() {
        answer(5);
        boolean kept = filter.write(frame, Tun.HEADER_BYTES + Probe.BYTES);
        Mem.copy(Probe.request(CONTROLLER, CLIENT, 6), 0, packet, Probe.BYTES);
        filter.write(frame, Tun.HEADER_BYTES + Probe.BYTES); // somebody pings us
        answer(7);
        Mem.put16Be(packet + 24, 1); // the answer to a ping(8) of this machine
        filter.write(frame, Tun.HEADER_BYTES + Probe.BYTES);
        filter.write(frame, Tun.HEADER_BYTES + Probe.BYTES + 16);

        assertThat(kept).isTrue();
        assertThat(answers).containsExactly(5);
        assertThat(written).hasSize(3);
    }
}
