package io.peermesh.http.vns3;

import io.peermesh.admin.Machine;
import io.peermesh.api.Product;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The machine that the controller runs on, as the API has it. */
public final class MachineStatus {
    private final Machine machine;
    private final InstantSource clock;

    /** Of this machine. */
    public MachineStatus(Machine machine, InstantSource clock) {
        this.machine = machine;
        this.clock = clock;
    }

    View read() {
        Instant now = clock.instant();
        Machine.State state = machine.read();
        return new View(
                Times.rfc3339(now),
                now.getEpochSecond(),
                Product.VNS3_VERSION,
                state.kernel(),
                state.uptimeSeconds(),
                state.load(),
                state.diskName().isEmpty() ? List.of() : List.of(disk(state)),
                kibibytes(state.memory()),
                kibibytes(state.swap()),
                Map.of("container_system_running", false),
                Map.of("sysstat", List.of()));
    }

    private List<String> disk(Machine.State state) {
        return List.of(
                state.diskName(),
                gibibytes(state.disk().totalBytes()),
                gibibytes(state.disk().usedBytes()),
                state.disk().usedPercent() + "%",
                machine.dataDirectory().toString());
    }

    private static List<String> kibibytes(Machine.Space space) {
        return List.of("total " + space.totalBytes() / 1024, "free " + space.freeBytes() / 1024);
    }

    private static String gibibytes(long bytes) {
        return (bytes >> 30) + "G";
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
