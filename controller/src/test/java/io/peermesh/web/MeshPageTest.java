package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.node.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of the mesh, and what one may do about it; without a script. */
class MeshPageTest {
    private static final String MARKUP = "<script>alert(1)</script>\"'&";

    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static NodeStatus.Link link(int peer, NodeStatus.LinkState state, String reason) {
        return new NodeStatus.Link(
                peer,
                state,
                reason,
                Optional.empty(),
                420_000L * peer,
                0.03,
                NodeStatus.Health.UNKNOWN,
                0,
                0,
                "",
                0,
                0,
                0,
                0);
    }

    /** Controllers 1 to n: 1 has links to all, the others in a row. */
    private void mesh(int controllers) {
        var graph = new HashMap<Integer, Map<Integer, Integer>>();
        for (int id = 1; id <= controllers; id++) {
            var edges = new HashMap<Integer, Integer>();
            for (int other = 1; other <= controllers; other++) {
                if (id != other && (id == 1 || other == 1 || Math.abs(id - other) == 1)) {
                    edges.put(other, 11);
                }
            }
            graph.put(id, edges);
        }
        api.mesh.topology = new Topology(graph, Map.of());
        status(
                IntStream.rangeClosed(2, controllers)
                        .mapToObj(peer -> link(peer, NodeStatus.LinkState.UP, ""))
                        .toList(),
                controllers);
    }

