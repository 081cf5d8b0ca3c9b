package io.peermesh.web;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a page looks: pictures of it, kept with what the build makes, and what is wrong with it. */
final class Look {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int HEIGHT = 800;

    private final Page page;
    private final String name;
    private String variant = "";

    Look(Page page, String name) {
        this.page = page;
        this.name = name;
    }

    /** Shows it in these colors on a screen of this width, and takes a picture. */
    void as(ColorScheme colors, int width) {
        variant = "-" + colors.name().toLowerCase(java.util.Locale.ROOT) + "-" + width;
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colors));
        page.setViewportSize(width, HEIGHT);
        photograph(variant);
    }

    void photograph(String suffix) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(SCREENSHOTS.resolve(name + suffix + ".png")));
    }

    /** What axe-core finds, and whether it is wider than the screen. */
    List<String> faults() {
        var faults = new ArrayList<String>();
        new AxeBuilder(page)
                .analyze()
                .getViolations()
                .forEach(rule ->
                        faults.add(name + variant + ": " + rule.getId() + ", " + rule.getHelp()));
        Object overflow =
                page.evaluate(
                        "document.documentElement.scrollWidth > document.documentElement.clientWidth");
        if (Boolean.TRUE.equals(overflow)) {
            faults.add(name + variant + " is wider than the screen");
        }
        return faults;
    }
}
