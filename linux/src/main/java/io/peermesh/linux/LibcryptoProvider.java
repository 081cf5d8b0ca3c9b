package io.peermesh.linux;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.frame.Mem;
import io.peermesh.linux.Switches.Switch;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The ciphers of OpenSSL 3's libcrypto. At start both suites must reproduce a known answer through
 * EVP; the provider's functions are called directly when they give the same bytes.
 *
 * <p>Thread-safe.
 */
public final class LibcryptoProvider implements AeadProvider {
    /** Sizes that the start-up comparison covers: empty, parts of a block, many blocks. */
    private static final int[] CHECKED_SIZES = {0, 1, 15, 16, 17, 64, 255, 1420};

    private static final int CHECK_BYTES = 2048;
    private static final int KEY_BYTES = 32;

    /**
     * Sealed under the key 00 01 .. 1f with counter 1: the tag of no text and the 16 bytes of
     * additional data 00 01 .. 0f. LibcryptoProviderTest derives them from the JDK's ciphers.
     */
    static final String KNOWN_CHACHA = "4489de0a2321c2cffa78bec5fe6a18f3";

    /** As {@link #KNOWN_CHACHA}. */
    static final String KNOWN_AES = "a8d0001baef959ae17c3d3a9bae0b783";

    private final Libcrypto library;
    private final long chacha;
    private final long aes;
    private final Optional<ProviderCipher> directChacha;
    private final Optional<ProviderCipher> directAes;
    private final boolean fastAes;

    private LibcryptoProvider(Libcrypto library, long chacha, long aes, boolean fastAes) {
        this(library, chacha, aes, fastAes, Optional.empty(), Optional.empty());
    }

    private LibcryptoProvider(
            Libcrypto library,
            long chacha,
            long aes,
            boolean fastAes,
            Optional<ProviderCipher> directChacha,
            Optional<ProviderCipher> directAes) {
        this.library = library;
        this.chacha = chacha;
        this.aes = aes;
        this.fastAes = fastAes;
        this.directChacha = directChacha;
        this.directAes = directAes;
    }

    /** The result of looking for libcrypto. */
    public sealed interface Search {}

    /** It is here and works. */
    public record Found(LibcryptoProvider provider) implements Search {}

    /**
     * It is not used.
     *
     * @param reason for the operator
     */
    public record Missing(String reason) implements Search {}

    /** Looks for libcrypto and tries it. */
    public static Search find(Switches switches) {
        return find(switches, Libcrypto.NAMES);
    }

    static Search find(Switches switches, List<String> names) {
        if (!switches.allows(Switch.LIBCRYPTO)) {
            return new Missing("switched off by " + Switch.LIBCRYPTO.word());
        }
        try {
            return Libcrypto.load(names)
                    .map(library -> tryOut(library, switches))
                    .orElse(new Missing("this host has no libcrypto.so.3 (OpenSSL 3)"));
        } catch (NoSuchElementException e) {
            return new Missing("libcrypto.so.3 lacks a function: " + e.getMessage());
        }
    }

    private static Search tryOut(Libcrypto library, Switches switches) {
        long chacha = library.fetch("ChaCha20-Poly1305");
        long aes = library.fetch("AES-256-GCM");
        if (chacha == 0 || aes == 0) {
            return new Missing(
                    "libcrypto " + library.version() + " offers not both ciphers (FIPS mode?)");
        }
        boolean fastAes = switches.allows(Switch.AES) && CpuFlags.hasAes();
        var evp = new LibcryptoProvider(library, chacha, aes, fastAes);
        if (!evp.givesKnownAnswers()) {
            return new Missing("libcrypto " + library.version() + " gives wrong answers");
        }
        if (!switches.allows(Switch.DISPATCH)) {
            return new Found(evp);
        }
        var direct =
                new LibcryptoProvider(
                        library,
                        chacha,
                        aes,
                        fastAes,
                        ProviderCipher.find(library, chacha, "ChaCha20-Poly1305"),
                        ProviderCipher.find(library, aes, "AES-256-GCM"));
        return new Found(direct.isDirect() && direct.agreesWith(evp) ? direct : evp);
    }

