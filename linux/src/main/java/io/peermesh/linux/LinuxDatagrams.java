package io.peermesh.linux;

import io.peermesh.frame.Mem;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Datagrams;
import io.peermesh.port.ReceiveBatch;
import java.lang.foreign.Arena;

/**
 * A UDP socket that moves many datagrams per system call: UDP_SEGMENT (GSO) on sending, UDP_GRO
 * with recvmmsg on receiving. Without GSO, sendmmsg. Path MTU: see {@link UdpSocket}.
 *
 * <p>Sending never blocks and never throws: what the kernel does not take is lost and counted under
 * the reason. Owned by one thread, except for the counters, which any thread may read.
 *
 * <p>Structures (LP64, recvmmsg(2), cmsg(3)):
 *
 * <pre>
 *  mmsghdr  0      8         16    24       32       40          48      56    60
 *           | name | namelen | iov | iovlen | control| controllen | flags | len | pad |
 *  iovec    0      8
 *           | base | length |
 *  cmsghdr  0        8       12     16
 *           | length | level | type | data: UDP_SEGMENT u16, UDP_GRO int |
 * </pre>
 */
public final class LinuxDatagrams implements Datagrams {
    private static final int HEADER_BYTES = 64;
    private static final int NAME = 0;
    private static final int NAME_BYTES = 8;
    private static final int IOV = 16;
    private static final int IOV_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int FLAGS = 48;
    private static final int LENGTH = 56;
    private static final int IOVEC_BYTES = 16;
    private static final int SLOT_BYTES = 32; // one socket address, padded
    private static final int CONTROL_SLOT_BYTES = 64;
    private static final int CMSG_SEGMENT_BYTES = 18;
    private static final int CMSG_SEGMENT_SPACE = 24;
    private static final int CMSG_DATA = 16;
    private static final int MSG_DONTWAIT = 0x40;

    /** Errors that a receive call may report for an earlier send, before it is given up. */
    private static final int STALE_ERRORS_MAX = 8;

    /** GSO sends refused in a row (segments above the path MTU) until GSO is left out a while. */
    static final int REFUSALS_MAX = 64;

    /** Batches that then go out one by one, before GSO is tried again. */
    static final int PAUSE_BATCHES = 1024;

    private final Libc libc = new Libc();
    private final UdpSocket socket;
    private final Arena memory = Arena.ofShared();
    private final ErrorQueue errors;
    private final int nameBytes;

    private final long receiveHeaders;
    private final long receiveVectors;
    private final long receiveNames;
    private final long receiveControls;

    private final long to;
    private final long superHeader;
    private final long superVector;
    private final long superControl;
    private final long sendHeaders;
    private final long sendVectors;

    private final Counter noBuffer = new Counter();
    private final Counter tooLarge = new Counter();
    private final Counter unreachable = new Counter();
    private final Counter refused = new Counter();
    private final Counter gsoRefused = new Counter();

    private volatile boolean gso; // written by the owner, read by reports
    private int refusals;
    private int pause;
    private boolean closed;

    private LinuxDatagrams(UdpSocket socket) {
        this.socket = socket;
        this.errors = new ErrorQueue(libc, socket.fd(), memory);
        this.gso = socket.gso();
        this.nameBytes = SocketAddress.bytes(socket.family());
        receiveHeaders = Mem.allocate(memory, ReceiveBatch.CAPACITY * HEADER_BYTES);
        receiveVectors = Mem.allocate(memory, ReceiveBatch.CAPACITY * IOVEC_BYTES);
        receiveNames = Mem.allocate(memory, ReceiveBatch.CAPACITY * SLOT_BYTES);
        receiveControls = Mem.allocate(memory, ReceiveBatch.CAPACITY * CONTROL_SLOT_BYTES);
        to = Mem.allocate(memory, SLOT_BYTES);
        superHeader = Mem.allocate(memory, HEADER_BYTES);
        superVector = Mem.allocate(memory, IOVEC_BYTES);
        superControl = Mem.allocate(memory, CMSG_SEGMENT_SPACE);
        sendHeaders = Mem.allocate(memory, MAX_SEND_SEGMENTS * HEADER_BYTES);
        sendVectors = Mem.allocate(memory, MAX_SEND_SEGMENTS * IOVEC_BYTES);
        prepareReceive();
        prepareSend();
    }

