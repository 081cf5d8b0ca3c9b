package io.peermesh.web.view;

import java.util.List;
import java.util.Optional;

/**
 * The slider over the past of the mesh.
 *
 * @param begin first second that it reaches, since 1970
 * @param end last second, which is now
 * @param at the second that is shown
 * @param bar when all links were up
 * @param earlier second of the last change before that one
 * @param later second of the next change after it; empty for none until now
 */
public record MeshTimeView(
        long begin,
        long end,
        long at,
        TimeBar bar,
        List<Choice> spans,
        String span,
        int from,
        int to,
        Optional<Long> earlier,
        Optional<Long> later) {
    /** Copies the list. */
    public MeshTimeView {
        spans = List.copyOf(spans);
    }

    /** The page at another second. */
    public String href(long second) {
        return "/overlay/mesh?at=" + second + "&span=" + span + "&from=" + from + "&to=" + to;
    }

    /** The page as it is now. */
    public String now() {
        return "/overlay/mesh?span=" + span + "&from=" + from + "&to=" + to;
    }
}