    @Override
    public Aead create(CipherSuite suite, byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        Optional<ProviderCipher> direct =
                switch (suite) {
                    case CHACHA20_POLY1305 -> directChacha;
                    case AES_256_GCM -> directAes;
                };
        if (direct.isPresent()) {
            return new DispatchAead(direct.get(), key);
        }
        long cipher =
                switch (suite) {
                    case CHACHA20_POLY1305 -> chacha;
                    case AES_256_GCM -> aes;
                };
        return new EvpAead(library, cipher, key);
    }

    /** Whether the provider's functions are called directly. */
    boolean isDirect() {
        return directChacha.isPresent() && directAes.isPresent();
    }

    @Override
    public boolean hasFastAes() {
        return fastAes;
    }

    @Override
    public String name() {
        return "libcrypto " + library.version() + (isDirect() ? "" : " (EVP)");
    }

    private boolean givesKnownAnswers() {
        return knownTag(CipherSuite.CHACHA20_POLY1305).equals(KNOWN_CHACHA)
                && knownTag(CipherSuite.AES_256_GCM).equals(KNOWN_AES);
    }

    /** The tag that {@link #KNOWN_CHACHA} describes. */
    String knownTag(CipherSuite suite) {
        try (Arena arena = Arena.ofConfined();
                Aead aead = create(suite, countingBytes(KEY_BYTES))) {
            long memory = Mem.allocate(arena, 64);
            Mem.copy(countingBytes(16), 0, memory, 16);
            aead.seal(1, memory, 16, memory + 16, 0, memory + 16);
            return HexFormat.of().formatHex(Mem.toBytes(memory + 16, Aead.TAG_BYTES));
        }
    }

    private static byte[] countingBytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private boolean agreesWith(LibcryptoProvider other) {
        try (Arena arena = Arena.ofConfined()) {
            long mine = Mem.allocate(arena, CHECK_BYTES);
            long theirs = Mem.allocate(arena, CHECK_BYTES);
            for (CipherSuite suite : CipherSuite.values()) {
                if (!agrees(other, suite, mine, theirs)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Seals the same both ways, opens each other's, refuses what was tampered with. */
    private boolean agrees(LibcryptoProvider other, CipherSuite suite, long mine, long theirs) {
        byte[] key = countingBytes(KEY_BYTES);
        try (Aead a = create(suite, key);
                Aead b = other.create(suite, key)) {
            boolean same = true;
            for (int bytes : CHECKED_SIZES) {
                for (int aadBytes = 0; aadBytes <= 16; aadBytes += 16) {
                    byte[] text = countingBytes(16 + bytes);
                    Mem.copy(text, 0, mine, text.length);
                    Mem.copy(text, 0, theirs, text.length);
                    a.seal(bytes, mine, aadBytes, mine + 16, bytes, mine + 16);
                    b.seal(bytes, theirs, aadBytes, theirs + 16, bytes, theirs + 16);
                    int sealed = bytes + Aead.TAG_BYTES;
                    same &=
                            Arrays.equals(
                                    Mem.toBytes(mine, 16 + sealed),
                                    Mem.toBytes(theirs, 16 + sealed));
                    same &= a.open(bytes, theirs, aadBytes, theirs + 16, sealed, theirs + 16);
                    same &= Arrays.equals(Mem.toBytes(theirs, 16 + bytes), text);
                    Mem.put8(mine + 16, Mem.u8(mine + 16) ^ 1);
                    same &= !a.open(bytes, mine, aadBytes, mine + 16, sealed, mine + 16);
                }
            }
            return same;
        } catch (IllegalStateException e) {
            return false; // a function refused: stay with EVP
        }
    }
}
