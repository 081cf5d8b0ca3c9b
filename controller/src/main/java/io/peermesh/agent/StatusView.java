package io.peermesh.agent;

import io.peermesh.ip.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts an agent's status together. Agent's thread. */
final class StatusView {
    private static final long MICROSECOND = 1_000L;
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private StatusView() {}

    static AgentStatus of(String name, Agent agent, List<String> problems, long nowNanos) {
        Failover failover = agent.failover();
        boolean used = failover.current().isPresent();
        var all = new ArrayList<>(problems);
        Trouble.of(agent, nowNanos).ifPresent(all::add);
        return new AgentStatus(
                name,
                ProcessHandle.current().pid(),
                agent.pack().address().toString(),
                failover.state().name().toLowerCase(Locale.ROOT),
                failover.current().orElse(0),
                used ? failover.cause().name().toLowerCase(Locale.ROOT) : "",
                used ? (nowNanos - failover.usedNanos()) / SECOND : 0,
                failover.silentNanos() / MILLISECOND,
                failover.switches(),
                failover.putOff(),
                failover.probesSent(),
                failover.probesAnswered(),
                agent.gateways().values().stream()
                        .map(each -> controller(each, agent, nowNanos))
                        .toList(),
                all);
    }

    private static AgentStatus.Controller controller(Gateway gateway, Agent agent, long nowNanos) {
        String address = gateway.machine.endpoint().map(Endpoint::toString).orElse("");
        long answered = -1;
        long rtt = 0;
        if (agent.failover().knows(gateway.id())) {
            Candidate candidate = agent.failover().candidate(gateway.id());
            rtt = candidate.rttNanos / MICROSECOND;
            if (candidate.answeredNanos != Candidate.NEVER) {
                answered = (nowNanos - candidate.answeredNanos) / MILLISECOND;
            }
        }
        return new AgentStatus.Controller(
                gateway.id(),
                gateway.known.map(each -> each.endpoint().toString()).orElse(address),
                address,
                state(gateway, agent, nowNanos),
                rtt,
                answered,
                gateway.tunnel.activity.sentBytes(),
                gateway.tunnel.activity.receivedBytes());
    }

    private static String state(Gateway gateway, Agent agent, long nowNanos) {
        Failover failover = agent.failover();
        if (gateway.looped) {
            return "unusable";
        }
        if (failover.current().orElse(0) == gateway.id()) {
            return failover.state() == Failover.State.SEARCHING ? "silent" : "in use";
        }
        if (gateway.machine.endpoint().isEmpty()) {
            return "resolving";
        }
        return failover.knows(gateway.id()) && failover.candidate(gateway.id()).isReady(nowNanos)
                ? "standby"
                : "silent";
    }
}
