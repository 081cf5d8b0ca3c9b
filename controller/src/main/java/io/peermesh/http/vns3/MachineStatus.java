package io.peermesh.http.vns3;

import io.peermesh.api.Product;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The machine that the controller runs on, read from /proc; what is not there is left empty. */
public final class MachineStatus {
    private final Path dataDirectory;
    private final InstantSource clock;

    /** The disk that matters is the one with the data directory. */
    public MachineStatus(Path dataDirectory, InstantSource clock) {
        this.dataDirectory = dataDirectory;
        this.clock = clock;
    }

    View read() {
        Instant now = clock.instant();
        List<String> memory = lines("/proc/meminfo");
        return new View(
                Times.rfc3339(now),
                now.getEpochSecond(),
                Product.VNS3_VERSION,
                System.getProperty("os.version", ""),
                uptimeSeconds(),
                lines("/proc/loadavg").stream()
                        .flatMap(line -> Stream.of(line.split(" ", -1)).limit(3))
                        .toList(),
                disk(),
                kilobytes(memory, "MemTotal", "MemAvailable"),
                kilobytes(memory, "SwapTotal", "SwapFree"),
                Map.of("container_system_running", false),
                Map.of("sysstat", List.of()));
    }

    private static long uptimeSeconds() {
        return lines("/proc/uptime").stream()
                .findFirst()
                .map(line -> (long) Double.parseDouble(line.split(" ", -1)[0]))
                .orElse(0L);
    }

    /** As {@code total N} and {@code free N}, in KiB. */
    private static List<String> kilobytes(List<String> memory, String total, String free) {
        return Stream.of(Map.entry("total", total), Map.entry("free", free))
                .flatMap(wanted ->
                        memory.stream()
                                .filter(line -> line.startsWith(wanted.getValue() + ":"))
                                .map(line -> wanted.getKey() + " " + line.replaceAll("[^0-9]", "")))
                .toList();
    }

    private List<List<String>> disk() {
        try {
            FileStore store = Files.getFileStore(dataDirectory);
            long total = store.getTotalSpace();
            long used = total - store.getUsableSpace();
            return List.of(
                    List.of(
                            store.name(),
                            gibibytes(total),
                            gibibytes(used),
                            (total == 0 ? 0 : used * 100 / total) + "%",
                            dataDirectory.toString()));
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static String gibibytes(long bytes) {
        return (bytes >> 30) + "G";
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException absent) {
            return List.of();
        }
    }

    record View(
            String timestamp,
            long timestampI,
            String vns3Version,
            String kernelVersion,
            long uptime,
            List<String> loadavg,
            List<List<String>> diskinfo,
            List<String> meminfo,
            List<String> swapinfo,
            Map<String, Boolean> containerSystem,
            Map<String, List<Object>> data) {}
}
