package io.peermesh.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * The system calls that Peermesh makes. Results follow the kernel's own convention: zero or a
 * positive number on success, the negated {@link Errno} on failure, so that the packet path needs
 * neither an exception nor a second call to learn what happened.
 *
 * <p>Pointers are plain addresses: no segment per call, nothing allocated. Nobody checks that the
 * memory behind them lives; callers use memory that lives longer than the call.
 *
 * <p>Not thread-safe: an instance holds the slot where the linker leaves errno. Each owner of a
 * file descriptor has its own.
 */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

    private static final MethodHandle SOCKET = intCall("socket", INT, INT, INT);
    private static final MethodHandle BIND = intCall("bind", INT, LONG, INT);
    private static final MethodHandle CONNECT = intCall("connect", INT, LONG, INT);
    private static final MethodHandle GETSOCKNAME = intCall("getsockname", INT, LONG, LONG);
    private static final MethodHandle SETSOCKOPT = intCall("setsockopt", INT, INT, INT, LONG, INT);
    private static final MethodHandle GETSOCKOPT = intCall("getsockopt", INT, INT, INT, LONG, LONG);
    private static final MethodHandle RECVMMSG = intCall("recvmmsg", INT, LONG, INT, INT, LONG);
    private static final MethodHandle SENDMMSG = intCall("sendmmsg", INT, LONG, INT, INT);
    private static final MethodHandle SENDMSG = longCall("sendmsg", INT, LONG, INT);
    private static final MethodHandle POLL = intCall("poll", LONG, LONG, INT);
    private static final MethodHandle EVENTFD = intCall("eventfd", INT, INT);
    private static final MethodHandle READ = longCall("read", INT, LONG, LONG);
    private static final MethodHandle WRITE = longCall("write", INT, LONG, LONG);
    private static final MethodHandle CLOSE = intCall("close", INT);
    private static final MethodHandle GETPRIORITY = intCall("getpriority", INT, INT);
    private static final MethodHandle SETPRIORITY = intCall("setpriority", INT, INT, INT);
    private static final MethodHandle OPEN = variadic("open", LONG, INT, INT);
    private static final MethodHandle IOCTL = variadic("ioctl", INT, LONG, LONG);
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(
                    symbol("strerror"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    /** Freed by the collector: an owner that was closed needs it no more. */
    private final MemorySegment captured =
            Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    private static MethodHandle intCall(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments), ERRNO);
    }

    private static MethodHandle longCall(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name), FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments), ERRNO);
    }

    /** A C function whose arguments after the second are variadic. */
    private static MethodHandle variadic(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                symbol(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                ERRNO,
                Linker.Option.firstVariadicArg(2));
    }

    private static MemorySegment symbol(String name) {
        SymbolLookup lookup = LINKER.defaultLookup();
        return lookup.find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library lacks " + name));
    }

    private int result(int returned) {
        return returned >= 0 ? returned : -captured.get(ValueLayout.JAVA_INT, 0);
    }

    private long result(long returned) {
        return returned >= 0 ? returned : -captured.get(ValueLayout.JAVA_INT, 0);
    }

    /** A downcall declares Throwable but throws only what a bug in these bindings would. */
    static AssertionError broken(Throwable cause) {
        return new AssertionError("native call binding", cause);
    }

    int socket(int family, int type, int protocol) {
        try {
            return result((int) SOCKET.invokeExact(captured, family, type, protocol));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int bind(int fd, long address, int addressBytes) {
        try {
            return result((int) BIND.invokeExact(captured, fd, address, addressBytes));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int connect(int fd, long address, int addressBytes) {
        try {
            return result((int) CONNECT.invokeExact(captured, fd, address, addressBytes));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int getsockname(int fd, long address, long lengthAddress) {
        try {
            return result((int) GETSOCKNAME.invokeExact(captured, fd, address, lengthAddress));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int setsockopt(int fd, int level, int option, long value, int valueBytes) {
        try {
            return result(
                    (int) SETSOCKOPT.invokeExact(captured, fd, level, option, value, valueBytes));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int getsockopt(int fd, int level, int option, long value, long lengthAddress) {
        try {
            return result(
                    (int)
                            GETSOCKOPT.invokeExact(
                                    captured, fd, level, option, value, lengthAddress));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Never with a timeout: the kernel's is checked only after a datagram came. */
    int recvmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) RECVMMSG.invokeExact(captured, fd, messages, count, flags, 0L));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int sendmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) SENDMMSG.invokeExact(captured, fd, messages, count, flags));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    long sendmsg(int fd, long message, int flags) {
        try {
            return result((long) SENDMSG.invokeExact(captured, fd, message, flags));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int poll(long pollfds, long count, int timeoutMillis) {
        try {
            return result((int) POLL.invokeExact(captured, pollfds, count, timeoutMillis));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The nice value itself, which may be negative; errors are not told from -1. */
    int getpriority(int which, int who) {
        try {
            return (int) GETPRIORITY.invokeExact(captured, which, who);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int setpriority(int which, int who, int nice) {
        try {
            return result((int) SETPRIORITY.invokeExact(captured, which, who, nice));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int eventfd(int initial, int flags) {
        try {
            return result((int) EVENTFD.invokeExact(captured, initial, flags));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    long read(int fd, long buffer, long bytes) {
        try {
            return result((long) READ.invokeExact(captured, fd, buffer, bytes));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    long write(int fd, long buffer, long bytes) {
        try {
            return result((long) WRITE.invokeExact(captured, fd, buffer, bytes));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Without O_CREAT, so without a mode. */
    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return result(
                    (int) OPEN.invokeExact(captured, arena.allocateFrom(path).address(), flags, 0));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** {@code argument} is an address or a plain number, as the request says. */
    int ioctl(int fd, long request, long argument) {
        try {
            return result((int) IOCTL.invokeExact(captured, fd, request, argument));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    int close(int fd) {
        try {
            return result((int) CLOSE.invokeExact(captured, fd));
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The C library's words for an error number, such as "Device or resource busy". */
    static String strerror(int errno) {
        try {
            var text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0, StandardCharsets.UTF_8);
        } catch (Throwable e) {
            throw broken(e);
        }
    }
}