    private void status(List<NodeStatus.Link> links, int controllers) {
        var others = new ArrayList<NodeStatus.Controller>();
        for (int id = 2; id <= controllers; id++) {
            others.add(new NodeStatus.Controller(id, "", MARKUP, true));
        }
        api.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                links,
                                List.of(
                                        new NodeStatus.Client(
                                                IpAddress.literal("10.199.0.1"),
                                                1,
                                                Endpoint.parse("192.0.2.9:9"),
                                                0,
                                                0,
                                                0,
                                                0,
                                                1)),
                                List.of(),
                                others,
                                Optional.empty()));
    }

    private TestBrowser user(Role role) {
        Outcome<String> added = api.administration.users().add(Actor.LOCAL, "olga", role);
        String generated = ((Outcome.Done<String>) added).value();
        var other = new TestBrowser(api).loggedIn("olga", generated);
        other.get("/password");
        other.post(
                "/password",
                Map.of(
                        "password", generated,
                        "new_password", "another password",
                        "repeated_password", "another password"));
        return new TestBrowser(api).loggedIn("olga", "another password");
    }

    @Test
    void beforeThereIsAMeshThePageSaysTheNextStep() {
        var page = browser.get("/overlay/mesh");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.html()).contains("No mesh runs here yet").doesNotContain("<svg");
        assertThat(browser.get("/overlay/mesh/drain").status()).isEqualTo(409);
        assertThat(browser.get("/overlay/mesh/drill?peer=2").status()).isEqualTo(409);
    }

    @Test
    void thePictureAndTheTableHaveTheSameLinks() {
        api.ready();
        mesh(3);

        String html = browser.get("/overlay/mesh").html();

        assertThat(html)
                .contains("3 controllers, 3 of 3 links are up.")
                .contains("<title>Controller 1 – controller 2: up, 0.84 ms, 3.0 % loss</title>")
                .contains("<title>Controller 2 – controller 3: up, cost 11</title>")
                .contains("Controller 1 (this one): reachable, 1 client")
                .contains("nobody is cut off by one failure")
                .doesNotContain("style=", "<script>");
        assertThat(html.split("<td>", -1)).hasSize(3 * 3 + 1);
        assertThat(html).contains("<span class=\"figure\">0.84 ms</span>");
    }

    @Test
    void aSingleControllerHasAPictureToo() {
        api.ready();
        mesh(1);

        var page = browser.get("/overlay/mesh");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.html())
                .contains("1 controllers, 0 of 0 links")
                .contains("There is no other controller yet.");
    }

    @Test
    void tenControllersFitIntoThePictureAndThePage() {
        api.ready();
        mesh(10);

        String html = browser.get("/overlay/mesh").html();

        assertThat(html.split("<circle", -1)).hasSize(10 + 1);
        assertThat(html.length()).isLessThan(100_000);
    }

    private void look(int seconds) {
        for (int second = 0; second < seconds; second++) {
            api.administration.recorder().look();
            api.advanceSeconds(1);
        }
    }

    private static String at(long seconds) {
        return "/overlay/mesh?at=" + (TestApi.START.getEpochSecond() + seconds);
    }

    @Test
    void thePastIsShownAsItWasWithoutAScript() {
        api.ready();
        mesh(3);
        look(60);
        status(
                List.of(
                        link(2, NodeStatus.LinkState.DOWN, MARKUP),
                        link(3, NodeStatus.LinkState.UP, "")),
                3);
        api.administration.onReport(
                new Report.LinkDown(
                        2,
                        Report.LinkCause.SILENCE,
                        MARKUP,
                        new Report.LinkEvidence(160_000_000, 0.5, 0, 300_000, 9, 0)));
        look(60);

        String before = browser.get(at(59) + "&from=2&to=1").html();
        String after = browser.get(at(61)).html();

        assertThat(before)
                .contains("The mesh as it was at <strong>2026-03-01 10:21:29 UTC</strong>")
                .contains("so since 2026-03-01 10:20:30 UTC")
                .contains("3 controllers, 3 of 3 links are up.", "2 → 1")
                .contains("After the next change")
                .doesNotContain("Drain …", "data-live", "Peer down</span>");
        assertThat(after)
                .contains("2 of 3 links are up.", "<line class=\"bad\"", "Peer down</span>")
                .contains("Before the last change")
                .doesNotContain("<script>alert");
        assertThat(browser.get(link(before, "After the next change")).html())
                .contains("2 of 3 links are up.");
        assertThat(browser.get(link(after, "Before the last change")).html())
                .contains("3 of 3 links are up.");
        assertThat(browser.get("/overlay/mesh").html())
                .contains("<input type=\"range\" name=\"at\"", "data-live", "rect class=\"bad\"");
    }

    private static String link(String html, String text) {
        return html.replaceFirst("(?s).*href=\"([^\"]*)\">" + text + ".*", "$1")
                .replace("&amp;", "&");
    }

    @Test
    void aMomentOfWhichNothingIsRecordedSaysSo() {
        api.ready();
        mesh(3);
        look(2);

        for (String moment : List.of("1", "0", "99", "00000000001")) {
            assertThat(browser.get("/overlay/mesh?at=" + moment).html())
                    .contains("Nothing is recorded of this moment");
        }
        for (String now : List.of("", "x", "-1", "99999999999", "999999999999")) {
            assertThat(browser.get("/overlay/mesh?at=" + now).html()).contains("data-live");
        }
    }

    @Test
    void theWayBetweenTwoIsShown() {
        api.ready();
        mesh(4);

        String html = browser.get("/overlay/mesh?from=2&to=4").html();

        assertThat(html)
                .contains("2 → 1 → 4")
                .contains("Flows are shared among several ways")
                .contains("data-live=\"/live/mesh?from=2&amp;to=4\"");
    }

    @Test
    void aWayFromNowhereIsTheUsualOne() {
        api.ready();
        mesh(3);

        for (String query :
                List.of("?from=9&to=9", "?from=2&to=2", "?from=" + "%3Cb%3E", "?to=-1")) {
            assertThat(browser.get("/overlay/mesh" + query).status()).isEqualTo(200);
        }
        assertThat(browser.get("/overlay/mesh?from=9").html()).contains("1 → 2");
    }

    @Test
    void aLinkThatIsDownLooksDown() {
        api.ready();
        mesh(3);
        status(
                List.of(
                        link(2, NodeStatus.LinkState.DOWN, MARKUP),
                        link(3, NodeStatus.LinkState.HELD, "")),
                3);

        String html = browser.get("/overlay/mesh").html();

        assertThat(html)
                .contains("<line class=\"bad\"")
                .contains("<line class=\"wait\"")
                .contains("1 of 3 links are up")
                .doesNotContain("<script>alert", "href=\"/overlay/mesh/drill?peer=2\"");
    }

    @Test
    void whoOnlyReadsSeesTheMeshAndChangesNothing() {
        api.ready();
        mesh(3);
        TestBrowser reader = user(Role.READ_ONLY);

        String html = reader.get("/overlay/mesh").html();
        reader.get("/password");

        assertThat(html).contains("<svg").doesNotContain("/overlay/mesh/dr");
        assertThat(reader.get("/overlay/mesh/drain").status()).isEqualTo(403);
        assertThat(reader.post("/overlay/mesh/drain", Map.of()).status()).isEqualTo(403);
        assertThat(reader.post("/overlay/mesh/drill", Map.of("peer", "2")).status()).isEqualTo(403);
        assertThat(api.administration.drain().view().draining()).isFalse();
        assertThat(api.administration.drills().latest()).isEmpty();
    }

    @Test
    void anOperatorDrainsAfterAPageThatNamesWhatItDoes() {
        api.ready();
        mesh(3);
        TestBrowser operator = user(Role.OPERATOR);

        String confirmation = operator.get("/overlay/mesh/drain").html();
        boolean before = api.administration.drain().view().draining();
        var sent = operator.post("/overlay/mesh/drain", Map.of());
        String after = operator.get("/overlay/mesh").html();

        assertThat(confirmation).contains("Drain controller 1</button>").contains("1 client");
        assertThat(before).isFalse();
        assertThat(sent.location()).isEqualTo("/overlay/mesh");
        assertThat(after).contains("This controller drains.", "Not safe to stop", "Stop draining");

        assertThat(operator.get("/overlay/mesh/drain").html()).contains("/overlay/mesh/undrain");
        operator.post("/overlay/mesh/undrain", Map.of());
        assertThat(api.administration.drain().view().draining()).isFalse();
    }

    @Test
    void drainingNeedsTheFormOfOurPage() {
        api.ready();
        mesh(3);
        browser.get("/overlay/mesh/drain");

        var forged = browser.post("/overlay/mesh/drain", Map.of("form_token", "guess"));

        assertThat(forged.status()).isEqualTo(403);
        assertThat(api.administration.drain().view().draining()).isFalse();
    }

    @Test
    void whoIsAloneDrainsByForceOnly() {
        api.ready();
        mesh(1);
        assertThat(browser.get("/overlay/mesh/drain").html()).contains("name=\"force\"");

        var refused = browser.post("/overlay/mesh/drain", Map.of());

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.html()).contains("No other controller can be reached");
        browser.post("/overlay/mesh/drain", Map.of("force", "true"));
        assertThat(api.administration.drain().view().draining()).isTrue();
    }

    @Test
    void aDrillIsConfirmedAndItsResultShown() {
        api.ready();
        mesh(3);

        String confirmation = browser.get("/overlay/mesh/drill?peer=2").html();
        var wrong = browser.post("/overlay/mesh/drill", Map.of("peer", "2", "seconds", "99"));
        var sent = browser.post("/overlay/mesh/drill", Map.of("peer", "2", "seconds", "3"));

        assertThat(confirmation)
                .contains("Silence the link to controller 2</button>")
                .doesNotContain("name=\"force\"");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.html()).contains("a drill lasts 1 to 60 s, not 99");
        assertThat(sent.location()).isEqualTo("/overlay/mesh");
        assertThat(browser.get("/overlay/mesh").html())
                .contains(
                        "Link to controller 2, 3 s",
                        "<dd>150 ms</dd>",
                        "15 of 100",
                        "<dd>80 ms</dd>");
    }

    @Test
    void aDrillThatHarmsNeedsForce() {
        api.ready();
        mesh(2);
        assertThat(browser.get("/overlay/mesh/drill?peer=2").html()).contains("name=\"force\"");

        var refused = browser.post("/overlay/mesh/drill", Map.of("peer", "2", "seconds", "3"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.html()).contains("or drill with force");
        assertThat(browser.get("/overlay/mesh/drill?peer=7").status()).isEqualTo(404);
        assertThat(browser.get("/overlay/mesh/drill?peer=x").status()).isEqualTo(404);
    }
}
