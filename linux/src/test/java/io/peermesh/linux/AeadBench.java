package io.peermesh.linux;

import io.peermesh.crypto.Aead;
import io.peermesh.crypto.AeadProvider;
import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.frame.Mem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/**
 * Prints ns per packet of each way to seal and open, as the 5th and 50th percentile of windows of
 * 512 packets. Not a test: run its main, without assertions.
 */
@NullMarked
final class AeadBench {
    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 2048;
    private static final int WINDOW = 512;
    private static final int WINDOWS = 400;
    private static final int WARM_UP_WINDOWS = 150;

    private AeadBench() {}

    @SuppressWarnings("SystemOut") // its whole purpose
    public static void main(String[] args) {
        long memory = Mem.allocate((long) SLOTS * SLOT_BYTES);
        System.out.printf(
                "%-26s %-18s %5s %13s %13s%n",
                "provider", "suite", "bytes", "seal p5/p50", "open p5/p50");
        for (Map.Entry<String, AeadProvider> provider : providers().entrySet()) {
            for (CipherSuite suite : CipherSuite.values()) {
                for (int bytes : new int[] {1420, 100}) {
                    try (Aead aead = provider.getValue().create(suite, new byte[32])) {
                        long[][] nanos = measure(aead, memory, bytes);
                        System.out.printf(
                                "%-26s %-18s %5d %13s %13s%n",
                                provider.getKey(),
                                suite,
                                bytes,
                                percentiles(nanos[0]),
                                percentiles(nanos[1]));
                    }
                }
            }
        }
    }

    private static Map<String, AeadProvider> providers() {
        var providers = new LinkedHashMap<String, AeadProvider>();
        for (String words : new String[] {"", "no-dispatch"}) {
            if (LibcryptoProvider.find(Switches.parse(words))
                    instanceof LibcryptoProvider.Found found) {
                providers.put(found.provider().name(), found.provider());
            }
        }
        providers.put("JDK", new JdkAeadProvider(true));
        return providers;
    }

    private static long[][] measure(Aead aead, long memory, int bytes) {
        long[][] nanos = new long[2][WINDOWS];
        long counter = 0;
        for (int window = -WARM_UP_WINDOWS; window < WINDOWS; window++) {
            // Without additional data, as to a stock client. Slots are sealed, then opened.
            for (int pass = 0; pass < WINDOW / SLOTS; pass++) {
                long start = System.nanoTime();
                for (int i = 0; i < SLOTS; i++) {
                    long at = memory + (long) i * SLOT_BYTES;
                    aead.seal(counter + i, at, 0, at, bytes, at);
                }
                long middle = System.nanoTime();
                for (int i = 0; i < SLOTS; i++) {
                    long at = memory + (long) i * SLOT_BYTES;
                    if (!aead.open(counter + i, at, 0, at, bytes + Aead.TAG_BYTES, at)) {
                        throw new IllegalStateException("not authentic");
                    }
                }
                long end = System.nanoTime();
                counter += SLOTS;
                if (window >= 0) {
                    nanos[0][window] += middle - start;
                    nanos[1][window] += end - middle;
                }
            }
        }
        return nanos;
    }

    private static String percentiles(long[] windows) {
        Arrays.sort(windows);
        return windows[windows.length / 20] / WINDOW + "/" + windows[windows.length / 2] / WINDOW;
    }
}
