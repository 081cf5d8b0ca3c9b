package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * What surrounds every page.
 *
 * @param title of the page
 * @param formToken stands in every form
 * @param liveUrl the stream that keeps the part with id {@code live} up to date; empty for none
 * @param assets tells versions of style and script apart
 */
public record Shell(
        String title,
        String topologyName,
        String controllerName,
        String userName,
        String roleName,
        boolean mayOperate,
        boolean mayAdminister,
        String formToken,
        String liveUrl,
        Optional<Notice> notice,
        List<Group> menu,
        String assets) {
    /** Copies the menu. */
    public Shell {
        menu = List.copyOf(menu);
    }

    /** A message on top of the page. */
    public record Notice(boolean isProblem, String text) {}

    /** A part of the menu. */
    public record Group(String label, List<Item> items) {
        /** Copies the items. */
        public Group {
            items = List.copyOf(items);
        }
    }

    /** A page in the menu. */
    public record Item(String label, String href, boolean current) {}

    /** The same for another live part. */
    public Shell live(String url) {
        return new Shell(
                title,
                topologyName,
                controllerName,
                userName,
                roleName,
                mayOperate,
                mayAdminister,
                formToken,
                url,
                notice,
                menu,
                assets);
    }
}
