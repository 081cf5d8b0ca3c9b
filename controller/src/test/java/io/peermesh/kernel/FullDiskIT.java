package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.RestApi;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A controller whose disk is full. */
@ExtendWith(NeedsNamespaces.class)
class FullDiskIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PINGS = 20;

    @Test
    void saysSoKeepsTheTrafficAndRecovers() throws Exception {
        try (Rig rig = Rig.open()) {
            Path data = rig.folder().resolve("controller1");
            inRig(rig, "mkdir", data.toString());
            inRig(rig, "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", data.toString());
            try (var mesh = Deployment.calm(rig, Deployment.Options.usual(2))) {
                ControllerProcess controller = mesh.controller(1);
                var alice = mesh.attach("alice", 1, 1);
                var bob = mesh.attach("bob", 2, 2);
                assertThat(Traffic.reachesWithin(LIMIT, alice.machine(), bob.address())).isTrue();
                String pack = mesh.clientpack(3, 1);
                String filler = data.resolve("filler").toString();
                inRig(rig, "sh", "-c", "cat /dev/zero >" + filler + " 2>/dev/null; true");

                RestApi.Answer refused = fillUp(controller);
                int lost = Traffic.lost(alice.machine(), bob.address(), PINGS, "-i", "0.1");
                var carol = mesh.attach("carol", pack, "wireguard-go");
                boolean newcomer = Traffic.reachesWithin(LIMIT, carol.machine(), bob.address());
                boolean reads = controller.api().get("/api/config").ok();
                inRig(rig, "rm", filler);
                boolean recovered =
                        Waiting.untilTrue(LIMIT, () -> rename(controller, "again").ok());

                assertThat(refused.ok()).isFalse();
                assertThat(controller.process().log()).contains("the disk is full");
                assertThat(lost).isZero();
                assertThat(newcomer).isTrue();
                assertThat(reads).isTrue();
                assertThat(recovered).isTrue();
            }
        }
    }

    /** The database has some room within its files, so that the first writes may still fit. */
    private static RestApi.Answer fillUp(ControllerProcess controller) {
        RestApi.Answer answer = rename(controller, "c-0");
        for (int i = 1; i < 3000 && answer.ok(); i++) {
            answer = rename(controller, "c-" + i);
        }
        return answer;
    }

    private static RestApi.Answer rename(ControllerProcess controller, String name) {
        return controller.api().put("/api/config", Map.of("controller_name", name));
    }

    private static void inRig(Rig rig, String... command) throws IOException, InterruptedException {
        var whole = new ArrayList<>(List.of(rig.enterPrefix().split(" ")));
        whole.addAll(List.of(command));
        Path log = Files.createTempFile("in-rig", ".log");
        int exit =
                new ProcessBuilder(whole)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        String said = Files.readString(log);
        Files.delete(log);
        assertThat(exit).as(said).isZero();
    }
}
