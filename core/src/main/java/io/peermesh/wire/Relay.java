package io.peermesh.wire;

import io.peermesh.frame.Mem;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;

/**
 * A client's datagram on its way, inside a link, to the controller that gave its index out:
 *
 * <pre>
 *  0      1          2          4                  20
 *  | 0x05 | relay id | port (2) | outer address 16 | datagram as it came ... |
 * </pre>
 *
 * <p>Big-endian. Relay id is the controller at which it came in, port and address are its source.
 * The target is in the upper 4 bits of the datagram's receiver index. Over raw memory.
 */
public final class Relay {
    /** Length of what stands before the datagram. */
    public static final int HEADER_BYTES = 20;

    /** The longest datagram that is passed on. */
    public static final int MAX_DATAGRAM_BYTES = 8_192;

    private static final int TYPE = 0x05;

    private Relay() {}

    /** Writes the 20 bytes. */
    public static void write(long address, int relayId, long hi, long lo, int port) {
        Mem.put8(address, TYPE);
        Mem.put8(address + 1, relayId);
        Mem.put16Be(address + 2, port);
        Mem.put64Be(address + 4, hi);
        Mem.put64Be(address + 12, lo);
    }

    /** Whether control plaintext of {@code bytes} bytes is a relayed datagram. */
    public static boolean isValid(long address, int bytes) {
        return bytes >= HEADER_BYTES + TransportHeader.MIN_MESSAGE_BYTES
                && bytes <= HEADER_BYTES + MAX_DATAGRAM_BYTES
                && Mem.u8(address) == TYPE
                && relayId(address) >= 1
                && relayId(address) <= LinkPorts.MAX_CONTROLLERS
                && Mem.u16Be(address + 2) != 0;
    }

    /** Where it came in. */
    public static int relayId(long address) {
        return Mem.u8(address + 1);
    }

    /** The outer address that it came from. */
    public static Endpoint source(long address) {
        return new Endpoint(
                new IpAddress(Mem.i64Be(address + 4), Mem.i64Be(address + 12)),
                Mem.u16Be(address + 2));
    }

    /**
     * The receiver index of a message to us: of transport and cookie replies at 4, of responses at
     * 8; 0 for an initiation, which is for whom it reaches, and for what is no message.
     */
    public static int receiver(long datagram, int bytes) {
        if (bytes < TransportHeader.MIN_MESSAGE_BYTES) {
            return 0;
        }
        return switch (Mem.i32Le(datagram)) {
            case MessageType.TRANSPORT, MessageType.COOKIE_REPLY -> Mem.i32Le(datagram + 4);
            case MessageType.RESPONSE -> Mem.i32Le(datagram + 8);
            default -> 0;
        };
    }
}
