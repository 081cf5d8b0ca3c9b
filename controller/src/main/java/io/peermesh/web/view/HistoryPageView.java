package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * Everything on the page <i>Link and event history</i>.
 *
 * @param clientsLeftOut how many clients came or went besides those that have a bar
 * @param spans how far back one may look, by their words in the address
 * @param about what was typed, as it was typed
 * @param wrong what is wrong with it; empty if nothing is
 * @param older address of the next page; empty when there is none
 * @param isNewest whether this is the first page
 */
public record HistoryPageView(
        List<Link> links,
        List<TimeBar> clients,
        int clientsLeftOut,
        List<Choice> spans,
        List<Choice> kinds,
        String about,
        String wrong,
        String older,
        boolean isNewest) {
    /** Copies the lists. */
    public HistoryPageView {
        links = List.copyOf(links);
        clients = List.copyOf(clients);
        spans = List.copyOf(spans);
        kinds = List.copyOf(kinds);
    }

    /** A link: when it was up, and how good it was, as far as that is recorded. */
    public record Link(TimeBar bar, Optional<Chart> rtt, Optional<Chart> loss) {}

    /** An event. */
    public record Row(
            Moment at, Pill kind, String text, String cause, List<MeshPageView.Fact> facts) {
        /** Copies the list. */
        public Row {
            facts = List.copyOf(facts);
        }
    }
}
