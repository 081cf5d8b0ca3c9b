package io.peermesh.agent;

import io.peermesh.crypto.AeadProvider;
import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.ip.IpAddress;
import io.peermesh.port.Entropy;
import io.peermesh.port.Tun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The pure agent, for the simulated world of another package. */
public final class AgentBench {
    private final Agent agent;
    private final List<String> moves = new ArrayList<>();

    /** An agent with this clientpack, whose controllers are given by address. */
    public AgentBench(
            String pack, AeadProvider ciphers, Entropy entropy, long epochNanos, long nowNanos) {
        agent =
                new Agent(
                        PackReaderTest.pack(pack),
                        Failover.PROBE_INTERVAL_NANOS,
                        ciphers,
                        entropy,
                        nowNanos);
        agent.onWallClock(epochNanos, nowNanos);
        agent.pack()
                .controllers()
                .values()
                .forEach(each ->
                        agent.onAddress(
                                each.id(),
                                IpAddress.literal(each.endpoint().host()),
                                false,
                                nowNanos));
    }

    public static Tun filter(Tun device, IntConsumer answers) {
        return new ProbeFilter(device, answers);
    }

    public void onWallClock(long epochNanos, long nowNanos) {
        agent.onWallClock(epochNanos, nowNanos);
    }

    public void onEvent(DataEvent event, long nowNanos) {
        agent.onEvent(event, nowNanos);
    }

    public void onProbeAnswer(int sequence, long nowNanos) {
        agent.onProbeAnswer(sequence, nowNanos);
    }

    public void onTimer(long nowNanos) {
        agent.onTimer(nowNanos);
    }

    public long nextDeadlineNanos() {
        return agent.nextDeadlineNanos();
    }

    public void drainCommands(Consumer<? super DataCommand> sink) {
        agent.drainCommands(sink);
        agent.takeMoves().forEach(move -> moves.add(move.cause() + " " + move.to()));
    }

    /** The moves so far, such as {@code SILENT 2}. */
    public List<String> moves() {
        return moves;
    }

    /** The controller in use; 0 for none. */
    public int controller() {
        return agent.failover().current().orElse(0);
    }

    public boolean isConnected() {
        return agent.failover().state() == Failover.State.CONNECTED;
    }

    /** Whether a session stands by with this controller. */
    public boolean standsBy(int id, long nowNanos) {
        return agent.failover().candidate(id).isReady(nowNanos);
    }
}
