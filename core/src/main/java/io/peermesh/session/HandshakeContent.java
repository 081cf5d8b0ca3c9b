package io.peermesh.session;

import io.peermesh.crypto.CipherSuite;
import io.peermesh.wire.LinkOffer;
import io.peermesh.wire.Tai64n;
import java.util.Optional;

/** What the two dialects put into the same handshake: prologue and payloads. */
sealed interface HandshakeContent permits HandshakeContent.WireGuardContent, LinkContent {
    static HandshakeContent of(Dialect dialect, int peerId) {
        return switch (dialect) {
            case Dialect.WireGuard() -> new WireGuardContent();
            case Dialect.Link(LinkTerms terms) -> new LinkContent(terms, peerId);
        };
    }

    /** What our initiations say in clear. */
    Optional<LinkOffer> offer();

    /** The prologue of a handshake whose initiation bore this offer. */
    byte[] prologue(Optional<LinkOffer> offer);

    /** The payload of our initiations. */
    byte[] hello(Tai64n timestamp);

    /** The timestamp in the other side's initiation; empty when malformed. */
    Optional<Tai64n> timestamp(byte[] hello);

    /** Judges an initiation. */
    Agreement onHello(Optional<LinkOffer> offer, byte[] hello, long lastHeardNanos, long nowNanos);

    /** Judges the payload of a response. */
    Agreement onWelcome(byte[] welcome, long lastHeardNanos, long nowNanos);

    /** Whether our own handshake gives way when both sides have started one. */
    boolean yieldsWhenCrossed();

    /** Whether the other side's handshake gives way to ours. */
    boolean prevailsWhenCrossed();

    /** Notes that a session was proven. */
    void onProven(SessionOutput.Established session);

    /** Stock WireGuard: a constant prologue, a timestamp, an empty response. */
    final class WireGuardContent implements HandshakeContent {
        private static final Agreement AGREED =
                new Agreement(
                        CipherSuite.CHACHA20_POLY1305,
                        Optional.empty(),
                        new byte[0],
                        Optional.empty());

        @Override
        public Optional<LinkOffer> offer() {
            return Optional.empty();
        }

        @Override
        public byte[] prologue(Optional<LinkOffer> offer) {
            return Prologues.wireGuard();
        }

        @Override
        public byte[] hello(Tai64n timestamp) {
            return timestamp.toBytes();
        }

        @Override
        public Optional<Tai64n> timestamp(byte[] hello) {
            return hello.length == Tai64n.BYTES
                    ? Optional.of(Tai64n.parse(hello, 0))
                    : Optional.empty();
        }

        @Override
        public Agreement onHello(
                Optional<LinkOffer> offer, byte[] hello, long lastHeardNanos, long nowNanos) {
            return AGREED;
        }

        @Override
        public Agreement onWelcome(byte[] welcome, long lastHeardNanos, long nowNanos) {
            return welcome.length == 0 ? AGREED : Agreement.refused(Refusal.MALFORMED, "");
        }

        @Override
        public boolean yieldsWhenCrossed() {
            return false;
        }

        @Override
        public boolean prevailsWhenCrossed() {
            return false;
        }

        @Override
        public void onProven(SessionOutput.Established session) {}
    }
}
