package io.peermesh.session;

import static io.peermesh.session.Rig.SECOND;

import io.peermesh.crypto.Secret;
import io.peermesh.wire.MessageType;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A client in the role of stock WireGuard, and the gateway, for the tests of their sessions. */
abstract class ClientAndGateway {
    final Rig rig = new Rig(Long.getLong("seed", 1L));
    final Host client = Host.wireGuard(rig, 1);
    final Host gateway = Host.wireGuard(rig, 2);
    final Secret psk = Secrets.random(rig.entropy);
    final SessionMachine toGateway = client.peer(gateway, psk, SessionPolicy.wireGuard(0));
    final SessionMachine toClient = gateway.peer(client, psk, SessionPolicy.GATEWAY);

    @BeforeEach
    void configureTheGatewaysAddress() {
        toGateway.onEndpointSet(gateway.address, rig.nowNanos);
    }

    final void connect() {
        client.send(gateway, "first");
        rig.run(SECOND);
    }

    final List<Rig.Datagram> initiations(Host host) {
        return rig.sent(host, MessageType.INITIATION);
    }

    final void exchange() {
        client.send(gateway, "q");
        gateway.send(client, "a");
        rig.run(SECOND);
    }
}
