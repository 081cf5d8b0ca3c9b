package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.EventKind;
import io.peermesh.http.TestApi;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Topology;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the pages of the largest topology weigh: ten controllers, 1,000 clientpacks, of which 900
 * are connected, hours of samples.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class PageWeightTest {
    private static final int CONTROLLERS = 10;
    private static final int PACKS = 1_000;
    private static final int CONNECTED = 900;
    private static final int MOST_BYTES = 100_000;

    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"");
    private static final Map<String, String> AS_A_BROWSER =
            Map.of("Accept-Encoding", "gzip", "Sec-Fetch-Site", "none");

    private TestApi api;
    private TestBrowser browser;

    @BeforeAll
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
        browser.get("/topology/license");
        browser.post(
                "/topology/license/create",
                Map.of(
                        "topology_name",
                        "the largest",
                        "controllers",
                        "" + CONTROLLERS,
                        "clients",
                        "" + PACKS,
                        "overlay",
                        "10.199.0.0/16"));
        browser.get("/topology/license");
        browser.post("/topology/license/accept", Map.of("addressing", "default"));
        api.endRestart();
        TestApi.expect(api.call("PUT", "/api/keyset", "{\"token\": \"" + TestApi.TOKEN + "\"}"));
        api.awaitKeyset();
        TestApi.expect(api.call("PUT", "/api/peering/self", "{\"id\": 1, \"force\": true}"));
        for (int id = 2; id <= CONTROLLERS; id++) {
            TestApi.expect(
                    api.call(
                            "POST",
                            "/api/peering/peers",
                            "{\"id\": %d, \"name\": \"vpn-%d.example.com\"}".formatted(id, id)));
        }
        for (int number = 0; number < 60; number++) {
            api.administration.events().record(EventKind.DRAINED, "x", "an event ".repeat(12));
        }
        mesh();
        for (int minute = 0; minute < 300; minute++) {
            api.administration.recorder().look();
            api.advanceSeconds(60);
        }
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private void mesh() {
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        for (int id = 1; id <= CONTROLLERS; id++) {
            var edges = new HashMap<Integer, Integer>();
            for (int other = 1; other <= CONTROLLERS; other++) {
                if (id != other) {
                    edges.put(other, 11);
                }
            }
            graph.put(id, edges);
        }
        api.mesh.topology = new Topology(graph, Map.of());
        List<IpAddress> addresses =
                api.administration.clientpacks().list()
                                instanceof
                                io.peermesh.admin.Outcome.Done<List<io.peermesh.admin.PackView>>(
                                        var packs)
                        ? packs.stream().map(io.peermesh.admin.PackView::overlayAddress).toList()
                        : List.of();
        api.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                IntStream.rangeClosed(2, CONTROLLERS)
                                        .mapToObj(PageWeightTest::link)
                                        .toList(),
                                IntStream.range(0, CONNECTED)
                                        .mapToObj(number -> client(number, addresses.get(number)))
                                        .toList(),
                                List.of(),
                                IntStream.rangeClosed(2, CONTROLLERS)
                                        .mapToObj(id -> new NodeStatus.Controller(id, "", "", true))
                                        .toList(),
                                Optional.empty()));
    }

    private static NodeStatus.Link link(int peer) {
        return new NodeStatus.Link(
                peer,
                NodeStatus.LinkState.UP,
                "",
                Endpoint.parse("192.0.2.1:1195"),
                12_340_000L * peer,
                0.013,
                NodeStatus.Health.UNKNOWN,
                0,
                0,
                "AES-256-GCM",
                1_234_567_890,
                1_234_567_890,
                1_234_567_890,
                1_234_567_890);
    }

    private static NodeStatus.Client client(int number, IpAddress address) {
        return new NodeStatus.Client(
                address,
                number % CONTROLLERS + 1,
                Endpoint.parse("198.51.100." + number % 250 + ":4711"),
                0,
                0,
                1_234_567_890,
                1_234_567_890,
                1);
    }

    @Test
    void theFirstPaintOfEveryPageTakesLessThan100KilobytesAsItIsSent() {
        var weights = new TreeMap<String, Integer>();
        for (String path :
                List.of(
                        "/",
                        "/overlay/peering",
                        "/overlay/mesh",
                        "/overlay/mesh?at=" + (TestApi.START.getEpochSecond() + 100),
                        "/overlay/clientpacks",
                        "/overlay/clientpacks/10_199_255_1",
                        "/overlay/routes",
                        "/overlay/events?span=24h",
                        "/overlay/events?span=1h",
                        "/topology/license",
                        "/topology/keyset",
                        "/topology/names",
                        "/system/users",
                        "/system/tokens",
                        "/system/certificate",
                        "/system/audit",
                        "/password")) {
            weights.put(path, weight(path));
        }

        System.out.println("bytes as sent, with style and scripts: " + weights);
        assertThat(weights.values()).allMatch(bytes -> bytes < MOST_BYTES);
    }

    private int weight(String path) {
        var html = browser.get(path).html();
        int weight = browser.getBytes(path, AS_A_BROWSER).length;
        var assets = ASSET.matcher(html);
        while (assets.find()) {
            weight += browser.getBytes(assets.group(1), AS_A_BROWSER).length;
        }
        return weight;
    }

    @Test
    void aPageIsCompressedForOurOwnPagesOnly() {
        String path = "/overlay/clientpacks";
        byte[] ours = browser.getBytes(path, AS_A_BROWSER);
        byte[] foreign =
                browser.getBytes(
                        path, Map.of("Accept-Encoding", "gzip", "Sec-Fetch-Site", "cross-site"));
        byte[] unknown = browser.getBytes(path, Map.of("Accept-Encoding", "gzip"));

        assertThat(ours).startsWith(0x1f, 0x8b);
        assertThat(foreign).startsWith('<');
        assertThat(unknown).startsWith('<');
    }

    @Test
    void aThousandPacksAreShownPageByPage() {
        String first = browser.get("/overlay/clientpacks?sort=owner").html();
        String last = browser.get("/overlay/clientpacks?page=20").html();

        assertThat(first).contains("1000 clientpacks, 900 connected", "Page 1 of 20");
        assertThat(last).contains("Page 20 of 20").doesNotContain(">Next<");
        assertThat(first.split("data-label=\"Choose\"", -1)).hasSize(Packs.PAGE_ROWS + 1);
        System.out.println("1,000 clientpacks, median of 50 requests, ms: " + medianMillis());
    }

    private double medianMillis() {
        var nanos = new long[50];
        for (int round = 0; round < nanos.length; round++) {
            long began = System.nanoTime();
            browser.getBytes("/overlay/clientpacks?state=connected&sort=recent", AS_A_BROWSER);
            nanos[round] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }
}
