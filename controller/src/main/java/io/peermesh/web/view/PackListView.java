package io.peermesh.web.view;

import java.util.List;

/**
 * A page of the list of clientpacks.
 *
 * @param all packs of the license
 * @param found packs that match
 * @param page from 1
 */
public record PackListView(
        List<PackRowView> rows,
        int all,
        int connected,
        int found,
        int page,
        int pages,
        String query,
        String state,
        String sort) {
    /** Copies the list. */
    public PackListView {
        rows = List.copyOf(rows);
    }

    /** The address of the same list with another page. */
    public String href(int otherPage) {
        return "/overlay/clientpacks?q="
                + java.net.URLEncoder.encode(query, java.nio.charset.StandardCharsets.UTF_8)
                + "&state="
                + state
                + "&sort="
                + sort
                + "&page="
                + otherPage;
    }
}
