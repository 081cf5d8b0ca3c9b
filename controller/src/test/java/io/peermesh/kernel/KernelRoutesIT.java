package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Routes with an interface or a gateway are in the controller's kernel, and nowhere else. */
@ExtendWith(NeedsNamespaces.class)
class KernelRoutesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void routesComeGoAndOutliveAKill() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.started(rig, Deployment.Options.usual(1))) {
            ControllerProcess controller = mesh.controller(1);
            post(controller, Map.of("cidr", "10.77.0.0/16", "interface", "eth0"));
            post(controller, Map.of("cidr", "10.78.0.0/16", "interface", "eth7"));
            post(controller, Map.of("cidr", "10.79.0.0/16", "gateway", "203.0.113.9"));

            assertThat(shows(controller, "10.77.0.0/16")).isTrue();
            assertThat(Waiting.untilTrue(LIMIT, () -> msg(controller, 2).contains("eth7")))
                    .isTrue();
            assertThat(msg(controller, 1)).isEmpty();
            assertThat(msg(controller, 3)).contains("203.0.113.9 is on no network");

            controller.kill();
            assertThat(ours(controller)).contains("10.77.0.0/16");
            controller.startAgain();
            controller.awaitApi();
            post(controller, Map.of("cidr", "10.80.0.0/16", "interface", "eth0"));
            assertThat(shows(controller, "10.80.0.0/16")).isTrue();
            assertThat(ours(controller)).contains("10.77.0.0/16");

            controller.api().delete("/api/routes/1");
            boolean gone =
                    Waiting.untilTrue(LIMIT, () -> !ours(controller).contains("10.77.0.0/16"));
            assertThat(gone).isTrue();
            controller.stop();
            assertThat(ours(controller)).isEmpty();
        }
    }

    private static void post(ControllerProcess controller, Map<String, String> route) {
        assertThat(controller.api().post("/api/routes", route).ok()).isTrue();
    }

    private static boolean shows(ControllerProcess controller, String prefix) {
        return Waiting.untilTrue(LIMIT, () -> ours(controller).contains(prefix));
    }

    private static String ours(ControllerProcess controller) {
        return controller.machine().must("ip", "route", "show", "proto", "155").strip();
    }

    private static String msg(ControllerProcess controller, int id) {
        return controller.api().get("/api/routes").response().at("/" + id + "/msg").asString();
    }
}
