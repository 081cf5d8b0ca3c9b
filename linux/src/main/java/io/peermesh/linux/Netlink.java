package io.peermesh.linux;

import io.peermesh.frame.Mem;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A conversation with the kernel's routing tables (rtnetlink(7)); for set-up, not for packets. Not
 * thread-safe.
 *
 * <pre>
 *  nlmsghdr  0        4      6       8          12
 *            | length | type | flags | sequence | port id |  family header | attributes ...
 *  rtattr    0        2      4
 *            | length | type | data, padded to 4 |
 * </pre>
 */
final class Netlink implements AutoCloseable {
    static final int F_EXCL = 0x200;
    static final int F_CREATE = 0x400;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int F_REQUEST = 1;
    private static final int F_ACK = 4;
    private static final int F_DUMP = 0x300;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCGIFNAME = 0x8910;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_VALUE = 16;
    private static final int TYPE_ERROR = 2;
    private static final int TYPE_DONE = 3;

    /** The kernel answers a dump in pieces of at most 32 KB. */
    private static final int BUFFER_BYTES = 65536;

    private final Libc libc = new Libc();
    private final Arena memory = Arena.ofShared();
    private final long buffer = Mem.allocate(memory, BUFFER_BYTES);
    private final int fd;
    private int sequence;

    Netlink() {
        int opened = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (opened < 0) {
            memory.close();
        }
        fd = OsException.check(opened, "socket", "netlink");
    }

    /**
     * Lets the kernel leave out of dumps what the request's header does not ask for; those before
     * Linux 4.20 send everything all the same.
     */
    void filterDumps() {
        Mem.put32Ne(buffer, 1);
        int ignored =
                libc.setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, buffer, Integer.BYTES);
    }

    /** A request under construction: family header first, then attributes. */
    static final class Request {
        private static final int HEADER_BYTES = 16;
        private static final int MAX_BYTES = 256;

        private final ByteBuffer bytes =
                ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());

        Request(int type, int flags) {
            bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
        }

        Request u8(int... values) {
            for (int value : values) {
                bytes.put((byte) value);
            }
            return this;
        }

        Request i32(int value) {
            bytes.putInt(value);
            return this;
        }

        Request attribute(int type, int value) {
            bytes.putShort((short) 8).putShort((short) type).putInt(value);
            return this;
        }

        /** 4 or 16 bytes, so that no padding is needed. */
        Request attribute(int type, byte[] value) {
            bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
            return this;
        }

        private byte[] finish(int addedFlags, int sequence) {
            bytes.putInt(0, bytes.position());
            bytes.putShort(6, (short) (bytes.getShort(6) | F_REQUEST | addedFlags));
            bytes.putInt(8, sequence);
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /** One message of a dump. */
    record Message(ByteBuffer body) {
        int u8(int offset) {
            return body.get(offset) & 0xff;
        }

        int i32(int offset) {
            return body.getInt(offset);
        }

        /** The data of the first attribute of this type; empty when there is none. */
        byte[] attribute(int familyHeaderBytes, int type) {
            int at = familyHeaderBytes;
            while (at + 4 <= body.limit()) {
                int length = body.getShort(at) & 0xffff;
                if (length < 4 || at + length > body.limit()) {
                    break;
                }
                if ((body.getShort(at + 2) & 0x3fff) == type) {
                    byte[] data = new byte[length - 4];
                    body.get(at + 4, data);
                    return data;
                }
                at += (length + 3) & ~3;
            }
            return new byte[0];
        }

        /** An attribute that is a 32-bit number; {@code otherwise} when there is none. */
        int number(int familyHeaderBytes, int type, int otherwise) {
            byte[] data = attribute(familyHeaderBytes, type);
            return data.length == 4
                    ? ByteBuffer.wrap(data).order(ByteOrder.nativeOrder()).getInt()
                    : otherwise;
        }
    }

    /**
     * Makes a change.
     *
     * @return 0, or the positive {@link Errno} for which the kernel refused
     */
    int change(Request request) {
        int[] errno = {Errno.EIO}; // should the answer lack one
        exchange(
                request.finish(F_ACK, ++sequence),
                (type, body) -> {
                    if (type == TYPE_ERROR) {
                        errno[0] = -body.getInt(0);
                    }
                    return type == TYPE_ERROR;
                });
        return errno[0];
    }

    /** Asks for a whole table. */
    void dump(Request request, Consumer<Message> each) {
        exchange(
                request.finish(F_DUMP, ++sequence),
                (type, body) -> {
                    if (type == TYPE_ERROR) {
                        throw OsException.of("netlink dump", "of routing tables", -body.getInt(0));
                    }
                    if (type != TYPE_DONE) {
                        each.accept(new Message(body));
                    }
                    return type == TYPE_DONE;
                });
    }

    /** The number of an interface, or a negated {@link Errno}. */
    int indexOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Mem.zero(buffer, IFREQ_BYTES);
        Mem.copy(bytes, 0, buffer, Math.min(bytes.length, LinuxTun.NAME_MAX_BYTES));
        int result = libc.ioctl(fd, SIOCGIFINDEX, buffer);
        return result < 0 ? result : Mem.i32Ne(buffer + IFREQ_VALUE);
    }

    /** The name of an interface, for messages. */
    String nameOf(int index) {
        Mem.zero(buffer, IFREQ_BYTES);
        Mem.put32Ne(buffer + IFREQ_VALUE, index);
        if (libc.ioctl(fd, SIOCGIFNAME, buffer) < 0) {
            return "interface " + index;
        }
        String padded = new String(Mem.toBytes(buffer, IFREQ_VALUE), StandardCharsets.US_ASCII);
        return padded.substring(0, padded.indexOf(0));
    }

    /** Takes one message of an answer. */
    private interface Reader {
        /** Whether this was the last one. */
        boolean onMessage(int type, ByteBuffer body);
    }

    private void exchange(byte[] request, Reader reader) {
        Mem.copy(request, 0, buffer, request.length);
        long sent = libc.write(fd, buffer, request.length);
        OsException.check((int) sent, "write", "netlink");
        boolean last = false;
        while (!last) {
            long read = libc.read(fd, buffer, BUFFER_BYTES);
            if (read != -Errno.EINTR) {
                OsException.check((int) read, "read", "netlink");
                last = readAll(Mem.toBytes(buffer, (int) read), reader);
            }
        }
    }

    private boolean readAll(byte[] answer, Reader reader) {
        ByteBuffer all = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
        int at = 0;
        while (at + Request.HEADER_BYTES <= answer.length) {
            int length = all.getInt(at);
            if (length < Request.HEADER_BYTES || at + length > answer.length) {
                return true;
            }
            ByteBuffer body =
                    all.slice(at + Request.HEADER_BYTES, length - Request.HEADER_BYTES)
                            .order(ByteOrder.nativeOrder());
            if (all.getInt(at + 8) == sequence && reader.onMessage(all.getShort(at + 4), body)) {
                return true;
            }
            at += (length + 3) & ~3;
        }
        return false;
    }

    @Override
    public void close() {
        int ignored = libc.close(fd);
        memory.close();
    }
}
