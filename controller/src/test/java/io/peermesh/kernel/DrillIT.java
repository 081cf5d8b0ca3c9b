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
import tools.jackson.databind.JsonNode;

/** A failover drill takes a link down, measures, and leaves everything as it was. */
@ExtendWith(NeedsNamespaces.class)
class DrillIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int SECONDS = 3;

    @Test
    void measuresAnOutageThatIsShorterThanTheDrill() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.started(rig, Deployment.Options.usual(3))) {
            ControllerProcess controller = mesh.controller(1);
            boolean known = Waiting.untilTrue(LIMIT, () -> nMinusOne(controller).size() == 6);
            assertThat(known).as(nMinusOne(controller).toString()).isTrue();

            var started =
                    controller
                            .api()
                            .post("/api/mesh/v1/drills", Map.of("peer", 2, "seconds", SECONDS));
            assertThat(started.ok()).as(started.text()).isTrue();
            boolean over =
                    Waiting.untilTrue(
                            LIMIT, () -> !drill(controller).path("running").asBoolean(true));

            JsonNode drill = drill(controller);
            assertThat(over).isTrue();
            assertThat(drill.path("outage_micros").asLong(0))
                    .as(drill.toString())
                    .isBetween(20_000L, SECONDS * 1_000_000L - 1);
            assertThat(drill.at("/measures/detect_micros").asLong(0)).isPositive();
            assertThat(
                            controller
                                    .api()
                                    .get("/api/mesh/v1/events?kind=drill")
                                    .response()
                                    .at("/0/cause")
                                    .asString())
                    .isEqualTo("drill");
            mesh.awaitLinks();
        }
    }

    private static JsonNode drill(ControllerProcess controller) {
        return controller.api().get("/api/mesh/v1/drills").response().path(0);
    }

    private static JsonNode nMinusOne(ControllerProcess controller) {
        return controller.api().get("/api/mesh/v1/n-1").response().path("failures");
    }
}
