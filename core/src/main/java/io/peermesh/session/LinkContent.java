package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.session.SessionOutput.LinkPeer;
import io.peermesh.wire.LinkHello;
import io.peermesh.wire.LinkOffer;
import io.peermesh.wire.LinkStatus;
import io.peermesh.wire.LinkWelcome;
import io.peermesh.wire.Tai64n;
import java.util.Optional;
import java.util.UUID;

/** The handshake between controllers: who meets whom, and what they agree on. */
final class LinkContent implements HandshakeContent {
    private final LinkTerms terms;
    private final int peerId;
    private final PeerInstances instances = new PeerInstances();

    LinkContent(LinkTerms terms, int peerId) {
        this.terms = terms;
        this.peerId = peerId;
    }

    @Override
    public Optional<LinkOffer> offer() {
        return Optional.of(
                new LinkOffer(
                        terms.minVersion(),
                        terms.maxVersion(),
                        terms.selfId(),
                        peerId,
                        terms.generation()));
    }

    @Override
    public byte[] prologue(Optional<LinkOffer> offer) {
        return Prologues.link(offer.orElseThrow(), terms.keyset());
    }

    @Override
    public byte[] hello(Tai64n timestamp) {
        return new LinkHello(
                        timestamp,
                        terms.installation(),
                        terms.instance(),
                        LinkCiphers.mask(terms.ciphers()))
                .toBytes();
    }

    @Override
    public Optional<Tai64n> timestamp(byte[] hello) {
        return LinkHello.parse(hello).map(LinkHello::timestamp);
    }

    @Override
    public Agreement onHello(
            Optional<LinkOffer> offer, byte[] payload, long lastHeardNanos, long nowNanos) {
        LinkOffer theirs = offer.orElseThrow();
        LinkHello hello = LinkHello.parse(payload).orElseThrow();
        int version = Math.min(terms.maxVersion(), theirs.maxVersion());
        if (version < Math.max(terms.minVersion(), theirs.minVersion())) {
            return refuse(LinkStatus.NO_COMMON_VERSION, versions(theirs));
        }
        if (!instances.admits(hello.installation(), hello.instance(), lastHeardNanos, nowNanos)) {
            return refuse(LinkStatus.SECOND_INSTALLATION, second(hello.installation()));
        }
        Optional<CipherSuite> cipher = LinkCiphers.choose(hello.ciphers(), terms.ciphers());
        if (cipher.isEmpty()) {
            return refuse(LinkStatus.NO_COMMON_CIPHER, "");
        }
        int cipherBit = LinkCiphers.bit(cipher.get());
        var peer = new LinkPeer(hello.installation(), hello.instance(), version);
        return new Agreement(
                cipher.get(),
                Optional.of(peer),
                welcome(LinkStatus.ACCEPTED, cipherBit, version),
                Optional.empty());
    }

    private Agreement refuse(LinkStatus status, String detail) {
        return Agreement.refused(refusal(status), detail, welcome(status, 0, 0));
    }

    private byte[] welcome(LinkStatus status, int cipherBit, int version) {
        return new LinkWelcome(terms.installation(), terms.instance(), status, cipherBit, version)
                .toBytes();
    }

    private static Refusal refusal(LinkStatus status) {
        return switch (status) {
            case ACCEPTED -> throw new IllegalArgumentException("not a refusal: " + status);
            case SECOND_INSTALLATION -> Refusal.SECOND_INSTALLATION;
            case NO_COMMON_VERSION -> Refusal.NO_COMMON_VERSION;
            case NO_COMMON_CIPHER -> Refusal.NO_COMMON_CIPHER;
        };
    }

    private String versions(LinkOffer theirs) {
        return "controller %d speaks link protocol %d..%d, this controller %d..%d"
                .formatted(
                        peerId,
                        theirs.minVersion(),
                        theirs.maxVersion(),
                        terms.minVersion(),
                        terms.maxVersion());
    }

    private String second(UUID installation) {
        return "installation %s says to be controller %d, but installation %s is connected as it"
                .formatted(installation, peerId, instances.describe());
    }

    @Override
    public Agreement onWelcome(byte[] payload, long lastHeardNanos, long nowNanos) {
        return LinkWelcome.parse(payload)
                .map(welcome -> judge(welcome, lastHeardNanos, nowNanos))
                .orElseGet(() -> Agreement.refused(Refusal.MALFORMED, ""));
    }

    private Agreement judge(LinkWelcome welcome, long lastHeardNanos, long nowNanos) {
        if (welcome.status() != LinkStatus.ACCEPTED) {
            return Agreement.refused(Refusal.REFUSED_BY_PEER, refusedByPeer(welcome.status()));
        }
        UUID installation = welcome.installation();
        if (!instances.admits(installation, welcome.instance(), lastHeardNanos, nowNanos)) {
            return Agreement.refused(Refusal.SECOND_INSTALLATION, second(installation));
        }
        Optional<CipherSuite> cipher = LinkCiphers.chosen(welcome.cipher(), terms.ciphers());
        if (cipher.isEmpty()) {
            return Agreement.refused(Refusal.NO_COMMON_CIPHER, "");
        }
        if (welcome.version() < terms.minVersion() || welcome.version() > terms.maxVersion()) {
            return Agreement.refused(Refusal.NO_COMMON_VERSION, "");
        }
        var peer = new LinkPeer(installation, welcome.instance(), welcome.version());
        return new Agreement(cipher.get(), Optional.of(peer), new byte[0], Optional.empty());
    }

    private String refusedByPeer(LinkStatus status) {
        return switch (status) {
            case ACCEPTED -> throw new IllegalArgumentException("not a refusal: " + status);
            case SECOND_INSTALLATION ->
                    "controller %d is connected to another installation, or copy of this one, that is controller %d too"
                            .formatted(peerId, terms.selfId());
            case NO_COMMON_VERSION ->
                    "controller %d does not speak link protocol %d..%d"
                            .formatted(peerId, terms.minVersion(), terms.maxVersion());
            case NO_COMMON_CIPHER ->
                    "controller %d has none of the transport ciphers %s"
                            .formatted(peerId, terms.ciphers());
        };
    }

    @Override
    public boolean yieldsWhenCrossed() {
        return terms.selfId() > peerId;
    }

    @Override
    public boolean prevailsWhenCrossed() {
        return terms.selfId() < peerId;
    }

    @Override
    public void onProven(SessionOutput.Established session) {
        session.peer().ifPresent(p -> instances.established(p.installation(), p.instance()));
    }
}
