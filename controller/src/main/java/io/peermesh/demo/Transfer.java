package io.peermesh.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * Moves bytes over TCP and says what arrived; run as a program of its own on two machines, so that
 * the demonstration needs no tool for it.
 *
 * <pre>
 *   receive ADDRESS PORT         one connection; prints "received BYTES CRC32C MILLISECONDS"
 *   send ADDRESS PORT MEGABYTES  as fast as it can; prints "sent BYTES CRC32C"
 *   steady ADDRESS PORT FILE     a megabyte every half second until FILE exists; prints the same
 * </pre>
 */
public final class Transfer {
    private static final int MEGABYTE = 1 << 20;
    private static final Duration STEADY_PAUSE = Duration.ofMillis(500);
    private static final long SEED = 20_260_101;

    private Transfer() {}

    /** Entry point. */
    public static void main(String[] arguments) throws IOException {
        var at = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        System.out.println(
                switch (arguments[0]) {
                    case "receive" -> receive(at);
                    case "send" -> send(at, Integer.parseInt(arguments[3]));
                    default -> steady(at, Path.of(arguments[3]));
                });
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
        try (var sender = new Sender(to)) {
            for (int i = 0; i < megabytes; i++) {
                sender.megabyte();
            }
            return sender.summary();
        }
    }

    private static String steady(InetSocketAddress to, Path end) throws IOException {
        try (var sender = new Sender(to)) {
            while (!Files.exists(end)) {
                sender.megabyte();
                LockSupport.parkNanos(STEADY_PAUSE.toNanos());
            }
            return sender.summary();
        }
    }

    private static final class Sender implements AutoCloseable {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MEGABYTE);
        private final CRC32C checksum = new CRC32C();
        private final SocketChannel channel;
        private int sent;

        Sender(InetSocketAddress to) throws IOException {
            byte[] random = new byte[MEGABYTE];
            new SplittableRandom(SEED).nextBytes(random);
            buffer.put(random);
            channel = SocketChannel.open(to);
        }

        /** A different megabyte each time: a repeated or lost one would show. */
        void megabyte() throws IOException {
            buffer.clear().putInt(0, sent++);
            checksum.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        String summary() {
            return "sent %d %08x".formatted((long) sent * MEGABYTE, checksum.getValue());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
