package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Child;
import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Door;
import io.peermesh.demo.Launcher;
import io.peermesh.demo.RestApi;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Routes with an interface or a gateway are in the controller's kernel, and nowhere else. */
@ExtendWith(NeedsNamespaces.class)
class KernelRoutesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int SECOND_PORT = 8001;

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

    @Test
    void twoControllersInOneNamespaceLetEachOthersRoutesBe() throws IOException {
        try (Rig rig = Rig.open();
                var mesh = Deployment.started(rig, Deployment.Options.usual(1))) {
            ControllerProcess one = mesh.controller(1);
            post(one, Map.of("cidr", "10.77.0.0/16", "interface", "eth0"));
            assertThat(shows(one, "10.77.0.0/16")).isTrue();

            Child second = startBeside(one);
            try (Door door = one.machine().door(SECOND_PORT)) {
                var two = new RestApi(door.localPort(), one.password());
                configure(two, rig);
                two.post("/api/routes", Map.of("cidr", "10.78.0.0/16", "interface", "eth0"));
                assertThat(shows(one, "10.78.0.0/16")).as(second.logTail(20)).isTrue();
                assertThat(ours(one)).contains("10.77.0.0/16");

                post(one, Map.of("cidr", "10.79.0.0/16", "interface", "eth0"));
                one.api().delete("/api/routes/1");
                boolean gone = Waiting.untilTrue(LIMIT, () -> !ours(one).contains("10.77.0.0/16"));
                assertThat(gone).isTrue();
                assertThat(ours(one)).contains("10.78.0.0/16", "10.79.0.0/16");

                second.stop(LIMIT);
                assertThat(ours(one)).contains("10.79.0.0/16").doesNotContain("10.78.0.0/16");
            }
        }
    }

    /** A controller of another topology on the same machine. */
    private static Child startBeside(ControllerProcess one) {
        Path folder = one.machine().rig().folder();
        String address = one.machine().ipv4();
        List<String> command =
                List.of(
                        Launcher.path().toString(),
                        "controller",
                        "--data",
                        folder.resolve("second").toString(),
                        "--api",
                        address + ":" + SECOND_PORT,
                        "--underlay",
                        address,
                        "--client-port",
                        "51821",
                        "--tun",
                        "pm9",
                        "--initial-api-password-file",
                        folder.resolve(one.machine().name() + ".password").toString());
        return one.machine().start("second", Launcher.ENVIRONMENT, command);
    }

    private static void configure(RestApi api, Rig rig) throws IOException {
        boolean up = Waiting.untilTrue(LIMIT, () -> api.tryGet("/api/config").isPresent());
        assertThat(up).isTrue();
        String license = Files.readString(rig.folder().resolve("demo.license"));
        api.put("/api/config", Map.of("topology_name", "demo", "controller_name", "c-2"));
        api.putText("/api/license", license);
        api.put("/api/license/parameters", Map.of("default", true));
        boolean licensed = Waiting.untilTrue(LIMIT, () -> is(api, "/api/license", "finalized"));
        api.put("/api/keyset", Map.of("token", "a token of this test"));
        boolean keyed = Waiting.untilTrue(LIMIT, () -> is(api, "/api/keyset", "keyset_present"));
        api.put("/api/peering/self", Map.of("id", 2));
        assertThat(licensed && keyed).isTrue();
    }

    private static boolean is(RestApi api, String path, String field) {
        return api.tryGet(path)
                .map(answer -> answer.response().path(field).asBoolean(false))
                .orElse(false);
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
