package io.peermesh.node;

import static io.peermesh.node.Pipe.MS;
import static io.peermesh.node.Pipe.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.forward.DataCommand;
import io.peermesh.forward.DataEvent;
import io.peermesh.forward.NextHop;
import io.peermesh.ip.Endpoint;
import io.peermesh.session.Tunnel;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlMessage;
import io.peermesh.wire.HandshakeLayout;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A node under floods, at its size limits, and with events that make no sense. */
class NodeLimitsTest {
    private static final Endpoint ANYBODY = Endpoint.parse("203.0.113.5:9999").orElseThrow();

    @Test
    void aFloodOfHandshakesIsWorkedOffInSmallTurns() {
        Pipe pipe = new Pipe(1);
        Pipe.Controller one = pipe.start(pipe.desired(1, 1, 0));
        byte[] junk = new byte[HandshakeLayout.WIREGUARD.initiationBytes()];
        junk[0] = 1;
        for (int i = 0; i < 100_000; i++) {
            one.onEvent(new DataEvent.HandshakeReceived(0, ANYBODY, junk));
        }

        int turns = 0;
        while (one.deadlineNanos() <= pipe.now) {
            one.turn();
            turns++;
        }

        assertThat(turns).isEqualTo(HandshakeQueue.MAX_FROM_CLIENTS / HandshakeQueue.PER_TURN);
    }

    @Test
    void linksStayUpUnderAFloodOfHandshakes() {
        Pipe pipe = Pipe.mesh(2, 0);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        int reports = pipe.controller(1).reports.size();
        byte[] junk = new byte[HandshakeLayout.WIREGUARD.initiationBytes()];
        junk[0] = 1;

        for (int i = 0; i < 2_000; i++) {
            for (int j = 0; j < 20; j++) {
                pipe.controller(1).onEvent(new DataEvent.HandshakeReceived(0, ANYBODY, junk));
            }
            pipe.run(MS);
        }

        assertThat(pipe.controller(1).reports).hasSize(reports);
        assertThat(pipe.allUp()).isTrue();
    }

    @Test
    void tenThousandPacksAreDerivedInSmallTurnsAndThenConnect() {
        Pipe pipe = new Pipe(1);
        Pipe.Controller one = pipe.start(pipe.desired(1, 1, 10_000));
        Pipe.Client last = pipe.addClient(10_000);
        last.connect(1);

        pipe.run(6 * SECOND);

        assertThat(one.via("10.0.40.16")).as("client 10,000").isEqualTo("client 10000");
        assertThat(one.via("10.0.1.1")).isEqualTo("unreachable");
    }

    @Test
    void hundredsOfClientsOfOneControllerAreKnownToTheOther() {
        Pipe pipe = Pipe.mesh(2, 300);
        for (int k = 1; k <= 300; k++) {
            pipe.addClient(k).connect(1);
        }

        pipe.run(30 * SECOND);

        assertThat(pipe.controller(2).node.status(pipe.now).clients()).hasSize(300);
        assertThat(pipe.controller(2).via("10.0.2.44")).isEqualTo("link 1");
    }

    @Test
    void aBurstOfChangesCostsFewForwardingTables() {
        Pipe pipe = Pipe.mesh(2, 100);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        pipe.run(SECOND);
        int before = pipe.controller(2).path.published;
        for (int k = 1; k <= 100; k++) {
            pipe.addClient(k).connect(1);
        }

        pipe.run(100 * MS);

        assertThat(pipe.controller(2).node.status(pipe.now).clients()).hasSize(100);
        assertThat(pipe.controller(2).path.published - before).isBetween(1, 9);
    }

    @Test
    void idleTurnsCostNothingPerClient() {
        Pipe pipe = new Pipe(1);
        Pipe.Controller one = pipe.start(pipe.desired(1, 1, 10_000));
        pipe.run(SECOND);

        long deadline = one.deadlineNanos();

        assertThat(deadline - pipe.now).as("nothing to do for long").isGreaterThan(10 * SECOND);
    }

