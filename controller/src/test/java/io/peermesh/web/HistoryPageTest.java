package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.EventKind;
import io.peermesh.http.TestApi;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Link and event history; without a script. */
class HistoryPageTest {
    private static final Report.LinkEvidence EVIDENCE =
            new Report.LinkEvidence(160_000_000, 0.5, 0, 300_000, 9, 0);

    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
        api.ready();
        TestApi.expect(
                api.call("POST", "/api/peering/peers", "{\"id\": 2, \"name\": \"192.0.2.2\"}"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void fall() {
        api.administration.onReport(
                new Report.LinkDown(2, Report.LinkCause.SILENCE, "no answer", EVIDENCE));
    }

    /** Sessions end meanwhile. */
    private void later(long seconds) {
        api.advanceSeconds(seconds);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
    }

    @Test
    void anEventHasItsCauseAndItsTimes() {
        fall();

        String html = browser.get("/overlay/events?kind=links").html();

        assertThat(html)
                .contains("<span class=\"pill bad\">Peer down</span>")
                .contains("Cause: silence")
                .contains("Detected in 160 ms")
                .doesNotContain("Controller started</span>");
    }

    @Test
    void theBarShowsWhenALinkWasDown() {
        fall();
        later(3600);

        String html = browser.get("/overlay/events?span=24h").html();

        assertThat(html)
                .contains("aria-label=\"Controller 2: 0 % up, 1 fall\"")
                .contains("<rect class=\"bad\" x=\"958.33\" y=\"0\" width=\"41.67\"")
                .contains("<line class=\"start\" x1=\"958.33\"")
                .contains("down for 60 min until");
    }

    @Test
    void aClientHasABarOfWhenItWasHere() {
        var client = IpAddress.literal("10.199.0.1");
        api.administration.onReport(
                new Report.ClientUp(client, Endpoint.parse("192.0.2.9:9").orElseThrow()));
        later(1800);
        api.administration.onReport(new Report.ClientDown(client, "silent for 180 s"));
        later(1800);

        String all = browser.get("/overlay/events?span=1h").html();
        String one = browser.get("/overlay/events?span=1h&about=10.199.0.1").html();
        String other = browser.get("/overlay/events?span=1h&about=10.199.0.2").html();

        assertThat(all).contains("aria-label=\"10.199.0.1: 50 % connected here, 1 fall\"");
        assertThat(one).contains("aria-label=\"10.199.0.1: 50 % connected here, 1 fall\"");
        assertThat(other).contains("aria-label=\"10.199.0.2: 0 % connected here, 0 falls\"");
    }

    @Test
    void onlySoManyClientsHaveBars() {
        for (int number = 1; number <= HistoryPage.CLIENT_BARS + 3; number++) {
            api.administration.onReport(
                    new Report.ClientUp(
                            IpAddress.literal("10.199.0." + number),
                            Endpoint.parse("192.0.2.9:9").orElseThrow()));
        }

        assertThat(browser.get("/overlay/events").html()).contains("3 more came or went");
    }

    @Test
    void aLinkHasChartsOfWhatWasSampled() {
        for (int minute = 0; minute < 3; minute++) {
            api.mesh.status = Optional.of(status(1_000_000L * (minute + 1), 0.1 * minute));
            api.administration.recorder().look();
            later(60);
        }
        api.administration.recorder().look();

        String html = browser.get("/overlay/events?span=1h").html();

        assertThat(html)
                .contains("Round-trip time, now 3.00 ms", "top 5.00 ms")
                .contains("Round-trip time: 2.00 ms on average, 3.00 ms at most")
                .contains("Loss, now 20 %", "Loss: 10 % on average, 20 % at most")
                .contains("<path class=\"line\" d=\"M470.8 64L479.2 48L487.5 32H495.8\"/>");
    }

    private static NodeStatus status(long rttNanos, double loss) {
        return new NodeStatus(
                0,
                List.of(
                        new NodeStatus.Link(
                                2,
                                NodeStatus.LinkState.UP,
                                "",
                                Optional.empty(),
                                rttNanos,
                                loss,
                                NodeStatus.Health.UNKNOWN,
                                0,
                                0,
                                "",
                                0,
                                0,
                                0,
                                0)),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    @Test
    void textOfOthersStaysText() {
        api.administration
                .events()
                .record(EventKind.PEER_REFUSED, "x", "<img src=x onerror=alert(1)>");

        String html = browser.get("/overlay/events?about=%22%3E%3Cscript%3E").html();
        String all = browser.get("/overlay/events").html();

        assertThat(html)
                .doesNotContain("\"><script>")
                .contains("Neither a controller id")
                .contains("aria-invalid=\"true\"");
        assertThat(all).contains("&lt;img src=x").doesNotContain("<img src=x");
    }

    @Test
    void olderEventsAreOnTheNextPage() {
        for (int number = 0; number < 40; number++) {
            api.administration.events().record(EventKind.DRAINED, "x", "event number " + number);
        }

        String first = browser.get("/overlay/events?kind=drained&span=1h").html();
        String link =
                first.replaceFirst(
                        "(?s).*href=\"(/overlay/events\\?[^\"]*before=[0-9]+)\".*", "$1");
        String second = browser.get(link.replace("&amp;", "&")).html();

        assertThat(first).contains("event number 39<", "event number 15<");
        assertThat(first).doesNotContain("event number 14<").contains("data-live");
        assertThat(second).contains("event number 14<", "event number 0<");
        assertThat(second).doesNotContain("event number 15<", ">Older<", "data-live");
    }

    @Test
    void theSpanLimitsWhatIsShown() {
        fall();
        later(7200);

        assertThat(browser.get("/overlay/events?span=1h").html()).contains("Nothing happened");
        assertThat(browser.get("/overlay/events?span=24h").html()).contains("Peer down</span>");
        assertThat(browser.get("/overlay/events?span=24h&about=3").html())
                .doesNotContain("Peer down</span>");
        assertThat(browser.get("/overlay/events?span=x&before=y&kind=z").status()).isEqualTo(200);
    }
}
