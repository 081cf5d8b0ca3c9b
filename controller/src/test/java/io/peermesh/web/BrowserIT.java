package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.peermesh.web.Newcomer.button;
import static io.peermesh.web.Newcomer.exactly;
import static io.peermesh.web.Newcomer.link;
import static io.peermesh.web.Newcomer.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A newcomer's way through a real browser on three real controllers, from the first log-in to a
 * peered mesh, a stock WireGuard client, a link that is cut, and a drain; then every page, light
 * and dark, wide and narrow, is measured and photographed.
 */
@ExtendWith(NeedsChromium.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class BrowserIT {
    static final String PASSWORD = "chosen by a newcomer";

    /** Generous: the machine may be busy. */
    static final double PATIENCE_MILLIS = 60_000;

    /** A link that was down while the machine was busy is held for a while, and as good. */
    private static final Pattern ALIVE = Pattern.compile("(up|held)");

    private static final String PACK = "/overlay/clientpacks/10_199_0_1";
    private static final Map<String, String> PAGES = new TreeMap<>();

    static {
        PAGES.put("status", "/");
        PAGES.put("peering", "/overlay/peering");
        PAGES.put("mesh", "/overlay/mesh");
        PAGES.put("mesh-drain", "/overlay/mesh/drain");
        PAGES.put("mesh-drill", "/overlay/mesh/drill?peer=2");
        PAGES.put("clientpacks", "/overlay/clientpacks");
        PAGES.put("clientpack", PACK);
        PAGES.put("clientpack-text", PACK + "/text");
        PAGES.put("routes", "/overlay/routes");
        PAGES.put("events", "/overlay/events");
        PAGES.put("license", "/topology/license");
        PAGES.put("keyset", "/topology/keyset");
        PAGES.put("names", "/topology/names");
        PAGES.put("users", "/system/users");
        PAGES.put("tokens", "/system/tokens");
        PAGES.put("certificate", "/system/certificate");
        PAGES.put("audit", "/system/audit");
        PAGES.put("password", "/password");
    }

    private final List<LocalController> controllers = new ArrayList<>();
    private Rig rig;
    private Optional<WireguardClient> client = Optional.empty();
    private Chromium chromium;
    private BrowserContext context;

    @BeforeAll
    void walkTheNewcomersWay() {
        rig = Rig.open();
        for (int id = 1; id <= 3; id++) {
            controllers.add(LocalController.start(rig.machine("controller" + id)));
        }
        chromium = Chromium.launch();
        context =
                chromium.browser()
                        .newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        new Newcomer(context, controllers).peersThreeControllers();
    }

    @AfterAll
    void close() {
        if (chromium != null) {
            chromium.close();
        }
        controllers.forEach(LocalController::close);
        if (rig != null) {
            rig.close();
        }
    }

    private Page open(String path) {
        return open(1, path);
    }

    private Page open(int id, String path) {
        Page page = context.newPage();
        page.navigate(controllers.get(id - 1).root() + path);
        return page;
    }

    // ---- what a newcomer does next, in this order

    @Test
    @Order(1)
    void everyMistakeInThePeeringFormIsNamedAtItsRow() {
        try (Page page = open("/overlay/peering")) {
            page.locator("[name=address_2]").fill("not a host");
            page.locator("[name=choice_3]").selectOption("self");
            page.locator("[name=choice_4]").selectOption("address");
            page.locator("[name=address_4]").fill("vpn.example");
            page.locator("[name=mtu_4]").fill("17");
            button(page, "Save changes").click();

            assertThat(page.getByText("Exactly one controller must be")).isVisible();
            assertThat(page.locator("#wrong-2")).containsText("neither an IP address nor");
            assertThat(page.locator("#wrong-3")).containsText("only one row can be this instance");
            assertThat(page.locator("#wrong-4")).containsText("between 500 and 4800");
            photograph(page, "peering-wrong");

            page.locator("[name=mtu_4]").fill("1500");
            page.locator("[name=address_4]").fill(controllers.getFirst().address());
            button(page, "Save changes").click();
            assertThat(page.locator("#wrong-4")).containsText("this controller's own address");
        }
        try (Page page = open("/overlay/peering")) { // nothing of it was saved
            assertThat(page.locator("[name=address_2]")).hasValue(controllers.get(1).address());
            assertThat(page.locator("[name=choice_3]")).hasValue("address");
        }
    }

    @Test
    @Order(2)
    void aStockClientConnectsWithADownloadedClientpack() throws IOException {
        String pack;
        try (Page page = open("/overlay/clientpacks")) {
            link(page, "10.199.0.1").click();
            Download download = page.waitForDownload(() -> link(page, "Download .conf").click());

            assertThat(download.suggestedFilename()).isEqualTo("10_199_0_1.conf");
            pack = Files.readString(download.path());
        }
        assertThat(pack).contains("[Interface]", "[Peer]");
        client = Optional.of(WireguardClient.start(rig.machine("server"), pack));

        awaitText(1, PACK, "connected", "Connected to Controller");
    }

    /** Opens the page until it shows all of this: it has no live part. */
    private void awaitText(int id, String path, String... texts) {
        String last = "";
        long end = System.nanoTime() + (long) (PATIENCE_MILLIS * 1e6);
        while (System.nanoTime() < end) {
            try (Page page = open(id, path)) {
                last = page.locator("main").innerText().replaceAll("\\s+", " ");
                if (Stream.of(texts).allMatch(last::contains)) {
                    return;
                }
            }
        }
        throw new AssertionError(List.of(texts) + " are not all in: " + last);
    }

    @Test
    @Order(3)
    void pictureAndHistoryShowALinkThatIsCut() {
        Machine one = controllers.get(0).machine();
        Machine two = controllers.get(1).machine();
        try (Page page = open("/overlay/mesh?from=1&to=2")) {
            assertThat(page.locator(".stops"))
                    .hasText("1 → 2", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
            rig.cut(one, two);

            assertThat(page.locator(".stops"))
                    .hasText(
                            "1 → 3 → 2", new LocatorAssertions.HasTextOptions().setTimeout(60_000));
            assertThat(page.locator(".links .bad")).hasCount(1);
            photograph(page, "mesh-cut");
        }
        awaitText(1, "/overlay/events", "Peer down", "Cause: silence", "Detected in");
        try (Page page = open("/overlay/events?span=1h&about=2")) {
            assertThat(page.locator(".uptime .bad").first()).isAttached();
            photograph(page, "events-cut");
        }
        rig.heal(one, two);
        try (Page page = open("/overlay/mesh?from=1&to=2")) {
            assertThat(page.locator(".links .bad"))
                    .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(60_000));
        }
    }

    @Test
    @Order(4)
    void theSliderLeadsBackToTheCut() {
        try (Page page = open("/overlay/mesh?from=1&to=2&span=1h")) {
            page.locator("input[type=range]").press("ArrowLeft");
            assertThat(page.locator("#past")).isVisible();
            for (int back = 0;
                    back < 30 && page.locator("#past .links .bad").count() == 0;
                    back++) {
                link(page, "Before the last change").click();
            }

            assertThat(page.locator("#past .links .bad")).hasCount(1);
            assertThat(page.locator(".stops")).hasText("1 → 3 → 2");
            assertThat(page.locator("#past")).containsText("The mesh as it was at");
            photograph(page, "mesh-past");
        }
    }

    @Test
    @Order(5)
    void aDrainEmptiesTheControllerAndAMoveBringsTheClientBack() {
        int owner = owner();
        try (Page page = open(owner, "/overlay/mesh")) {
            link(page, "Drain …").click();
            button(page, "Drain controller " + owner).click();
            assertThat(page.getByText("drained: it may be stopped")).isVisible(patiently());
            link(page, "Stop draining …").click();
            button(page, "Stop draining controller " + owner).click();
            assertThat(page.getByText("in service")).isVisible(patiently());
        }
        int heir = owner();
        assertThat(heir).isNotEqualTo(owner);

        try (Page page = open(heir, PACK)) {
            page.getByLabel("Controller to move to").selectOption("" + owner);
            button(page, "Move").click();
            assertThat(page.getByText("On the way to controller " + owner)).isVisible();
        }
        awaitText(heir, PACK, "Connected to Controller " + owner);
        assertThat(client.orElseThrow().process().isAlive()).isTrue();
    }

    /** The controller that the client is connected to. */
    private int owner() {
        for (int id = 1; id <= 3; id++) {
            awaitText(id, PACK, "Connected to Controller");
        }
        try (Page page = open(PACK)) {
            Matcher owner =
                    Pattern.compile("Controller ([0-9])").matcher(page.locator("main").innerText());
            assertThat(owner.find()).isTrue();
            return Integer.parseInt(owner.group(1));
        }
    }

    @Test
    @Order(6)
    void whoMayOnlyReadSeesAndChangesNothing() {
        String generated;
        try (Page page = open("/system/users")) {
            page.getByLabel("Name", exactly()).fill("reader");
            page.locator("#role").selectOption("read-only");
            button(page, "Add user").click();
            generated = page.locator("#secret").innerText().strip();
        }
        try (BrowserContext other =
                        chromium.browser()
                                .newContext(
                                        new Browser.NewContextOptions()
                                                .setIgnoreHTTPSErrors(true));
                Page page = other.newPage()) {
            String root = controllers.getFirst().root();
            page.navigate(root + "/");
            page.getByLabel("User").fill("reader");
            page.getByLabel("Password").fill(generated);
            button(page, "Log in").click();
            page.getByLabel("Present password").fill(generated);
            page.getByLabel("New password", exactly()).fill(PASSWORD + " 2");
            page.getByLabel("New password again").fill(PASSWORD + " 2");
            button(page, "Change password").click();
            page.navigate(root + "/overlay/mesh");

            assertThat(page.locator("svg.mesh-picture")).isVisible();
            assertThat(link(page, "Drain …")).hasCount(0);
            assertThat(page.navigate(root + "/overlay/mesh/drain").status()).isEqualTo(403);
        }
    }

    @Test
    @Order(7)
    void aFormOfAnotherSiteChangesNothing() {
        try (Page page = context.newPage()) {
            // Sent by the browser, cookies and all, from a page of another origin.
            page.navigate("about:blank");
            page.setContent(
                    "<form method=post action=\"%s/overlay/mesh/drain\"><button>go</button></form>"
                            .formatted(controllers.getFirst().root()));
            page.getByText("go").click();

            assertThat(page.locator("body")).not().containsText("drained");
        }
        try (Page page = open("/overlay/mesh")) {
            assertThat(page.getByText("in service")).isVisible();
        }
    }

    // ---- single pages

    @Test
    void theStatusPageShowsThePeersAndEqualChecksumsWithoutReload() {
        try (Page page = open("/")) {
            assertThat(page.getByText("same on all controllers")).isVisible(patiently());
            assertThat(page.locator("section[aria-labelledby=peers-title] tbody tr"))
                    .hasText(
                            new Pattern[] {ALIVE, ALIVE},
                            new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        }
    }

    @Test
    void eachRowOfThePeeringPageComesUpLive() {
        try (Page page = open("/overlay/peering")) {
            assertThat(page.locator("#peer-state-1")).containsText("this instance");
            assertThat(page.locator("#peer-state-2"))
                    .containsText(
                            ALIVE,
                            new LocatorAssertions.ContainsTextOptions()
                                    .setTimeout(PATIENCE_MILLIS));
            assertThat(page.locator("#peer-state-4")).containsText("not set");
        }
    }

    @Test
    void aConnectionIsTestedWithoutLeavingThePage() {
        try (Page page = open("/overlay/peering")) {
            page.locator("[name=address_4]").fill("no such host");
            page.getByLabel("Test the connection to controller 4").click();

            assertThat(page.locator("#test-4")).containsText("Give an IP address or a DNS name");
            assertThat(page.locator("[name=address_4]")).hasValue("no such host");
        }
    }

    @Test
    void packsAreFoundWhileOneTypes() {
        try (Page page = open("/overlay/clientpacks")) {
            page.getByLabel("Search").pressSequentially("1.217");

            assertThat(page.locator("#packs tbody tr")).hasCount(1);
            assertThat(page.locator("#packs")).containsText("10.199.1.217");
        }
    }

    @Test
    void aThousandClientpacksArePaintedSoon() {
        try (Page page = open("/overlay/clientpacks")) {
            assertThat(page.getByText("1000 clientpacks")).isVisible();
            page.reload();
            Object millis =
                    page.evaluate(
                            "() => new Promise(done => new PerformanceObserver(list =>"
                                    + " done([list.getEntries()[0].startTime, performance"
                                    + ".getEntriesByType('navigation')[0].responseEnd,"
                                    + " performance.getEntriesByType('navigation')[0]"
                                    + ".transferSize]))"
                                    + ".observe({type: 'largest-contentful-paint',"
                                    + " buffered: true}))");
            System.out.println(
                    "1,000 clientpacks: ms until painted, ms until received, bytes: " + millis);
        }
    }

    @Test
    void everythingWorksWithoutScript() {
        try (BrowserContext plain =
                        chromium.browser()
                                .newContext(
                                        new Browser.NewContextOptions()
                                                .setIgnoreHTTPSErrors(true)
                                                .setJavaScriptEnabled(false)
                                                .setStorageState(context.storageState()));
                Page page = plain.newPage()) {
            page.navigate(controllers.getFirst().root() + "/topology/names");
            page.getByLabel("This controller", exactly()).fill("first of three");
            button(page, "Save names").click();
            assertThat(page.getByText("The names are saved.")).isVisible();

            page.navigate(controllers.getFirst().root() + "/overlay/peering");
            page.getByLabel("Test the connection to controller 2").click();
            assertThat(page.locator("#test-2")).containsText(controllers.get(1).address());
        }
    }

    @Test
    void everyPageIsAccessibleAndFitsLightAndDarkWideAndNarrow() {
        var found = new ArrayList<String>();
        for (Map.Entry<String, String> each : PAGES.entrySet()) {
            try (Page page = open(each.getValue())) {
                var look = new Look(page, each.getKey());
                look.as(ColorScheme.LIGHT, 1280);
                found.addAll(look.faults());
                look.as(ColorScheme.DARK, 1280);
                look.as(ColorScheme.DARK, 360);
                found.addAll(look.faults());
            }
        }

        assertThat(found).isEmpty();
    }

    static void photograph(Page page, String name) {
        new Look(page, name).photograph("");
    }
}