    /** Else nobody's probes would be answered meanwhile, and the peers would take us for dead. */
    @Test
    void aTurnMakesFewHandshakesHoweverManyClientsDoNotAnswer() {
        int clients = Integer.getInteger("clients", 100);
        Pipe pipe = Pipe.settled(2, clients);
        pipe.runUntil(() -> pipe.controller(1).deadlineNanos() > pipe.now, SECOND);
        var forger = new Forger(pipe, 1, 2);
        for (int k = 1; k <= clients; k++) {
            forger.tell(new Payload.Ownerships(List.of(ownedBy2(k))));
        }
        pipe.crash(2); // the larger side is left, which asks nobody before it calls
        Pipe.Controller one = pipe.controller(1);
        long end = pipe.now + SECOND;
        int all = 0;
        int most = 0;

        while (pipe.now < end) {
            pipe.now = Math.max(pipe.now, one.deadlineNanos());
            int handshakes = handshakesOfATurn(one, pipe.now);
            most = Math.max(most, handshakes);
            all += handshakes;
        }

        assertThat(all).as("0, 60, 120, 250, 500 ms").isGreaterThanOrEqualTo(5 * clients);
        assertThat(most)
                .isLessThanOrEqualTo(1 + TakeOver.STARTED_PER_TURN + Deadlines.HANDSHAKES_PER_RUN);
    }

    private static Payload.Ownership ownedBy2(int k) {
        return new Payload.Ownership(
                Pipe.client(k),
                2,
                0,
                false,
                1_000,
                0,
                Tai64n.NONE,
                Tai64n.NONE,
                Endpoint.parse("198.51.100.7:" + (1_000 + k)));
    }

    private static int handshakesOfATurn(Pipe.Controller controller, long now) {
        var sent = new ArrayList<DataCommand.SendHandshake>();
        controller.node.onTimer(now);
        controller.node.drainCommands(command -> {
            if (command instanceof DataCommand.SendHandshake handshake) {
                sent.add(handshake);
            }
        });
        return sent.size();
    }

    @Test
    void survivesRandomControlMessagesFromAPeer() {
        Pipe pipe = Pipe.mesh(3, 2);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        pipe.run(SECOND);
        Tunnel tunnel = linkTunnel(pipe.controller(1), "10.0.0.2");
        var random = new Random(8);

        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = (byte) random.nextInt(1, 5);
                bytes[1] = (byte) random.nextInt(4);
            }
            pipe.controller(1).onEvent(new DataEvent.ControlReceived(tunnel, bytes));
        }
        pipe.run(10 * SECOND);

        assertThat(pipe.allUp()).isTrue();
        assertThat(pipe.controller(1).via("172.16.2.1")).isEqualTo("link 2");
        assertThat(pipe.controller(1).node.counters().controlMessagesMalformed())
                .isGreaterThan(10_000);
    }

    @Test
    void ignoresEventsOfTunnelsThatAreGone() {
        Pipe pipe = Pipe.mesh(2, 0);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        pipe.run(SECOND);
        Tunnel former = linkTunnel(pipe.controller(1), "10.0.0.2");
        pipe.controller(1).configure(c -> c.withoutPeer(2));
        byte[] probe = ControlCodec.encode(new ControlMessage.Probe(1, 2));
        pipe.controller(1).node.drainCommands(_ -> {});

        pipe.controller(1).onEvent(new DataEvent.ControlReceived(former, probe));
        pipe.controller(1).onEvent(new DataEvent.SessionNeeded(former));
        pipe.controller(1).onEvent(new DataEvent.Roamed(former, ANYBODY));

        List<DataCommand> commands = new ArrayList<>();
        pipe.controller(1).node.drainCommands(commands::add);
        assertThat(commands).isEmpty();
    }

    @Test
    void aStoppedNodeDoesNothingAndStartsAgain() {
        Pipe pipe = Pipe.mesh(2, 0);
        assertThat(pipe.runUntil(pipe::allUp, 5 * SECOND)).isTrue();
        Node node = pipe.controller(1).node;

        node.stop(pipe.now);
        pipe.run(20 * SECOND);

        assertThat(node.nextDeadlineNanos()).isEqualTo(Node.NO_DEADLINE);
        assertThat(node.status(pipe.now).links()).isEmpty();

        node.configure(pipe.controller(1).desired, pipe.now);
        pipe.run(10 * SECOND);

        assertThat(pipe.allUp()).isTrue();
        assertThat(pipe.controller(1).via("172.16.2.1")).isEqualTo("link 2");
        assertThat(pipe.controller(2).via("172.16.1.1")).isEqualTo("link 1");
    }

    private static Tunnel linkTunnel(Pipe.Controller controller, String address) {
        var towards = (NextHop.Towards) controller.route(address).orElseThrow();
        return controller.linkTo(towards.controllerId()).orElseThrow();
    }
}
