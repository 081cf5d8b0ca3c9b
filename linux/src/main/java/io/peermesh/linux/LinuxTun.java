package io.peermesh.linux;

import io.peermesh.frame.Mem;
import io.peermesh.linux.Switches.Switch;
import io.peermesh.port.Tun;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One queue of a TUN device (Documentation/networking/tuntap.rst). The device is not persistent: it
 * vanishes, with its addresses and routes, when its last queue is closed or the process ends.
 *
 * <pre>
 *  ifreq    0          16      18         40
 *           | name     | flags | unused   |
 * </pre>
 */
public final class LinuxTun implements Tun {
    /** The longest name of an interface, in bytes (IFNAMSIZ with its zero byte is 16). */
    public static final int NAME_MAX_BYTES = 15;

    private static final String DEVICE = "/dev/net/tun";
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO = 0x02 | 0x04;
    private static final int TUN_F_USO = 0x20 | 0x40;

    private final Libc libc = new Libc();
    private final int fd;
    private final String name;
    private final boolean vnetHeader;
    private final boolean offloads;
    private final boolean udpOffload;
    private final Counter refused = new Counter();
    private boolean closed;

    private LinuxTun(int fd, String name, boolean vnetHeader, int offload) {
        this.fd = fd;
        this.name = name;
        this.vnetHeader = vnetHeader;
        this.offloads = (offload & TUN_F_TSO) == TUN_F_TSO;
        this.udpOffload = (offload & TUN_F_USO) == TUN_F_USO;
    }

    /**
     * Creates a device with one queue.
     *
     * @param name 1..15 bytes; {@code %d} stands for the first free number
     * @throws OsException when TUN is missing or forbidden, or the name is taken
     * @throws IllegalArgumentException when no interface can have this name
     */
    public static LinuxTun open(String name, Switches switches) {
        return openQueue(name, false, switches);
    }

