package io.peermesh.agent;

import io.peermesh.port.Tun;
import java.util.function.IntConsumer;

/**
 * Stands between the packet path and the TUN, and keeps the answers to our probes from the kernel,
 * which did not ask. Packet loop only; costs one comparison per packet.
 */
final class ProbeFilter implements Tun {
    private final Tun device;
    private final IntConsumer answers;

    /**
     * A filter before {@code device}.
     *
     * @param answers takes the sequence number of each answer, on the packet loop's thread
     */
    ProbeFilter(Tun device, IntConsumer answers) {
        this.device = device;
        this.answers = answers;
    }

    @Override
    public int read(long address) {
        return device.read(address);
    }

    @Override
    public boolean write(long address, int bytes) {
        if (bytes == HEADER_BYTES + Probe.BYTES
                && Probe.isAnswer(address + HEADER_BYTES, Probe.BYTES)) {
            answers.accept(Probe.sequence(address + HEADER_BYTES));
            return true;
        }
        return device.write(address, bytes);
    }

    @Override
    public boolean offloads() {
        return device.offloads();
    }

    @Override
    public boolean udpOffload() {
        return device.udpOffload();
    }

    @Override
    public void close() {
        device.close();
    }
}