    /**
     * Binds a socket.
     *
     * @param address one address of this host, {@code ::} for all, {@code 0.0.0.0} for all of IPv4
     * @param port 1..65535, or 0 for one that the kernel chooses
     * @throws OsException when that is not possible; for a port in use the message names the holder
     *     where it can be seen
     */
    public static LinuxDatagrams bind(IpAddress address, int port, Switches switches) {
        return new LinuxDatagrams(
                UdpSocket.open(new Libc(), address, port, switches, /* tellsErrors= */ false));
    }

    /**
     * Binds a socket that also hears when a peer cannot be reached, see {@link #takeUnreachable}.
     */
    public static LinuxDatagrams bindLink(IpAddress address, int port, Switches switches) {
        return new LinuxDatagrams(
                UdpSocket.open(new Libc(), address, port, switches, /* tellsErrors= */ true));
    }

    private void prepareReceive() {
        for (int i = 0; i < ReceiveBatch.CAPACITY; i++) {
            long header = receiveHeaders + (long) i * HEADER_BYTES;
            Mem.put64Ne(header + NAME, receiveNames + (long) i * SLOT_BYTES);
            Mem.put64Ne(header + IOV, receiveVectors + (long) i * IOVEC_BYTES);
            Mem.put64Ne(header + IOV_COUNT, 1);
            Mem.put64Ne(receiveVectors + (long) i * IOVEC_BYTES + 8, ReceiveBatch.BUFFER_BYTES);
            Mem.put64Ne(header + CONTROL, receiveControls + (long) i * CONTROL_SLOT_BYTES);
        }
    }

    private void prepareSend() {
        for (int i = 0; i < MAX_SEND_SEGMENTS; i++) {
            prepareHeader(
                    sendHeaders + (long) i * HEADER_BYTES, sendVectors + (long) i * IOVEC_BYTES);
        }
        prepareHeader(superHeader, superVector);
        Mem.put64Ne(superHeader + CONTROL, superControl);
        Mem.put64Ne(superHeader + CONTROL_BYTES, CMSG_SEGMENT_SPACE);
        Mem.put64Ne(superControl, CMSG_SEGMENT_BYTES);
        Mem.put32Ne(superControl + 8, UdpSocket.SOL_UDP);
        Mem.put32Ne(superControl + 12, UdpSocket.UDP_SEGMENT);
    }

    private void prepareHeader(long header, long vector) {
        Mem.put64Ne(header + NAME, to);
        Mem.put32Ne(header + NAME_BYTES, nameBytes);
        Mem.put64Ne(header + IOV, vector);
        Mem.put64Ne(header + IOV_COUNT, 1);
    }

    @Override
    public int receive(ReceiveBatch batch) {
        checkOpen();
        for (int i = 0; i < ReceiveBatch.CAPACITY; i++) {
            long header = receiveHeaders + (long) i * HEADER_BYTES;
            Mem.put32Ne(header + NAME_BYTES, SLOT_BYTES);
            Mem.put64Ne(header + CONTROL_BYTES, CONTROL_SLOT_BYTES);
            Mem.put32Ne(header + FLAGS, 0);
            Mem.put64Ne(receiveVectors + (long) i * IOVEC_BYTES, batch.address[i]);
        }
        int count = receiveSome();
        for (int i = 0; i < count; i++) {
            describe(batch, i);
        }
        return count;
    }

