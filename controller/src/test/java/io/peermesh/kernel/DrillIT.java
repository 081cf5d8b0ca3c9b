package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.time.Duration;
import java.util.List;
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
            JsonNode drill = drilled(mesh.controller(1));

            assertThat(drill.path("outage_micros").asLong(0))
                    .as(drill.toString())
                    .isBetween(20_000L, SECONDS * 1_000_000L - 1);
            assertThat(drill.at("/measures/detect_micros").asLong(0)).isPositive();
            mesh.awaitLinks();
        }
    }

    @Test
    void lastsAsLongWithoutATunAndSaysWhyNothingIsMeasured() {
        var options = new Deployment.Options(3, Deployment.Underlay.IPV4, "none", List.of());
        try (Rig rig = Rig.open();
                var mesh = Deployment.started(rig, options)) {
            JsonNode drill = drilled(mesh.controller(1));

            assertThat(drill.has("outage_micros")).as(drill.toString()).isFalse();
            assertThat(drill.path("obstacle").asString()).contains("--tun none");
            assertThat(drill.at("/measures/detect_micros").asLong(0)).isPositive();
            mesh.awaitLinks();
        }
    }

    /** Drills the link to controller 2, which answers again when it is over. */
    private static JsonNode drilled(ControllerProcess controller) {
        boolean known = Waiting.untilTrue(LIMIT, () -> nMinusOne(controller).size() == 6);
        assertThat(known).as(nMinusOne(controller).toString()).isTrue();
        var body = Map.of("peer", 2, "seconds", SECONDS);
        long begin = System.nanoTime();
        var started = controller.api().post("/api/mesh/v1/drills", body);
        assertThat(started.ok()).as(started.text()).isTrue();
        boolean over =
                Waiting.untilTrue(LIMIT, () -> !drill(controller).path("running").asBoolean(true));

        JsonNode drill = drill(controller);
        assertThat(over).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThan(SECONDS * 1_000_000_000L);
        assertThat(drill.path("ending").asString()).as(drill.toString()).isEqualTo("over");
        assertThat(drill.path("return_micros").asLong(-1)).isNotNegative();
        JsonNode event = controller.api().get("/api/mesh/v1/events?kind=drill").response().path(0);
        assertThat(event.path("cause").asString()).isEqualTo("drill");
        assertThat(event.at("/measures/return_micros").asLong(-1)).isNotNegative();
        return drill;
    }

    private static JsonNode drill(ControllerProcess controller) {
        return controller.api().get("/api/mesh/v1/drills").response().path(0);
    }

    private static JsonNode nMinusOne(ControllerProcess controller) {
        return controller.api().get("/api/mesh/v1/n-1").response().path("failures");
    }
}
