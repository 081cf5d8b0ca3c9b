package io.peermesh.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * OpenSSL 3's libcrypto: the functions of its EVP interface that an AEAD needs, and the way to the
 * provider's own (provider(7)). Pointers are plain addresses, as in {@link Libc}.
 *
 * <p>Thread-safe; cipher contexts are not.
 */
final class Libcrypto {
    static final int CTRL_GET_TAG = 0x10;
    static final int CTRL_SET_TAG = 0x11;

    /** Where to look: the loader's own search first, then the usual folders. */
    static final List<String> NAMES =
            List.of(
                    "libcrypto.so.3",
                    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
                    "/usr/lib/aarch64-linux-gnu/libcrypto.so.3",
                    "/usr/lib64/libcrypto.so.3",
                    "/usr/lib/libcrypto.so.3");

    private static final int VERSION_STRING = 6;
    private static final long INIT_NO_ATEXIT = 0x00080000L;
    private static final int OPERATION_CIPHER = 2;

    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle INT_OF_P6 = handle(INT, LONG, LONG, LONG, LONG, LONG, INT);
    private static final MethodHandle INT_OF_UPDATE = handle(INT, LONG, LONG, LONG, LONG, INT);
    private static final MethodHandle INT_OF_3 = handle(INT, LONG, LONG, LONG);
    private static final MethodHandle INT_OF_CTRL = handle(INT, LONG, INT, INT, LONG);
    private static final MethodHandle INT_OF_2 = handle(INT, LONG, LONG);
    private static final MethodHandle POINTER_OF_0 = handle(LONG);
    private static final MethodHandle POINTER_OF_1 = handle(LONG, LONG);
    private static final MethodHandle POINTER_OF_3 = handle(LONG, LONG, LONG, LONG);
    private static final MethodHandle POINTER_OF_INT = handle(LONG, INT);
    private static final MethodHandle POINTER_OF_QUERY = handle(LONG, LONG, INT, LONG);
    private static final MethodHandle VOID_OF_1 =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private final MemorySegment cipherInit;
    private final MemorySegment cipherUpdate;
    private final MemorySegment cipherFinal;
    private final MemorySegment contextControl;
    private final MemorySegment contextNew;
    private final MemorySegment contextFree;
    private final MemorySegment cipherFetch;
    private final MemorySegment cipherProvider;
    private final MemorySegment providerQuery;
    private final MemorySegment providerContext;
    private final String version;

    private Libcrypto(SymbolLookup library) {
        cipherInit = library.findOrThrow("EVP_CipherInit_ex");
        cipherUpdate = library.findOrThrow("EVP_CipherUpdate");
        cipherFinal = library.findOrThrow("EVP_CipherFinal_ex");
        contextControl = library.findOrThrow("EVP_CIPHER_CTX_ctrl");
        contextNew = library.findOrThrow("EVP_CIPHER_CTX_new");
        contextFree = library.findOrThrow("EVP_CIPHER_CTX_free");
        cipherFetch = library.findOrThrow("EVP_CIPHER_fetch");
        cipherProvider = library.findOrThrow("EVP_CIPHER_get0_provider");
        providerQuery = library.findOrThrow("OSSL_PROVIDER_query_operation");
        providerContext = library.findOrThrow("OSSL_PROVIDER_get0_provider_ctx");
        keepAfterExit(library.findOrThrow("OPENSSL_init_crypto"));
        version = version(library.findOrThrow("OpenSSL_version"));
    }

    private static MethodHandle handle(MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(result, arguments));
    }

    /**
     * Loads the library under the first of these names that exists.
     *
     * @return empty when this host has no libcrypto.so.3
     * @throws java.util.NoSuchElementException when it has one that lacks a function
     */
    static Optional<Libcrypto> load(List<String> names) {
        return names.stream().flatMap(name -> open(name).stream()).findFirst().map(Libcrypto::new);
    }

    private static Optional<SymbolLookup> open(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not under this name
        }
    }

    /** The library must not tear itself down at exit() while another thread still seals. */
    private static void keepAfterExit(MemorySegment init) {
        try {
            int ignored = (int) INT_OF_2.invokeExact(init, INIT_NO_ATEXIT, 0L);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    private static String version(MemorySegment function) {
        try {
            return text((long) POINTER_OF_INT.invokeExact(function, VERSION_STRING));
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** A zero-terminated string of the library. */
    static String text(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Such as "3.0.19". */
    String version() {
        return version;
    }

    /** The implementation of an algorithm, for the life of the process; 0 when there is none. */
    long fetch(String algorithm) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(algorithm).address();
            return (long) POINTER_OF_3.invokeExact(cipherFetch, 0L, name, 0L);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    long newContext() {
        try {
            return (long) POINTER_OF_0.invokeExact(contextNew);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** Wipes and frees. */
    void freeContext(long context) {
        try {
            VOID_OF_1.invokeExact(contextFree, context);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** Sets what is not 0; {@code encrypt} is 1 to seal, 0 to open. */
    boolean init(long context, long cipher, long key, long nonce, int encrypt) {
        try {
            return (int) INT_OF_P6.invokeExact(cipherInit, context, cipher, 0L, key, nonce, encrypt)
                    == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** With {@code to} = 0 the bytes are additional data. */
    boolean update(long context, long to, long lengthAddress, long from, int bytes) {
        try {
            return (int)
                            INT_OF_UPDATE.invokeExact(
                                    cipherUpdate, context, to, lengthAddress, from, bytes)
                    == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** When opening: whether the tag is right. */
    boolean finish(long context, long to, long lengthAddress) {
        try {
            return (int) INT_OF_3.invokeExact(cipherFinal, context, to, lengthAddress) == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    boolean control(long context, int command, int bytes, long address) {
        try {
            return (int) INT_OF_CTRL.invokeExact(contextControl, context, command, bytes, address)
                    == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** The provider that implements a cipher. */
    long providerOf(long cipher) {
        try {
            return (long) POINTER_OF_1.invokeExact(cipherProvider, cipher);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** What the provider's own functions take as their context. */
    long providerContext(long provider) {
        try {
            return (long) POINTER_OF_1.invokeExact(providerContext, provider);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** The provider's OSSL_ALGORITHM table of ciphers; 0 when it has none. */
    long cipherTable(long provider) {
        try (Arena arena = Arena.ofConfined()) {
            long noStore = arena.allocate(ValueLayout.JAVA_INT).address();
            return (long)
                    POINTER_OF_QUERY.invokeExact(
                            providerQuery, provider, OPERATION_CIPHER, noStore);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }
}
