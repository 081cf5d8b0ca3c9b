package io.peermesh.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What /proc/cpuinfo says about the processor. */
final class CpuFlags {
    private CpuFlags() {}

    /** Whether the processor has AES instructions. */
    static boolean hasAes() {
        try {
            return hasAes(Files.readAllLines(Path.of("/proc/cpuinfo")));
        } catch (IOException e) {
            return false; // no /proc: ChaCha20 is right on every processor
        }
    }

    /** The line is called "flags" on x86 and "Features" on ARM; the word is "aes" on both. */
    static boolean hasAes(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .map(line -> line.substring(line.indexOf(':') + 1))
                .anyMatch(words -> Arrays.asList(words.strip().split(" ", -1)).contains("aes"));
    }
}
