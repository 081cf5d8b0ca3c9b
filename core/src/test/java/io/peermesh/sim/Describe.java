package io.peermesh.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words for datagrams in diagrams. */
final class Describe {
    private Describe() {}

    static String datagram(byte[] datagram, CheckedCiphers ciphers) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        String size = " (" + datagram.length + ")";
        if (datagram.length < 8) {
            return "junk" + size;
        }
        return switch (datagram[0]) {
            case 1 -> "initiation by " + Integer.toHexString(bytes.getInt(4)) + size;
            case 2 -> "response by " + Integer.toHexString(bytes.getInt(4)) + size;
            case 3 -> "cookie for " + Integer.toHexString(bytes.getInt(4)) + size;
            case 4 -> transport(bytes, ciphers.packetIn(datagram)) + size;
            default -> "junk" + size;
        };
    }

    private static String transport(ByteBuffer bytes, long packet) {
        if (bytes.capacity() < 32) {
            return "short transport";
        }
        String what = "for " + Integer.toHexString(bytes.getInt(4)) + " #" + bytes.getLong(8);
        if (packet != TestPacket.NONE) {
            return what + " packet " + packet;
        }
        return what + (bytes.capacity() == 32 ? " keepalive" : "");
    }
}