    /**
     * Creates a device with {@code count} queues, among which the kernel spreads flows: one for
     * each packet loop.
     */
    public static List<LinuxTun> openQueues(String name, int count, Switches switches) {
        List<LinuxTun> queues = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                String of = i == 0 ? name : queues.getFirst().name();
                queues.add(openQueue(of, count > 1, switches));
            }
            return List.copyOf(queues);
        } catch (OsException e) {
            queues.forEach(LinuxTun::close);
            throw e;
        }
    }

    private static LinuxTun openQueue(String name, boolean multi, Switches switches) {
        checkName(name);
        var libc = new Libc();
        int fd = libc.open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) {
            throw openFailure(-fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            return attach(libc, fd, name, multi, switches, Mem.allocate(arena, IFREQ_BYTES));
        } catch (OsException e) {
            int ignored = libc.close(fd);
            throw e;
        }
    }

    /** As dev_valid_name() of the kernel, and ASCII only so that every tool can print it. */
    static void checkName(String name) {
        boolean printable = name.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != ':');
        if (name.isEmpty() || name.equals(".") || name.equals("..") || !printable) {
            throw new IllegalArgumentException("not a name for an interface: '" + name + "'");
        }
        if (name.length() > NAME_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the interface name '"
                            + name
                            + "' has "
                            + name.length()
                            + " characters; Linux allows "
                            + NAME_MAX_BYTES);
        }
    }

    private static OsException openFailure(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
                    new OsException(
                            "open",
                            DEVICE,
                            errno,
                            "this host or container has no TUN driver; load the module 'tun', hand"
                                    + " the device to the container, or use --tun none");
            case Errno.EACCES, Errno.EPERM ->
                    new OsException(
                            "open",
                            DEVICE,
                            errno,
                            "no right to use TUN; run as root or use --tun none");
            default -> OsException.of("open", DEVICE, errno);
        };
    }

    private static LinuxTun attach(
            Libc libc, int fd, String name, boolean multi, Switches switches, long ifreq) {
        int flags = IFF_TUN | IFF_NO_PI | (multi ? IFF_MULTI_QUEUE : 0);
        boolean vnet = switches.allows(Switch.VNET);
        int result = setInterface(libc, fd, ifreq, name, vnet ? flags | IFF_VNET_HDR : flags);
        if (result == -Errno.EINVAL && vnet) {
            vnet = false;
            result = setInterface(libc, fd, ifreq, name, flags);
        }
        if (result < 0) {
            throw attachFailure(name, -result);
        }
        String actual = readName(ifreq);
        Mem.put32Ne(ifreq, HEADER_BYTES);
        if (vnet) {
            OsException.check(libc.ioctl(fd, TUNSETVNETHDRSZ, ifreq), "TUNSETVNETHDRSZ", actual);
        }
        int offload = vnet ? setOffload(libc, fd, switches.allows(Switch.USO)) : 0;
        return new LinuxTun(fd, actual, vnet, offload);
    }

    private static int setInterface(Libc libc, int fd, long ifreq, String name, int flags) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Mem.zero(ifreq, IFREQ_BYTES);
        Mem.copy(bytes, 0, ifreq, bytes.length);
        Mem.put16Ne(ifreq + IFREQ_FLAGS, flags);
        return libc.ioctl(fd, TUNSETIFF, ifreq);
    }

    private static String readName(long ifreq) {
        int length = 0;
        while (length < NAME_MAX_BYTES && Mem.u8(ifreq + length) != 0) {
            length++;
        }
        return new String(Mem.toBytes(ifreq, length), StandardCharsets.US_ASCII);
    }

    private static OsException attachFailure(String name, int errno) {
        return switch (errno) {
            case Errno.EPERM ->
                    new OsException(
                            "TUNSETIFF",
                            name,
                            errno,
                            "creating an interface needs root or CAP_NET_ADMIN; or use --tun none");
            case Errno.EBUSY ->
                    new OsException(
                            "TUNSETIFF",
                            name,
                            errno,
                            "another process holds this interface; choose another name");
            case Errno.EINVAL, Errno.EEXIST ->
                    new OsException(
                            "TUNSETIFF",
                            name,
                            errno,
                            "an interface of this name and another kind exists; choose another"
                                    + " name");
            default -> OsException.of("TUNSETIFF", name, errno);
        };
    }

    /** The most that the kernel takes: USO came with Linux 6.2, TSO is old. */
    private static int setOffload(Libc libc, int fd, boolean withUdp) {
        int tso = TUN_F_CSUM | TUN_F_TSO;
        int[] ladder = withUdp ? new int[] {tso | TUN_F_USO, tso} : new int[] {tso};
        for (int step : ladder) {
            if (libc.ioctl(fd, TUNSETOFFLOAD, step) == 0) {
                return step;
            }
        }
        return 0;
    }

    @Override
    public int read(long address) {
        long result =
                vnetHeader
                        ? libc.read(fd, address, MAX_BYTES)
                        : libc.read(fd, address + HEADER_BYTES, MAX_BYTES - HEADER_BYTES);
        if (result <= 0) {
            return nothingRead((int) -result);
        }
        if (!vnetHeader) {
            Mem.put64Ne(address, 0);
            Mem.put16Ne(address + 8, 0);
            result += HEADER_BYTES;
        }
        return (int) result;
    }

    private int nothingRead(int errno) {
        if (errno == Errno.EBADFD) {
            throw new OsException(
                    "read", name, errno, "the interface was deleted while it was in use");
        }
        return 0;
    }

    @Override
    public boolean write(long address, int bytes) {
        long result =
                vnetHeader
                        ? libc.write(fd, address, bytes)
                        : libc.write(fd, address + HEADER_BYTES, bytes - HEADER_BYTES);
        if (result < 0) {
            refused.add(1);
        }
        return result >= 0;
    }

    /** The interface's name as the kernel has it. */
    public String name() {
        return name;
    }

    /** The descriptor, for {@link LinuxPoller}. */
    public int fd() {
        return fd;
    }

    /** Whether the kernel gives and takes the header; else it is emulated. */
    public boolean vnetHeader() {
        return vnetHeader;
    }

    @Override
    public boolean offloads() {
        return offloads;
    }

    @Override
    public boolean udpOffload() {
        return udpOffload;
    }

    /** Writes that the kernel refused, for example while the interface is down. From any thread. */
    public long refusedWrites() {
        return refused.value();
    }

    /** Idempotent; with the last queue the interface goes, and its addresses and routes. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            int ignored = libc.close(fd);
        }
    }
}