    /** An ICMP error for an earlier datagram is reported once, in place of data: ask again. */
    private int receiveSome() {
        for (int attempt = 0; attempt < STALE_ERRORS_MAX; attempt++) {
            int count =
                    libc.recvmmsg(socket.fd(), receiveHeaders, ReceiveBatch.CAPACITY, MSG_DONTWAIT);
            if (count >= 0) {
                return count;
            }
            if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                return 0;
            }
            errors.onFailure();
        }
        return 0;
    }

    private void describe(ReceiveBatch batch, int i) {
        long header = receiveHeaders + (long) i * HEADER_BYTES;
        long name = receiveNames + (long) i * SLOT_BYTES;
        int bytes = Mem.i32Ne(header + LENGTH);
        batch.bytes[i] = bytes;
        batch.segmentBytes[i] = segmentBytes(header, i, bytes);
        batch.sourceHi[i] = SocketAddress.hi(name);
        batch.sourceLo[i] = SocketAddress.lo(name);
        batch.sourcePort[i] = SocketAddress.port(name);
    }

    /** What UDP_GRO says, else the whole buffer is one datagram; at least 1, to be divided by. */
    private int segmentBytes(long header, int i, int bytes) {
        long control = receiveControls + (long) i * CONTROL_SLOT_BYTES;
        if (Mem.i64Ne(header + CONTROL_BYTES) > CMSG_DATA
                && Mem.i32Ne(control + 8) == UdpSocket.SOL_UDP
                && Mem.i32Ne(control + 12) == UdpSocket.UDP_GRO) {
            return Math.max(1, Mem.i32Ne(control + CMSG_DATA));
        }
        return Math.max(1, bytes);
    }

    @Override
    public int send(long toHi, long toLo, int toPort, long address, int bytes, int segmentBytes) {
        checkOpen();
        int count = Math.max(1, Math.ceilDiv(bytes, segmentBytes));
        if (socket.family() == SocketAddress.AF_INET && !SocketAddress.isV4(toHi, toLo)) {
            unreachable.add(count);
            return count;
        }
        SocketAddress.write(to, socket.family(), toHi, toLo, toPort);
        if (count > 1 && gso) {
            if (pause == 0) {
                return sendSuper(address, bytes, segmentBytes, count);
            }
            pause--;
        }
        return sendEach(address, bytes, segmentBytes);
    }

    private int sendSuper(long address, int bytes, int segmentBytes, int count) {
        Mem.put64Ne(superVector, address);
        Mem.put64Ne(superVector + 8, bytes);
        Mem.put16Ne(superControl + CMSG_DATA, segmentBytes);
        long result = libc.sendmsg(socket.fd(), superHeader, 0);
        if (result < 0 && isStale((int) -result)) {
            errors.onFailure();
            result = libc.sendmsg(socket.fd(), superHeader, 0);
        }
        if (result >= 0) {
            refusals = 0;
            return 0;
        }
        int errno = (int) -result;
        if (errno == Errno.EIO || errno == Errno.EINVAL || errno == Errno.EMSGSIZE) {
            onGsoRefused(errno);
            return sendEach(address, bytes, segmentBytes);
        }
        count(errno, count);
        return count;
    }

    /**
     * EIO: the device behind the route cannot checksum, GSO is off for good. EINVAL and EMSGSIZE:
     * these segments are larger than this path; sent one by one they are fragmented.
     */
    void onGsoRefused(int errno) {
        gsoRefused.add(1);
        if (errno == Errno.EIO) {
            gso = false;
        } else if (++refusals == REFUSALS_MAX) {
            refusals = 0;
            pause = PAUSE_BATCHES;
        }
    }

    private int sendEach(long address, int bytes, int segmentBytes) {
        int lost = 0;
        int offset = 0;
        do {
            int chunk = Math.min(bytes - offset, MAX_SEND_SEGMENTS * segmentBytes);
            lost += sendChunk(address + offset, chunk, segmentBytes);
            offset += chunk;
        } while (offset < bytes);
        return lost;
    }

    private int sendChunk(long address, int bytes, int segmentBytes) {
        int count = 0;
        for (int offset = 0; offset < bytes || count == 0; offset += segmentBytes) {
            long vector = sendVectors + (long) count * IOVEC_BYTES;
            Mem.put64Ne(vector, address + offset);
            Mem.put64Ne(vector + 8, Math.min(segmentBytes, bytes - offset));
            count++;
        }
        int lost = 0;
        int done = 0;
        boolean again = false;
        while (done < count) {
            long first = sendHeaders + (long) done * HEADER_BYTES;
            int sent = libc.sendmmsg(socket.fd(), first, count - done, 0);
            if (sent != count - done) {
                errors.onFailure();
            }
            if (sent > 0) {
                done += sent;
                again = false;
            } else if (!again && isStale(-sent)) {
                again = true;
            } else {
                int gone = isFull(-sent) ? count - done : 1;
                count(-sent, gone);
                lost += gone;
                done += gone;
                again = false;
            }
        }
        return lost;
    }

    /** May be the report of an ICMP error for an earlier datagram; then the next call succeeds. */
    private static boolean isStale(int errno) {
        return errno == Errno.ECONNREFUSED
                || errno == Errno.EHOSTUNREACH
                || errno == Errno.ENETUNREACH
                || errno == Errno.EACCES
                || errno == Errno.EMSGSIZE // IPv6: packet too big, for what is fragmented from now
                // on
                || errno == Errno.EINTR;
    }

    /** The kernel takes nothing more now. */
    private static boolean isFull(int errno) {
        return errno == Errno.EAGAIN || errno == Errno.ENOBUFS || errno == Errno.ENOMEM;
    }

    private void count(int errno, int datagrams) {
        if (isFull(errno)) {
            noBuffer.add(datagrams);
        } else if (errno == Errno.EMSGSIZE) {
            tooLarge.add(datagrams);
        } else if (isStale(errno) || errno == Errno.ENETDOWN) {
            unreachable.add(datagrams);
        } else {
            refused.add(datagrams);
        }
    }

    @Override
    public boolean takeUnreachable() {
        return errors.take();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the UDP socket " + socket.port() + " is closed");
        }
    }

    /** The descriptor, for {@link LinuxPoller}. */
    public int fd() {
        return socket.fd();
    }

    /** The port that the socket is bound to. */
    public int port() {
        return socket.port();
    }

    /** Whether equal datagrams leave in one send; false also after a device refused that (EIO). */
    public boolean gso() {
        return gso;
    }

    /** Whether the kernel joins equal datagrams on receiving. */
    public boolean gro() {
        return socket.gro();
    }

    /** Whether it hears when a peer cannot be reached. */
    public boolean tellsErrors() {
        return socket.tellsErrors();
    }

    /** Whether the buffers are above the system's limit (needs root). */
    public boolean forcedBuffers() {
        return socket.forced();
    }

    /** The receive buffer that the kernel granted, in bytes. */
    public int bufferBytes() {
        return socket.bufferBytes();
    }

    /** Datagrams lost because the send buffer or the device queue was full. */
    public long lostNoBuffer() {
        return noBuffer.value();
    }

    /** Datagrams lost because they were larger than UDP or the device allows (EMSGSIZE). */
    public long lostTooLarge() {
        return tooLarge.value();
    }

    /** Datagrams lost because there is no route, or not to this family. */
    public long lostUnreachable() {
        return unreachable.value();
    }

    /** Datagrams lost for any other reason, such as a firewall rule of this host (EPERM). */
    public long lostRefused() {
        return refused.value();
    }

    /** GSO batches that the kernel refused, and that were then sent datagram by datagram. */
    public long gsoRefused() {
        return gsoRefused.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int ignored = libc.close(socket.fd());
            memory.close();
        }
    }
}
