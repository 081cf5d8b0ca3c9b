package io.peermesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.agent.PackCheck;
import io.peermesh.ip.Endpoint;
import io.peermesh.keyset.FetchServer;
import io.peermesh.keyset.JoinServer;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Peermesh's own part of the API, and the metrics. */
class MeshApiTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir Path directory;
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi(directory);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void linkUp() {
        api.ready();
        TestApi.expect(api.call("POST", "/api/peering/peers", "{\"id\":2,\"name\":\"10.1.0.11\"}"));
        api.mesh.status =
                Optional.of(
                        new NodeStatus(
                                100 * SECOND,
                                List.of(
                                        new NodeStatus.Link(
                                                2,
                                                NodeStatus.LinkState.UP,
                                                "",
                                                Endpoint.parse("10.1.0.11:1195"),
                                                420_000,
                                                0.25,
                                                NodeStatus.Health.UNKNOWN,
                                                70 * SECOND,
                                                Long.MIN_VALUE,
                                                "AES-256-GCM",
                                                1,
                                                200,
                                                3,
                                                400)),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty()));
    }

    @Test
    void hasAStatusBeforeThereIsAnything() {
        JsonNode status = api.get("/api/mesh/v1/status").response();

        assertThat(status.path("running").asBoolean(true)).isFalse();
        assertThat(status.at("/keyset/present").asBoolean(true)).isFalse();
        assertThat(status.at("/controller/licensed").asBoolean(true)).isFalse();
    }

    @Test
    void tellsOfALinkWithItsPortsAndAges() {
        linkUp();

        JsonNode link = api.get("/api/mesh/v1/status").response().at("/links/0");

        assertThat(link.path("state").asString()).isEqualTo("up");
        assertThat(link.path("name").asString()).isEqualTo("10.1.0.11");
        assertThat(link.path("local_port").asInt()).isEqualTo(1195);
        assertThat(link.path("remote_port").asInt()).isEqualTo(1195);
        assertThat(link.path("rtt_micros").asInt()).isEqualTo(420);
        assertThat(link.path("last_handshake_seconds_ago").asInt()).isEqualTo(30);
        assertThat(link.has("last_received_millis_ago")).isFalse();
        assertThat(link.path("cipher").asString()).isEqualTo("AES-256-GCM");
    }

    @Test
    void tellsOfFeaturesAndDrops() {
        JsonNode plane = api.get("/api/mesh/v1/status").response().path("data_plane");

        assertThat(plane.at("/features/0/detail").asString()).isEqualTo("switched off by no-gso");
        assertThat(plane.path("drops").toString()).isEqualTo("{\"replayed\":3}");
    }

    @Test
    void tellsHowOftenItSaidNo() {
        JsonNode refusals = api.get("/api/mesh/v1/status").response().path("refusals");

        assertThat(refusals.path("client_handshakes").toString()).isEqualTo("{\"wrong_mac1\":4}");
        assertThat(refusals.path("link_handshakes").size()).isZero();
        assertThat(refusals.path("handshakes_dropped").asInt()).isEqualTo(5);
        assertThat(refusals.path("control_messages_malformed").asInt()).isEqualTo(6);
        assertThat(refusals.path("records_refused").asInt()).isEqualTo(7);
    }

    @Test
    void drawsAClientpackAsSvg() {
        var reply = api.ready().get("/api/mesh/v1/clientpacks/10_199_0_1/qr");

        assertThat(reply.contentType()).contains("image/svg+xml");
        assertThat(reply.text())
                .startsWith("<svg ")
                .contains("h1v1h-1z")
                .doesNotContain("%%", "%1$d");
    }

    @Test
    void assignsAndResetsTheOwnClientEndpoint() {
        api.ready();

        JsonNode set =
                api.call(
                                "PUT",
                                "/api/mesh/v1/client-endpoints",
                                "{\"endpoint\":\"vpn.example.net\"}")
                        .response();
        JsonNode unset = api.call("PUT", "/api/mesh/v1/client-endpoints", "{}").response();

        assertThat(set.at("/0/endpoint").asString()).isEqualTo("vpn.example.net:51820");
        assertThat(set.at("/0/configured").asBoolean()).isTrue();
        assertThat(unset.at("/0/configured").asBoolean(true)).isFalse();
        assertThat(api.get("/api/mesh/v1/client-endpoints").response()).isEqualTo(unset);
    }

    @Test
    void listsEventsNewestFirstAndWithinALimit() {
        api.ready();

        JsonNode events = api.get("/api/mesh/v1/events").response();
        JsonNode one = api.get("/api/mesh/v1/events?limit=1").response();
        JsonNode older =
                api.get("/api/mesh/v1/events?before=" + events.at("/0/id").asInt()).response();

        assertThat(events.findValuesAsString("kind")).contains("controller_started");
        assertThat(one.size()).isEqualTo(1);
        assertThat(older.at("/0/id").asInt()).isEqualTo(events.at("/1/id").asInt());
        assertThat(api.get("/api/mesh/v1/events?limit=0").status()).isEqualTo(400);
    }

    @Test
    void findsEventsByKindPeerTimeAndId() {
        api.ready();
        api.administration.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));
        api.administration.onReport(new Report.LinkUp(3, 1_500_000, 0, 0));

        JsonNode up = api.get("/api/mesh/v1/events?kind=peer_up&peer=2").response();
        JsonNode after = api.get("/api/mesh/v1/events?after=" + up.at("/0/id").asInt()).response();

        assertThat(up.size()).isEqualTo(1);
        assertThat(up.at("/0/peer").asInt()).isEqualTo(2);
        assertThat(up.at("/0/measures/rtt_micros").asInt()).isEqualTo(1500);
        assertThat(up.at("/0").has("client")).isFalse();
        assertThat(after.size()).isEqualTo(1);
        assertThat(after.at("/0/peer").asInt()).isEqualTo(3);
        assertThat(api.get("/api/mesh/v1/events?since=2100-01-01T00:00:00Z").response().isEmpty())
                .isTrue();
        for (String wrong :
                List.of("kind=x", "since=x", "after=x", "wait=5", "after=1&wait=26", "client=x")) {
            assertThat(api.get("/api/mesh/v1/events?" + wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void answersAFollowerAsSoonAsSomethingHappens() throws Exception {
        api.ready();
        long newest = api.get("/api/mesh/v1/events?limit=1").response().at("/0/id").asLong();
        var follower =
                CompletableFuture.supplyAsync(
                        () -> api.get("/api/mesh/v1/events?kind=peer_up&wait=25&after=" + newest));

        api.administration.onReport(new Report.PeerRefused(2, "not asked for"));
        api.administration.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));

        JsonNode events = follower.get(60, TimeUnit.SECONDS).response();
        assertThat(events.size()).isEqualTo(1);
        assertThat(events.at("/0/kind").asString()).isEqualTo("peer_up");
    }

    @Test
    void hasTheHistoryOfAPeerLinkInTheFormOfVns3() {
        linkUp();
        api.administration.onReport(new Report.LinkUp(2, 1_500_000, 0, 0));

        JsonNode history =
                api.get("/api/status/link_history?remote=10.1.0.11").response().path("history");

        assertThat(history.at("/0/event").asString()).isEqualTo("up");
        assertThat(history.at("/0/timestamp").asString()).isEqualTo("2026-03-01T10:20:30Z");
        assertThat(history.at("/0/timestamp_i").asLong()).isEqualTo(TestApi.START.getEpochSecond());
    }

    @Test
    void drainsAndTellsHowFarItIs() {
        linkUp();

        assertThat(api.call("PUT", "/api/mesh/v1/drain", "{}").message())
                .isEqualTo("draining is missing: true or false");
        assertThat(api.call("PUT", "/api/mesh/v1/drain", "{\"draining\":true}").status())
                .isEqualTo(403);
        JsonNode forced =
                api.call("PUT", "/api/mesh/v1/drain", "{\"draining\":true,\"force\":true}")
                        .response();

        assertThat(forced.path("draining").asBoolean()).isTrue();
        assertThat(forced.path("clients_left").asInt(9)).isZero();
        assertThat(forced.path("safe_to_stop").isBoolean()).isTrue();
        assertThat(api.get("/api/mesh/v1/drain").response()).isEqualTo(forced);
        assertThat(api.get("/api/mesh/v1/status").response().path("drain")).isEqualTo(forced);
    }

    @Test
    void showsWhatProbesCostAndGive() {
        JsonNode settings =
                api.call(
                                "PUT",
                                "/api/mesh/v1/controller-settings",
                                "{\"weight\":\"20\",\"probes\":\"normal\"}")
                        .response();

        assertThat(settings.path("weight").asInt()).isEqualTo(20);
        assertThat(settings.path("probes").asString()).isEqualTo("normal");
        assertThat(settings.at("/probe_profiles/0/name").asString()).isEqualTo("fast");
        assertThat(settings.at("/probe_profiles/0/interval_millis").asInt()).isEqualTo(50);
        assertThat(settings.at("/probe_profiles/0/detection_millis").asInt()).isBetween(150, 200);
        assertThat(settings.at("/probe_profiles/0/bytes_per_month").asLong())
                .isGreaterThan(settings.at("/probe_profiles/1/bytes_per_month").asLong());
        assertThat(api.get("/api/mesh/v1/controller-settings").response()).isEqualTo(settings);
    }

    @Test
    void analyzesEachFailure() {
        linkUp();
        api.mesh.topology = new Topology(Map.of(1, Map.of(2, 10), 2, Map.of(1, 10)), Map.of());

        JsonNode analysis = api.get("/api/mesh/v1/n-1").response();

        assertThat(analysis.path("harmless").asBoolean(false)).isTrue();
        assertThat(analysis.at("/failures/0/kind").asString()).isEqualTo("controller");
        assertThat(analysis.at("/failures/0/controllers/0").asInt()).isEqualTo(1);
        assertThat(analysis.at("/failures/0/clients_stranded").asInt(9)).isZero();
    }

    @Test
    void makesTheFailoverScriptThatTheClientMakesOfThePack() {
        linkUp();
        String path = "/api/mesh/v1/clientpacks/10_199_0_1/failover-script";
        String pack = api.get("/api/clientpack?name=10_199_0_1&fileformat=conf&home=2").text();

        String script = api.get(path + "?interface=wg7").text();

        assertThat(script)
                .isEqualTo(PackCheck.failoverScript(pack, "wg7"))
                .contains("endpoints='10.1.0.11:51820 ");
        assertThat(pack.lines().filter(line -> line.startsWith("PresharedKey")))
                .noneMatch(line -> script.contains(line.split(" = ", 2)[1]));
        assertThat(api.get(path + "?file=timer").text())
                .contains("interface wg0 answers", "[Timer]");
        assertThat(api.get(path + "?file=service").text()).contains("peermesh-failover-wg0.sh");
        assertThat(api.get(path + "?file=x").message()).startsWith("file is invalid");
        assertThat(api.get(path + "?interface=a%27b").message()).startsWith("interface is invalid");
        assertThat(api.get(path.replace("0_1/", "0_9/")).message())
                .startsWith("unknown clientpack");
    }

    @Test
    void runsADrill() {
        linkUp();
        assertThat(api.get("/api/mesh/v1/drills").response().isEmpty()).isTrue();
        assertThat(api.call("POST", "/api/mesh/v1/drills", "{}").message())
                .isEqualTo("peer is missing");

        api.call("POST", "/api/mesh/v1/drills", "{\"peer\":2,\"seconds\":1,\"force\":true}");
        JsonNode drill = api.get("/api/mesh/v1/drills").response().path(0);

        assertThat(drill.path("running").asBoolean(true)).isFalse();
        assertThat(drill.path("ending").asString()).isEqualTo("over");
        assertThat(drill.path("outage_micros").asInt()).isEqualTo(150_000);
        assertThat(drill.path("lost").asInt()).isEqualTo(15);
        assertThat(drill.path("return_micros").asInt()).isEqualTo(80_000);
        assertThat(drill.has("obstacle")).isFalse();
    }

    @Test
    void refusesTooLongMessagesOfOtherControllers() {
        var limits =
                Map.of(
                        "/api/mesh/v1/keyset-exchange",
                        FetchServer.MAX_MESSAGE_BYTES,
                        "/api/mesh/v1/join-exchange",
                        JoinServer.MAX_MESSAGE_BYTES);
        limits.forEach((path, bytes) -> {
            String tooLong = "x".repeat(bytes + 1);

            var reply = api.send("POST", path, tooLong, "text/plain", "X-Nothing", "x");

            assertThat(reply.status()).as(path).isEqualTo(413);
        });
    }

    @Test
    void exposesMetricsThatPrometheusParses() {
        linkUp();

        var reply = api.get("/metrics");

        assertThat(reply.contentType()).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(reply.text())
                .contains("peermesh_link_up{peer=\"2\"} 1\n")
                .contains("peermesh_link_rtt_seconds{peer=\"2\"} 0.000420000000\n")
                .contains("peermesh_link_loss_ratio{peer=\"2\"} 0.250000000\n")
                .contains("peermesh_drops_total{reason=\"replayed\"} 3\n")
                .contains("peermesh_drops_total{reason=\"spoofed_source\"} 0\n")
                .contains(
                        "peermesh_handshakes_refused_total{port=\"clients\",reason=\"wrong_mac1\"}"
                                + " 4\n")
                .contains("peermesh_handshakes_dropped_total 5\n")
                .contains("peermesh_control_messages_malformed_total 6\n")
                .contains("peermesh_records_refused_total 7\n")
                .contains("peermesh_feature_in_use{feature=\"UDP GSO\"} 0\n");
        assertThat(reply.text().lines())
                .allMatch(line ->
                        line.matches("# (HELP|TYPE) [a-z_]+ .+")
                                || line.matches(
                                        "[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+\\})? [-0-9.e]+"));
    }

    @Test
    void documentsEveryMetric() throws IOException {
        linkUp();
        String documented = Files.readString(Path.of("../docs/metrics.md"));

        assertThat(api.get("/metrics").text().lines())
                .filteredOn(line -> line.startsWith("# TYPE "))
                .allMatch(line -> documented.contains("`" + line.split(" ", -1)[2] + "`"));
    }
}
