package io.peermesh.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/**
 * One cipher of a libcrypto provider, called by its dispatch table (provider-cipher(7)) and not
 * through EVP, which saves about 100 ns of a packet's 650. The table is a documented, stable
 * interface of OpenSSL 3; numbers from {@code core_dispatch.h}.
 *
 * <pre>
 *  OSSL_ALGORITHM  0       8            16         24
 *                  | names | properties | dispatch | description |   names "A:B:C", 0 ends the table
 *  OSSL_DISPATCH   0             8
 *                  | id | pad    | function |                        id 0 ends the table
 * </pre>
 */
final class ProviderCipher {
    private static final int ALGORITHM_BYTES = 32;
    private static final int DISPATCH_BYTES = 16;
    private static final int NEW_CONTEXT = 1;
    private static final int ENCRYPT_INIT = 2;
    private static final int DECRYPT_INIT = 3;
    private static final int UPDATE = 4;
    private static final int FINAL = 5;
    private static final int FREE_CONTEXT = 7;
    private static final int GET_PARAMETERS = 10;
    private static final int SET_PARAMETERS = 11;
    private static final int LAST = 11;

    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle NEW = handle(LONG, LONG);
    private static final MethodHandle INIT = handle(INT, LONG, LONG, LONG, LONG, LONG, LONG);
    private static final MethodHandle TRANSFORM = handle(INT, LONG, LONG, LONG, LONG, LONG, LONG);
    private static final MethodHandle FINISH = handle(INT, LONG, LONG, LONG, LONG);
    private static final MethodHandle PARAMETERS = handle(INT, LONG, LONG);
    private static final MethodHandle FREE =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

    private final long providerContext;
    private final MemorySegment newContext;
    private final MemorySegment encryptInit;
    private final MemorySegment decryptInit;
    private final MemorySegment update;
    private final MemorySegment finish;
    private final MemorySegment freeContext;
    private final MemorySegment getParameters;
    private final MemorySegment setParameters;

    private ProviderCipher(long providerContext, MemorySegment[] functions) {
        this.providerContext = providerContext;
        newContext = functions[NEW_CONTEXT];
        encryptInit = functions[ENCRYPT_INIT];
        decryptInit = functions[DECRYPT_INIT];
        update = functions[UPDATE];
        finish = functions[FINAL];
        freeContext = functions[FREE_CONTEXT];
        getParameters = functions[GET_PARAMETERS];
        setParameters = functions[SET_PARAMETERS];
    }

    private static MethodHandle handle(MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(result, arguments));
    }

    /** Empty when the provider does not show this cipher or lacks one of its functions. */
    static Optional<ProviderCipher> find(Libcrypto library, long cipher, String algorithm) {
        long provider = library.providerOf(cipher);
        long table = provider == 0 ? 0 : library.cipherTable(provider);
        if (table == 0) {
            return Optional.empty();
        }
        MemorySegment rows = unbounded(table);
        for (long at = 0; rows.get(ValueLayout.JAVA_LONG, at) != 0; at += ALGORITHM_BYTES) {
            String names = Libcrypto.text(rows.get(ValueLayout.JAVA_LONG, at));
            if (Arrays.asList(names.split(":", -1)).contains(algorithm)) {
                MemorySegment[] functions =
                        functions(unbounded(rows.get(ValueLayout.JAVA_LONG, at + 16)));
                return isComplete(functions)
                        ? Optional.of(
                                new ProviderCipher(library.providerContext(provider), functions))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static MemorySegment unbounded(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE);
    }

    private static MemorySegment[] functions(MemorySegment dispatch) {
        MemorySegment[] functions = new MemorySegment[LAST + 1];
        Arrays.fill(functions, MemorySegment.NULL);
        int id = dispatch.get(ValueLayout.JAVA_INT, 0);
        for (long at = 0; id != 0; id = dispatch.get(ValueLayout.JAVA_INT, at)) {
            if (id > 0 && id <= LAST) {
                functions[id] = dispatch.get(ValueLayout.ADDRESS, at + 8);
            }
            at += DISPATCH_BYTES;
        }
        return functions;
    }

    private static boolean isComplete(MemorySegment[] functions) {
        int[] needed = {
            NEW_CONTEXT,
            ENCRYPT_INIT,
            DECRYPT_INIT,
            UPDATE,
            FINAL,
            FREE_CONTEXT,
            GET_PARAMETERS,
            SET_PARAMETERS
        };
        return Arrays.stream(needed).noneMatch(id -> functions[id].address() == 0);
    }

    long newContext() {
        try {
            return (long) NEW.invokeExact(newContext, providerContext);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** Wipes and frees. */
    void freeContext(long context) {
        try {
            FREE.invokeExact(freeContext, context);
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** Sets key and nonce, each unless its address is 0, and the direction. */
    boolean init(boolean seal, long context, long key, long keyBytes, long nonce, long nonceBytes) {
        MemorySegment init = seal ? encryptInit : decryptInit; // invokeExact needs its exact type
        try {
            return (int) INIT.invokeExact(init, context, key, keyBytes, nonce, nonceBytes, 0L) == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** With {@code to} = 0 the bytes are additional data. */
    boolean update(long context, long to, long lengthAddress, long from, long bytes) {
        try {
            return (int)
                            TRANSFORM.invokeExact(
                                    update, context, to, lengthAddress, bytes, from, bytes)
                    == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    /** When opening: whether the tag is right. */
    boolean finish(long context, long to, long lengthAddress) {
        try {
            return (int) FINISH.invokeExact(finish, context, to, lengthAddress, 16L) == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    boolean getParameters(long context, long parameters) {
        try {
            return (int) PARAMETERS.invokeExact(getParameters, context, parameters) == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    boolean setParameters(long context, long parameters) {
        try {
            return (int) PARAMETERS.invokeExact(setParameters, context, parameters) == 1;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }
}
