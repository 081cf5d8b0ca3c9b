package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import io.peermesh.demo.WireguardClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Takes the pictures of README and docs from a real run: four controllers, two stock clients and
 * traffic between them. Run by {@code tools/pictures}, not by the tests.
 */
@ExtendWith(NeedsChromium.class)
class Pictures {
    private static final double PATIENCE_MILLIS = 60_000;

    private final Path folder = Path.of(System.getProperty("pictures.folder", "target/pictures"));

    @Test
    void areTaken() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, Deployment.Options.usual(4));
                var chromium = Chromium.launch();
                BrowserContext context = context(chromium.browser())) {
            WireguardClient alice = mesh.attach("alice", 0, 1);
            WireguardClient bob = mesh.attach("bob", 1, 2);
            alice.machine()
                    .start(
                            "ping",
                            Map.of(),
                            List.of("ping", "-q", "-i", "0.005", "-s", "1200", bob.address()));
            context.setDefaultTimeout(PATIENCE_MILLIS);
            try (Page page = context.newPage()) {
                String root = "https://127.0.0.1:" + mesh.controller(1).localPort();
                logIn(page, root, mesh.password());
                page.navigate(root + "/overlay/mesh?from=1&to=2");
                assertThat(page.locator(".links .good")).hasCount(6, patiently());
                assertThat(page.locator("table.matrix").getByText("↑")).hasCount(6, patiently());
                take(page, "mesh", 1000);
                page.navigate(root + "/");
                assertThat(page.getByText("same on all controllers")).isVisible();
                take(page, "status", 900);
                page.navigate(root + "/overlay/peering");
                assertThat(page.getByText("up").first()).isVisible();
                take(page, "peering", 560);
            }
        }
    }

    private static BrowserContext context(Browser browser) {
        return browser.newContext(
                new Browser.NewContextOptions()
                        .setIgnoreHTTPSErrors(true)
                        .setViewportSize(1280, 1000));
    }

    private static LocatorAssertions.HasCountOptions patiently() {
        return new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS);
    }

    private static void logIn(Page page, String root, String password) {
        page.navigate(root + "/");
        page.getByLabel("User").fill("admin");
        page.getByLabel("Password").fill(password);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
    }

    private void take(Page page, String name, int height) {
        page.setViewportSize(1280, height);
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
    }
}
