package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer's way through a real browser on three real controllers, from the first log-in to a
 * peered mesh; then every page, light and dark, wide and narrow, is measured and photographed.
 */
@ExtendWith(NeedsChromium.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class BrowserIT {
    private static final String TOKEN = "a token among friends";
    private static final String PASSWORD = "chosen by a newcomer";
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    /** Generous: the machine may be busy. */
    private static final double PATIENCE_MILLIS = 60_000;

    /** A link that was down while the machine was busy is held for a while, and as good. */
    private static final Pattern ALIVE = Pattern.compile("(up|held)");

    private static final Map<String, String> PAGES = new TreeMap<>();

    static {
        PAGES.put("status", "/");
        PAGES.put("peering", "/overlay/peering");
        PAGES.put("mesh", "/overlay/mesh");
        PAGES.put("clientpacks", "/overlay/clientpacks");
        PAGES.put("clientpack", "/overlay/clientpacks/10_199_0_1");
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
    private Chromium chromium;
    private BrowserContext context;

    @BeforeAll
    void walkTheNewcomersWay(@TempDir Path directory) throws IOException {
        String network = LocalController.network();
        for (int id = 1; id <= 3; id++) {
            controllers.add(LocalController.start(directory.resolve("c" + id), network + id));
        }
        chromium = Chromium.launch();
        context =
                chromium.browser()
                        .newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        first(controllers.getFirst());
        for (LocalController further : controllers.subList(1, 3)) {
            further(further);
        }
        for (int id = 1; id <= 3; id++) {
            peer(id);
        }
    }

    @AfterAll
    void close() {
        if (chromium != null) {
            chromium.close();
        }
        controllers.forEach(LocalController::close);
    }

    private Page logIn(LocalController controller) {
        Page page = context.newPage();
        page.navigate(controller.root() + "/");
        page.getByLabel("User").fill("admin");
        page.getByLabel("Password").fill(controller.firstPassword());
        button(page, "Log in").click();
        page.getByLabel("Present password").fill(controller.firstPassword());
        page.getByLabel("New password", exactly()).fill(PASSWORD);
        page.getByLabel("New password again").fill(PASSWORD);
        button(page, "Change password").click();
        assertThat(page.getByText("This controller is not set up yet")).isVisible();
        return page;
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.BUTTON,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.LINK,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static LocatorAssertions.IsVisibleOptions patiently() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
    }

    private void first(LocalController controller) {
        Page page = logIn(controller);
        link(page, "Continue the set-up").click();
        link(page, "Start with the license").click();
        page.getByLabel("Topology name").fill("lab");
        page.getByLabel("Overlay subnet").fill("10.199.0.0/24");
        button(page, "Create license").click();
        assertThat(page.locator("#issuer-key")).containsText("BEGIN PRIVATE KEY");
        link(page, "I have kept it; go on").click();
        button(page, "Accept parameters").click();
        page.locator("#new-token").fill(TOKEN);
        page.locator("#repeated-token").fill(TOKEN);
        button(page, "Generate keyset").click();
        assertThat(page.getByText("The keyset is here.")).isVisible(patiently());
        page.close();
    }

    private void further(LocalController controller) {
        Page page = logIn(controller);
        link(page, "Fetch Keyset").first().click();
        fetch(page, "a wrong token, surely");
        assertThat(page.getByText("The last attempt failed.")).isVisible(patiently());
        fetch(page, TOKEN);
        assertThat(page.getByText("The keyset is here.")).isVisible(patiently());
        page.close();
    }

    private void fetch(Page page, String token) {
        page.getByLabel("Address of that controller").fill(controllers.getFirst().address());
        page.locator("#fetch-token").fill(token);
        button(page, "Fetch Keyset").click();
    }

    private void peer(int selfId) {
        Page page = context.newPage();
        page.navigate(controllers.get(selfId - 1).root() + "/");
        link(page, "Controller Peering").first().click();
        button(page, "Save changes").click();
        assertThat(page.getByText("Exactly one controller must be")).isVisible();
        for (int id = 1; id <= 3; id++) {
            Locator choice = page.locator("[name=choice_" + id + "]");
            choice.selectOption(id == selfId ? "self" : "address");
            if (id != selfId) {
                page.locator("[name=address_" + id + "]").fill(controllers.get(id - 1).address());
            }
        }
        button(page, "Save changes").click();
        assertThat(page.getByText("Saved. Each row shows")).isVisible();
        page.close();
    }

    private Page open(String path) {
        Page page = context.newPage();
        page.navigate(controllers.getFirst().root() + path);
        return page;
    }

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
    void aClientpackIsDownloaded() throws IOException {
        try (Page page = open("/overlay/clientpacks")) {
            link(page, "10.199.0.1").click();
            Download download = page.waitForDownload(() -> link(page, "Download .conf").click());

            assertThat(download.suggestedFilename()).isEqualTo("10_199_0_1.conf");
            assertThat(Files.readString(download.path())).contains("[Interface]", "[Peer]");
        }
    }

    @Test
    void packsAreFoundWhileOneTypes() {
        try (Page page = open("/overlay/clientpacks")) {
            page.getByLabel("Search").pressSequentially("0.17");

            assertThat(page.locator("#packs tbody tr")).hasCount(1);
            assertThat(page.locator("#packs")).containsText("10.199.0.17");
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
    void everyPageIsAccessibleAndFitsLightAndDarkWideAndNarrow() throws IOException {
        Files.createDirectories(SCREENSHOTS);
        var found = new ArrayList<String>();
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {1280, 360}) {
                try (BrowserContext look = look(dark, width)) {
                    for (Map.Entry<String, String> each : PAGES.entrySet()) {
                        String name = each.getKey() + (dark ? "-dark-" : "-light-") + width;
                        try (Page page = look.newPage()) {
                            page.navigate(controllers.getFirst().root() + each.getValue());
                            photograph(page, name);
                            if (dark == (width < 1000)) { // each color and each width once
                                found.addAll(measure(page, name));
                            }
                        }
                    }
                }
            }
        }

        assertThat(found).isEmpty();
    }

    private BrowserContext look(boolean dark, int width) {
        BrowserContext look =
                chromium.browser()
                        .newContext(
                                new Browser.NewContextOptions()
                                        .setIgnoreHTTPSErrors(true)
                                        .setStorageState(context.storageState())
                                        .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT)
                                        .setViewportSize(width, 800));
        look.setDefaultTimeout(PATIENCE_MILLIS);
        return look;
    }

    private static void photograph(Page page, String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    private static List<String> measure(Page page, String name) {
        var found = new ArrayList<String>();
        new AxeBuilder(page)
                .analyze()
                .getViolations()
                .forEach(rule -> found.add(name + ": " + rule.getId() + ", " + rule.getHelp()));
        Object overflow =
                page.evaluate(
                        "document.documentElement.scrollWidth > document.documentElement.clientWidth");
        if (Boolean.TRUE.equals(overflow)) {
            found.add(name + " is wider than the screen");
        }
        return found;
    }
}
