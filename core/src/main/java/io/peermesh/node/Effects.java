package io.peermesh.node;

import io.peermesh.forward.DataCommand;
import io.peermesh.ip.Endpoint;
import io.peermesh.session.Keypair;
import io.peermesh.session.SessionOutput;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.Tai64n;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * What the node wants done, in order, until somebody takes it: commands, reports, and the notices
 * of the sessions, which the node takes itself once the session's call has returned.
 */
final class Effects implements SessionOutput {
    private final Queue<DataCommand> commands = new ArrayDeque<>();
    private final Queue<Report> reports = new ArrayDeque<>();
    private final Queue<Notice> notices = new ArrayDeque<>();
    private long initiations;

    /** What a session said. */
    sealed interface Notice {
        /** It is proven. */
        record Proven(Tunnel tunnel, Established session) implements Notice {}

        /** It, or the attempt to get one, is over. */
        record Over(Tunnel tunnel, Ended cause) implements Notice {}

        /** An initiation went out. */
        record Initiated(Tunnel tunnel, Tai64n timestamp) implements Notice {}

        /** A message was not acted upon. */
        record Refusal(Refused refused) implements Notice {}
    }

    void command(DataCommand command) {
        commands.add(command);
    }

    void report(Report report) {
        reports.add(report);
    }

    void drainCommands(Consumer<? super DataCommand> sink) {
        drain(commands, sink);
    }

    void drainReports(Consumer<? super Report> sink) {
        drain(reports, sink);
    }

    private static <T> void drain(Queue<T> queue, Consumer<? super T> sink) {
        for (T next = queue.poll(); next != null; next = queue.poll()) {
            sink.accept(next);
        }
    }

    Optional<Notice> nextNotice() {
        return Optional.ofNullable(notices.poll());
    }

    @Override
    public void install(Tunnel tunnel, Keypair keypair) {
        commands.add(new DataCommand.Install(tunnel, keypair));
    }

    @Override
    public void clear(Tunnel tunnel) {
        commands.add(new DataCommand.Clear(tunnel));
    }

    @Override
    public void sendHandshake(int socket, Endpoint to, byte[] message) {
        commands.add(new DataCommand.SendHandshake(socket, to, message));
    }

    @Override
    public void sendKeepalive(Tunnel tunnel) {
        commands.add(new DataCommand.SendKeepalive(tunnel));
    }

    @Override
    public void setEndpoint(Tunnel tunnel, Endpoint endpoint) {
        commands.add(new DataCommand.SetEndpoint(tunnel, endpoint));
    }

    @Override
    public void initiated(Tunnel tunnel, Tai64n timestamp) {
        initiations++;
        notices.add(new Notice.Initiated(tunnel, timestamp));
    }

    /** Handshakes that were started so far, repetitions included. */
    long initiations() {
        return initiations;
    }

    @Override
    public void established(Tunnel tunnel, Established session, long nowNanos) {
        notices.add(new Notice.Proven(tunnel, session));
    }

    @Override
    public void ended(Tunnel tunnel, Ended cause, long nowNanos) {
        notices.add(new Notice.Over(tunnel, cause));
    }

    @Override
    public void refused(Refused refused) {
        notices.add(new Notice.Refusal(refused));
    }
}
