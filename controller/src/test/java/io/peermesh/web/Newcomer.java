package io.peermesh.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.peermesh.web.BrowserIT.PASSWORD;
import static io.peermesh.web.BrowserIT.photograph;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.List;

/**
 * Somebody with a browser and three controllers that were just started: goes the documented way.
 */
final class Newcomer {
    private static final String TOKEN = "a token among friends";

    private final BrowserContext context;
    private final List<LocalController> controllers;

    Newcomer(BrowserContext context, List<LocalController> controllers) {
        this.context = context;
        this.controllers = controllers;
    }

    /**
     * License, parameters and keyset on the first; keyset fetched by the others; peering on all.
     */
    void peersThreeControllers() {
        first(controllers.getFirst());
        for (LocalController further : controllers.subList(1, 3)) {
            further(further);
        }
        for (int id = 1; id <= 3; id++) {
            peer(id);
        }
    }

    private Page logIn(LocalController controller) {
        Page page = context.newPage();
        page.navigate(controller.root() + "/");
        photograph(page, "login");
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

    static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.BUTTON,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator link(Page page, String name) {
        return page.getByRole(
                com.microsoft.playwright.options.AriaRole.LINK,
                new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static LocatorAssertions.IsVisibleOptions patiently() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(BrowserIT.PATIENCE_MILLIS);
    }

    private void first(LocalController controller) {
        Page page = logIn(controller);
        link(page, "Continue the set-up").click();
        photograph(page, "setup");
        link(page, "Start with the license").click();
        page.getByLabel("Topology name").fill("lab");
        page.getByLabel("Overlay subnet").fill("10.199.0.0/21");
        page.getByLabel("Clientpacks").fill("1000");
        photograph(page, "license-first");
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
}
