package io.peermesh.node;

import io.peermesh.ip.Endpoint;
import io.peermesh.liveness.LinkMonitor;
import io.peermesh.node.NodeStatus.LinkState;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.wire.ControlMessage.Goodbye;
import io.peermesh.wire.LinkPorts;
import java.util.Optional;

/**
 * What an operator is told about a link: its state, and why it is not up, in words that say what to
 * do next. Remembers the last refusal and the last goodbye.
 */
final class LinkStory {
    private static final long SECOND = 1_000_000_000L;

    /** A refusal that does not come again is forgotten after this time. */
    static final long REFUSAL_LASTS_NANOS = 10 * SECOND;

    /** Refusals can be forged, so that even different ones are reported no more often. */
    static final long NEWS_INTERVAL_NANOS = 60 * SECOND;

    private final int selfId;
    private final int peerId;
    private boolean everUp;
    private Optional<String> refusal = Optional.empty();
    private long refusedNanos;
    private Optional<String> told = Optional.empty();
    private long toldNanos;
    private Optional<String> farewell = Optional.empty();

    LinkStory(int selfId, int peerId) {
        this.selfId = selfId;
        this.peerId = peerId;
    }

    void onUp() {
        everUp = true;
        refusal = Optional.empty();
        told = Optional.empty();
        farewell = Optional.empty();
    }

    void onDown() {
        refusal = Optional.empty();
    }

    /** A handshake was completed. */
    void onAnswer() {
        refusal = Optional.empty();
        farewell = Optional.empty();
    }

    /** Gives the cause in words. */
    String onGoodbye(Goodbye.Cause cause) {
        String text =
                switch (cause) {
                    case STOPPING -> "controller %d was stopped".formatted(peerId);
                    case UNPEERED ->
                            "controller %d no longer has controller %d as its peer"
                                    .formatted(peerId, selfId);
                };
        farewell = Optional.of(text);
        return text;
    }

    /** Gives the words if they are news: the same words are told once until the link is up. */
    Optional<String> onRefused(Refused refused, long nowNanos) {
        Optional<String> words = words(refused);
        if (words.isEmpty()) {
            return Optional.empty();
        }
        refusal = words;
        refusedNanos = nowNanos;
        boolean known = words.equals(told);
        boolean soon = told.isPresent() && nowNanos - toldNanos < NEWS_INTERVAL_NANOS;
        if (known || soon) {
            return Optional.empty();
        }
        told = words;
        toldNanos = nowNanos;
        return words;
    }

    private Optional<String> words(Refused refused) {
        return switch (refused.reason()) {
            case WRONG_MAC1, NOT_AUTHENTIC, UNKNOWN_PEER ->
                    Optional.of(
                            ("%s has another keyset than this controller;"
                                            + " compare the keysets' checksums")
                                    .formatted(refused.from().address()));
            case WRONG_GENERATION,
                    OWN_ID,
                    WRONG_ID,
                    NO_COMMON_VERSION,
                    SECOND_INSTALLATION,
                    REFUSED_BY_PEER ->
                    Optional.of(
                            refused.detail().isEmpty()
                                    ? "controller %d is of another version".formatted(peerId)
                                    : refused.detail());
            case NO_COMMON_CIPHER ->
                    Optional.of(
                            "controller %d has no transport cipher in common with this controller"
                                    .formatted(peerId));
            case MALFORMED,
                    REPLAYED, // the network duplicates
                    RATE_LIMITED,
                    COOKIE_DEMANDED,
                    SECOND_MACHINE,
                    TOO_FREQUENT,
                    UNEXPECTED,
                    NO_INDEX,
                    CROSSED ->
                    Optional.empty();
        };
    }

    private boolean isRefused(long nowNanos) {
        return refusal.isPresent() && nowNanos - refusedNanos < REFUSAL_LASTS_NANOS;
    }

    LinkState state(LinkMonitor.State monitored, boolean hasAddress, long nowNanos) {
        if (monitored != LinkMonitor.State.DOWN) {
            return monitored == LinkMonitor.State.UP ? LinkState.UP : LinkState.HELD;
        }
        if (isRefused(nowNanos)) {
            return LinkState.REFUSED;
        }
        if (!hasAddress) {
            return LinkState.RESOLVING;
        }
        return everUp ? LinkState.DOWN : LinkState.CONNECTING;
    }

    String reason(
            LinkState state,
            String host,
            Optional<Endpoint> endpoint,
            long silentNanos,
            long holdNanos) {
        return switch (state) {
            case UP -> "";
            case HELD ->
                    "it went down several times; used only where nothing else leads, for %d s more"
                            .formatted(Math.ceilDiv(holdNanos, SECOND));
            case RESOLVING ->
                    "the name %s has no address; check the name, or use an address".formatted(host);
            case REFUSED -> refusal.orElse("");
            case CONNECTING -> noAnswer(endpoint);
            case DOWN ->
                    farewell.orElseGet(() ->
                            "silent for %d s: %s"
                                    .formatted(silentNanos / SECOND, noAnswer(endpoint)));
        };
    }

    private String noAnswer(Optional<Endpoint> endpoint) {
        return "no answer from %s; open UDP %d there and UDP %d here"
                .formatted(
                        endpoint.map(Endpoint::toString).orElse("controller " + peerId),
                        LinkPorts.remote(selfId, peerId),
                        LinkPorts.local(selfId, peerId));
    }
}
