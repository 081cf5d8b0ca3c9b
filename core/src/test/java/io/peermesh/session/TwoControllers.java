package io.peermesh.session;

import static io.peermesh.session.Rig.MILLISECOND;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.crypto.Secret;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.wire.MessageType;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Two controllers, 1 and 2, for the tests of the session between them. */
abstract class TwoControllers {
    final Rig rig = new Rig(Long.getLong("seed", 2L));
    final Secret psk = Secrets.random(rig.entropy);

    Host one = Host.controller(rig, Host.terms(1));
    Host two = Host.controller(rig, Host.terms(2));

    void replace(LinkTerms first, LinkTerms second) {
        rig.hosts.clear();
        one = Host.controller(rig, first);
        two = Host.controller(rig, second);
    }

    void configure() {
        one.peer(two, psk, SessionPolicy.LINK);
        two.peer(one, psk, SessionPolicy.LINK);
    }

    void dialBoth() {
        one.only().onEndpointSet(two.address, rig.nowNanos);
        two.only().onEndpointSet(one.address, rig.nowNanos);
    }

    void connect() {
        configure();
        one.only().onEndpointSet(two.address, rig.nowNanos);
        rig.run(100 * MILLISECOND);
    }

    static LinkTerms with(
            LinkTerms terms, UUID installation, long instance, Set<CipherSuite> ciphers) {
        return new LinkTerms(
                terms.selfId(),
                terms.keyset(),
                terms.generation(),
                installation,
                instance,
                ciphers,
                terms.minVersion(),
                terms.maxVersion());
    }

    List<Rig.Datagram> initiations(Host host) {
        return rig.sent(host, MessageType.INITIATION);
    }

    static String detail(Host host, Refusal reason) {
        return host.refused.stream()
                .filter(refused -> refused.reason() == reason)
                .map(Refused::detail)
                .findFirst()
                .orElseThrow();
    }
}
