package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.peermesh.demo.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

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
    private static final double PATIENCE_MILLIS = 60_000;
    private static final Pattern ALIVE = Pattern.compile("(up|held)");

    private Rig rig;
    private LocalController first;
    private LocalController further;
    private Chromium chromium;
    private BrowserContext context;
    private final List<String> found = new ArrayList<>();

    @BeforeAll
    void start() {
        rig = Rig.open();
        first = LocalController.start(rig.machine("controller1"));
        further = LocalController.start(rig.machine("controller2"));
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
        rig.close();
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
            assertThat(page.getByLabel("Address of any controller of the mesh"))
                    .hasValue(first.address() + ":8000");
            look(page, "join-failed");

            join(page, TOKEN);

            assertThat(page.getByText("Joined: this is controller 2")).isVisible(patiently());
            assertThat(link(page, "Set-up")).hasCount(0);
            assertThat(page.locator("#peer-state-1"))
                    .containsText(
                            ALIVE,
                            new LocatorAssertions.ContainsTextOptions()
                                    .setTimeout(PATIENCE_MILLIS));
            look(page, "join-joined");
        }
        assertThat(found).isEmpty();
    }

    private void join(Page page, String token) {
        page.getByLabel("Address of any controller of the mesh").fill(first.address());
        page.locator("#token").fill(token);
        button(page, "Join the mesh").click();
    }

    /** The page as it is now, in both colors and both widths. */
    private void look(Page page, String name) {
        var look = new Look(page, name);
        for (int width : new int[] {360, 1280}) {
            for (ColorScheme colors : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
                look.as(colors, width);
                found.addAll(look.faults());
            }
        }
    }
}
