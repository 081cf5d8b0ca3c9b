package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A newcomer's shortest way through a real browser: the first controller gets license and keyset,
 * the second joins it. The page is measured and photographed as form, with a failure, and joined.
 */
@ExtendWith(NeedsChromium.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class JoinBrowserIT {
    private static final String TOKEN = "a token among friends";
    private static final String PASSWORD = "chosen by a newcomer";
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MILLIS = 60_000;
    private static final Pattern ALIVE = Pattern.compile("(up|held)");

    private LocalController first;
    private LocalController further;
    private Chromium chromium;
    private BrowserContext context;
    private final List<String> found = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        String network = LocalController.network();
        first = LocalController.start(directory.resolve("first"), network + 1);
        further = LocalController.start(directory.resolve("further"), network + 2);
        chromium = Chromium.launch();
        context =
                chromium.browser()
                        .newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        licenseAndKeyset();
    }

    @AfterAll
    void close() {
        if (chromium != null) {
            chromium.close();
        }
        first.close();
        further.close();
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
        link(page, "Continue the set-up").click();
        return page;
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static LocatorAssertions.IsVisibleOptions patiently() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
    }

    private void licenseAndKeyset() {
        try (Page page = logIn(first)) {
            link(page, "Start with the license").click();
            page.getByLabel("Topology name").fill("lab");
            button(page, "Create license").click();
            link(page, "I have kept it; go on").click();
            button(page, "Accept parameters").click();
            page.locator("#new-token").fill(TOKEN);
            page.locator("#repeated-token").fill(TOKEN);
            button(page, "Generate keyset").click();
            assertThat(page.getByText("The keyset is here.")).isVisible(patiently());
        }
    }

    @Test
    void aNewcomerJoinsWithAnAddressAndAToken() {
        try (Page page = logIn(further)) {
            link(page, "Join a mesh").click();
            look(page, "join-form");
            join(page, "a wrong token, surely");
            assertThat(page.getByText("refused the security token")).isVisible(patiently());
            look(page, "join-failed");

            join(page, TOKEN);

            assertThat(page.getByText("Joined: this is controller 2")).isVisible(patiently());
            assertThat(page.locator("#peer-state-1"))
                    .containsText(
                            ALIVE,
                            new LocatorAssertions.ContainsTextOptions()
                                    .setTimeout(PATIENCE_MILLIS));
            look(page, "join-joined");
        }
        assertThat(found).isEmpty();
    }

    /** On the loopback a controller is seen from another address than its own. */
    private void join(Page page, String token) {
        page.getByLabel("Address of any controller of the mesh").fill(first.address());
        page.locator("#token").fill(token);
        if (!page.locator("details.more-fields").evaluate("e => e.open").equals(true)) {
            page.getByText("Address and name of this controller").click();
        }
        page.getByLabel("Address of this controller", exactly()).fill(further.address());
        button(page, "Join the mesh").click();
    }

    /** The page as it is now, in every color and width, without disturbing the one that works. */
    private void look(Page page, String name) {
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {1280, 360}) {
                var options =
                        new Browser.NewContextOptions()
                                .setIgnoreHTTPSErrors(true)
                                .setStorageState(context.storageState())
                                .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT)
                                .setViewportSize(width, 800);
                try (BrowserContext look = chromium.browser().newContext(options);
                        Page copy = look.newPage()) {
                    copy.setDefaultTimeout(PATIENCE_MILLIS);
                    copy.navigate(page.url());
                    measure(copy, name + (dark ? "-dark-" : "-light-") + width);
                }
            }
        }
    }

    private void measure(Page page, String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(SCREENSHOTS.resolve(name + ".png")));
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
    }
}
