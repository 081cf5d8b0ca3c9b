package io.peermesh.forward;

import io.peermesh.session.Keypair;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.TransportHeader;

/** Makes transport datagrams. */
final class Seal {
    private Seal() {}

    /**
     * Writes header and sealed text at {@code datagram}, under the next counter.
     *
     * @param from the plain text; {@code datagram} + 16 to seal in place
     */
    static void write(
            Tunnel to, Keypair keys, int flags, int visited, long from, int bytes, long datagram) {
        long counter = keys.sendCounter++;
        TransportHeader.write(datagram, flags, visited, keys.remoteIndex, counter);
        keys.sealer.seal(
                counter,
                datagram,
                additionalBytes(to),
                from,
                bytes,
                datagram + TransportHeader.BYTES);
    }

    /** What a packet's header says of its way; stock clients are told nothing. */
    static int visited(Packet packet, Tunnel to) {
        return to.kind == Tunnel.Kind.LINK ? packet.visited : 0;
    }

    /** Links authenticate the header; stock clients do not. */
    static int additionalBytes(Tunnel tunnel) {
        return tunnel.kind == Tunnel.Kind.LINK ? TransportHeader.BYTES : 0;
    }
}
