package io.peermesh.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Moves bytes over TCP and says what arrived; run as a program of its own on two machines, so that
 * the demonstration needs no tool for it.
 *
 * <pre>
 *   receive ADDRESS PORT         one connection; prints "received BYTES CRC32C MILLISECONDS"
 *   send ADDRESS PORT MEGABYTES  prints "sent BYTES CRC32C"
 * </pre>
 */
public final class Transfer {
    private static final int MEGABYTE = 1 << 20;
    private static final long SEED = 20_260_101;

    private Transfer() {}

    /** Entry point. */
    public static void main(String[] arguments) throws IOException {
        var at = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        System.out.println(
                arguments[0].equals("receive")
                        ? receive(at)
                        : send(at, Integer.parseInt(arguments[3])));
    }

    private static String receive(InetSocketAddress at) throws IOException {
        try (var listener = ServerSocketChannel.open().bind(at)) {
            System.out.println("ready");
            try (SocketChannel channel = listener.accept()) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(MEGABYTE);
                var checksum = new CRC32C();
                long bytes = 0;
                long begin = System.nanoTime();
                while (channel.read(buffer) >= 0) {
                    buffer.flip();
                    bytes += buffer.remaining();
                    checksum.update(buffer);
                    buffer.clear();
                }
                long millis = (System.nanoTime() - begin) / 1_000_000;
                return "received %d %08x %d".formatted(bytes, checksum.getValue(), millis);
            }
        }
    }

    private static String send(InetSocketAddress to, int megabytes) throws IOException {
        byte[] random = new byte[MEGABYTE];
        new SplittableRandom(SEED).nextBytes(random);
        ByteBuffer buffer = ByteBuffer.allocateDirect(MEGABYTE).put(random);
        var checksum = new CRC32C();
        try (SocketChannel channel = SocketChannel.open(to)) {
            for (int i = 0; i < megabytes; i++) {
                // A different megabyte each time: a repeated or lost one would show.
                buffer.clear().putInt(0, i);
                checksum.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
        long bytes = (long) megabytes * MEGABYTE;
        return "sent %d %08x".formatted(bytes, checksum.getValue());
    }
}
