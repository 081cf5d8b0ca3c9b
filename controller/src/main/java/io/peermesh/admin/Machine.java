package io.peermesh.admin;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The machine that the controller runs on, read from /proc. Safe from any thread. */
public final class Machine {
    private final Path dataDirectory;

    /** The disk that matters is the one with the data directory. */
    public Machine(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /**
     * What can be said of it now; what cannot be read is empty or 0.
     *
     * @param load averages over 1, 5 and 15 minutes
     * @param disk of the data directory
     */
    public record State(
            String kernel,
            int processors,
            long uptimeSeconds,
            List<String> load,
            Space memory,
            Space swap,
            Space disk,
            String diskName) {}

    /** Total and free bytes. */
    public record Space(long totalBytes, long freeBytes) {
        /** Bytes in use. */
        public long usedBytes() {
            return totalBytes - freeBytes;
        }

        /** Of 100. */
        public long usedPercent() {
            return totalBytes == 0 ? 0 : usedBytes() * 100 / totalBytes;
        }
    }

    /** Reads it. */
    public State read() {
        List<String> memory = lines("/proc/meminfo");
        String diskName = "";
        var disk = new Space(0, 0);
        try {
            FileStore store = Files.getFileStore(dataDirectory);
            diskName = store.name();
            disk = new Space(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException unreadable) {
            // it is left empty
        }
        return new State(
                System.getProperty("os.version", ""),
                Runtime.getRuntime().availableProcessors(),
                uptimeSeconds(),
                lines("/proc/loadavg").stream()
                        .flatMap(line -> Stream.of(line.split(" ", -1)).limit(3))
                        .toList(),
                new Space(bytes(memory, "MemTotal"), bytes(memory, "MemAvailable")),
                new Space(bytes(memory, "SwapTotal"), bytes(memory, "SwapFree")),
                disk,
                diskName);
    }

    /** Where the data directory is. */
    public Path dataDirectory() {
        return dataDirectory;
    }

    private static long uptimeSeconds() {
        return lines("/proc/uptime").stream()
                .findFirst()
                .map(line -> (long) Double.parseDouble(line.split(" ", -1)[0]))
                .orElse(0L);
    }

    private static long bytes(List<String> memory, String name) {
        return memory.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0L);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException absent) {
            return List.of();
        }
    }
}
