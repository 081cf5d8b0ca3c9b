package io.peermesh.agent;

import java.util.Optional;
import java.util.stream.Collectors;

/** What an operator shall look at when no controller answers. Agent's thread. */
final class Trouble {
    /** No answer for so long is worth a word. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    /** The network's word that something did not arrive is repeated for so long. */
    private static final long HINT_NANOS = 30_000_000_000L;

    private static final long SECOND = 1_000_000_000L;

    private Trouble() {}

    /** Empty while all is well, or not yet bad. */
    static Optional<String> of(Agent agent, long nowNanos) {
        long lonelyNanos = agent.lonelyNanos(nowNanos);
        if (lonelyNanos < PATIENCE_NANOS) {
            return Optional.empty();
        }
        Pack pack = agent.pack();
        String each =
                agent.gateways().values().stream()
                        .filter(gateway -> gateway.known.isPresent())
                        .map(gateway -> words(gateway, pack))
                        .collect(Collectors.joining("; "));
        boolean told = nowNanos - agent.hintNanos() < HINT_NANOS && agent.hintNanos() > 0;
        return Optional.of(
                "no controller has answered for %d s. %s.%s See whether the controllers run, whether"
                                .formatted(
                                        lonelyNanos / SECOND,
                                        each,
                                        told
                                                ? " The network says that one of them cannot be"
                                                        + " reached (ICMP)."
                                                : "")
                        + " firewalls let UDP through to these ports and the answers back, and"
                        + " whether the clientpack "
                        + pack.address()
                        + " is enabled and of the newest generation (peermesh clientpack list, at a"
                        + " controller); else download it anew.");
    }

    private static String words(Gateway gateway, Pack pack) {
        String endpoint = pack.controller(gateway.id()).endpoint().toString();
        String what =
                gateway.looped
                        ? "lies in a subnet that goes through the tunnel itself"
                        : gateway.machine.endpoint().isEmpty()
                                ? "has a name that does not resolve"
                                : "has not answered %d handshakes".formatted(gateway.unanswered);
        return "controller %d at UDP %s %s".formatted(gateway.id(), endpoint, what);
    }
}
