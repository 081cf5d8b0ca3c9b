package io.peermesh.session;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.Endpoint;
import io.peermesh.noise.NoiseKeys;
import io.peermesh.noise.NoiseResponder;
import io.peermesh.session.SessionOutput.Ended;
import io.peermesh.session.SessionOutput.Established;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.wire.HandshakeMessage.CookieReply;
import io.peermesh.wire.HandshakeMessage.Initiation;
import io.peermesh.wire.HandshakeMessage.Response;
import io.peermesh.wire.Tai64n;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The control side of one peer, a client, a gateway or another controller: makes and answers
 * handshakes, renews keys, and keeps WireGuard's timers (whitepaper §6).
 *
 * <pre>
 *          needed, and endpoint known                response
 *   +------+ ------------------------&gt; +------------+ ---------&gt; +--------+
 *   | idle |                           | attempting |            | proven | &lt;-- confirmed, as
 *   +------+ &lt;------------------------ +------------+ &lt;--------- +--------+     responder
 *       ^     gave up (90 s; links never)              renewal        |
 *       +-------------------------------------------------------------+
 *                             no new keys for 540 s
 * </pre>
 *
 * <ul>
 *   <li>idle: there are no keys, and nobody asked for any;
 *   <li>attempting: initiations go out, one after the other; older keys stay in use meanwhile;
 *   <li>proven: both sides hold the keys.
 * </ul>
 *
 * An initiation of the other side is answered in every state, and changes only the keys that wait
 * in {@link Tunnel#next}; the session is proven by the first transport packet under them.
 *
 * <p>Both sides may start at once. Each answers the other, so two sessions come up; whoever sends
 * with one of them finds the other side still holding it (as current, next or previous keys), so
 * both are valid. Stock WireGuard keeps one handshake at a time: it forgets its own and answers
 * ours. On links two sessions would leave both sides renewing, and a renewal would find a keypair
 * in the place of the one in use; therefore the lower controller id's handshake prevails: the
 * higher one drops the session that it started if it has answered the lower one's meanwhile, and
 * the lower one leaves unanswered what arrives right after its own handshake is done. If the answer
 * that counts was lost, the next rung of the ladder comes a second later.
 *
 * <p>Owned by the control thread. {@code nowNanos} is monotonic, {@code epochNanos} the wall clock.
 */
public final class SessionMachine {
    /** Initiations of one peer, and to one peer, are never closer than this. */
    public static final long MIN_INITIATION_GAP_NANOS = 20_000_000L;

    /** On links: an initiation this soon after our own handshake was under way with it. */
    static final long CROSSED_NANOS = 500_000_000L;

    private static final long NEVER = Activity.NEVER;

    private final Tunnel tunnel;
    private final HandshakeContent content;
    private final Secret presharedKey;
    private final SessionPolicy policy;
    private final SessionPorts ports;
    private final SessionTimers timers;
    private final CookieJar cookies;
    private final Initiator initiator;
    private final Admission admission = new Admission();
    private final Unproven unproven = new Unproven();
    private Optional<Endpoint> endpoint = Optional.empty();
    private @Nullable Attempt attempt;
    private Optional<Established> session = Optional.empty();
    private long lastInitiationSentNanos = NEVER;
    private long deadlineNanos = SessionTimers.NONE;
    private boolean stopped;

    /**
     * A machine without keys. For links, the peer's controller id is {@code tunnel.id}.
     *
     * @param presharedKey 32 bytes, see {@link #noPresharedKey}
     */
    public SessionMachine(
            Tunnel tunnel,
            Dialect dialect,
            Identity self,
            PublicKey peer,
            Secret presharedKey,
            SessionPolicy policy,
            SessionPorts ports) {
        this.tunnel = tunnel;
        this.content = HandshakeContent.of(dialect, tunnel.id);
        this.presharedKey = presharedKey;
        this.policy = policy;
        this.ports = ports;
        this.timers = new SessionTimers(policy, tunnel.activity);
        this.cookies = new CookieJar(peer);
        this.initiator = new Initiator(content, self, peer, ports);
    }

    /** 32 zero bytes: no preshared key. */
    public static Secret noPresharedKey() {
        return Secret.of(new byte[32]);
    }

    /** What the packet path knows it by. */
    public Tunnel tunnel() {
        return tunnel;
    }

    /** Where initiations go; empty while unknown. */
    public Optional<Endpoint> endpoint() {
        return endpoint;
    }

    /** The latest proven session, until its keys are wiped. */
    public Optional<Established> session() {
        return session;
    }

    /** Whether its keys may be used now. */
    public boolean isUsable(long nowNanos) {
        return timers.isUsable(nowNanos);
    }

    /** When keys were last agreed; {@link Activity#NEVER} without a proven session. */
    public long lastHandshakeNanos() {
        return timers.createdNanos();
    }

    /** Whether initiations go out until one is answered. */
    public boolean isAttempting() {
        return attempt != null;
    }

    /** When {@link #onTimer} wants to be called at the latest; Long.MAX_VALUE for never. */
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** The configured address, or a name that resolves now: everything is sent there. */
    public void onEndpointSet(Endpoint newEndpoint, long nowNanos) {
        if (!isEndpoint(newEndpoint)) {
            useEndpoint(newEndpoint);
        }
        reschedule(nowNanos);
    }

    /** The packet path heard the peer from a new address, authentically. */
    public void onRoamed(Endpoint newEndpoint) {
        endpoint = Optional.of(newEndpoint);
    }

    /** A packet wants to go out and there are no keys to seal it with. */
    public void onSessionNeeded(long nowNanos, long epochNanos) {
        startHandshake(nowNanos, epochNanos);
    }

    /** Starts a handshake if an endpoint is known and none is under way. */
    public void startHandshake(long nowNanos, long epochNanos) {
        startHandshake(policy.retry(), nowNanos, epochNanos);
    }

    /** Like {@link #startHandshake(long, long)}, with another ladder of retries. */
    public void startHandshake(RetryLadder ladder, long nowNanos, long epochNanos) {
        if (stopped || endpoint.isEmpty()) {
            return;
        }
        if (attempt != null) {
            attempt.onNeeded(nowNanos);
        } else {
            attempt = new Attempt(ladder, nowNanos, soonestInitiationNanos(ladder, nowNanos));
        }
        runAttempt(nowNanos, epochNanos);
        reschedule(nowNanos);
    }

    /** A new attempt keeps the distance of a retry from the initiation of the one before. */
    private long soonestInitiationNanos(RetryLadder ladder, long nowNanos) {
        return lastInitiationSentNanos == NEVER
                ? nowNanos
                : Math.max(nowNanos, lastInitiationSentNanos + ladder.delayNanos(1));
    }

    /** The packet path saw the other side use keys that we gave it as responder. */
    public void onConfirmed(Keypair keypair, long nowNanos) {
        unproven.remove(keypair).ifPresent(established -> prove(established, nowNanos));
        reschedule(nowNanos);
    }

    /** Does what is due. */
    public void onTimer(long nowNanos, long epochNanos) {
        if (stopped) {
            return;
        }
        if (timers.wipeDueNanos() <= nowNanos) {
            wipe(nowNanos);
        }
        if (attempt == null && timers.handshakeDueNanos(nowNanos) <= nowNanos) {
            startHandshake(nowNanos, epochNanos);
        }
        runAttempt(nowNanos, epochNanos);
        if (timers.keepaliveDueNanos(nowNanos) <= nowNanos) {
            timers.onKeepalive();
            ports.output().sendKeepalive(tunnel);
        }
        if (endpoint.isPresent() && timers.persistentKeepaliveDueNanos(nowNanos) <= nowNanos) {
            persistentKeepalive(nowNanos, epochNanos);
        }
        reschedule(nowNanos);
    }

    private void persistentKeepalive(long nowNanos, long epochNanos) {
        timers.onPersistentKeepalive(nowNanos);
        if (timers.isUsable(nowNanos)) {
            ports.output().sendKeepalive(tunnel);
        } else {
            startHandshake(nowNanos, epochNanos);
        }
    }

    private void wipe(long nowNanos) {
        boolean wasProven = session.isPresent();
        timers.onWiped();
        unproven.clear();
        session = Optional.empty();
        admission.forget();
        ports.output().clear(tunnel);
        if (wasProven) { // else only an initiation was answered, maybe a replayed one
            ports.output().ended(tunnel, Ended.EXPIRED, nowNanos);
        }
    }

    /** Forgets the other side's last timestamp, after its clock was set back. */
    public void forgetTimestamp() {
        admission.forget();
    }

    /** The other side has sent this timestamp before, to us or to somebody else who is us. */
    public void knowTimestamp(Tai64n timestamp) {
        admission.know(timestamp);
    }

    /** Our initiations bear later timestamps than this from now on. */
    public void raiseTimestamp(Tai64n floor) {
        initiator.raise(floor);
    }

    /** Whether all initiations so far were made before this time. */
    public boolean hasInitiatedBefore(long epochNanos) {
        return initiator.lastTimestamp().compareTo(Tai64n.coarse(epochNanos)) < 0;
    }

    /** Answers initiations from this address only, from now on; empty for any. */
    public void answerOnly(Optional<Endpoint> address) {
        admission.only(address);
    }

    /** Ends everything; the machine does nothing any more. */
    public void stop() {
        retire();
        ports.output().clear(tunnel);
    }

    /** Like {@link #stop}, but what is under way may still be opened with the keys. */
    public void retire() {
        stopped = true;
        initiator.drop();
        attempt = null;
        unproven.clear();
        session = Optional.empty();
        timers.onWiped();
        deadlineNanos = SessionTimers.NONE;
    }

    private void reschedule(long nowNanos) {
        if (stopped) {
            return;
        }
        long next = Math.min(timers.wipeDueNanos(), timers.lookAgainNanos(nowNanos));
        next = Math.min(next, timers.keepaliveDueNanos(nowNanos));
        if (attempt != null) {
            next = Math.min(next, attempt.deadlineNanos());
        } else if (endpoint.isPresent()) {
            next = Math.min(next, timers.handshakeDueNanos(nowNanos));
        }
        if (endpoint.isPresent()) {
            next = Math.min(next, timers.persistentKeepaliveDueNanos(nowNanos));
        }
        deadlineNanos = next;
    }

    // ---- as initiator

    private void runAttempt(long nowNanos, long epochNanos) {
        Attempt current = attempt;
        if (current == null) {
            return;
        }
        if (current.giveUpNanos() <= nowNanos) {
            initiator.drop();
            attempt = null;
            ports.output().ended(tunnel, Ended.GAVE_UP, nowNanos);
        } else if (current.nextNanos() <= nowNanos && endpoint.isPresent()) {
            current.onSent(nowNanos, ports.entropy().nextInt());
            sendInitiation(endpoint.get(), nowNanos, epochNanos);
        }
    }

    private void sendInitiation(Endpoint to, long nowNanos, long epochNanos) {
        switch (initiator.begin(this, epochNanos)) {
            case Initiator.Outcome.Made(byte[] message) -> {
                lastInitiationSentNanos = nowNanos;
                timers.onHandshakeStarted(nowNanos);
                cookies.sign(message, nowNanos);
                ports.output().sendHandshake(tunnel.socket, to, message);
                ports.output().initiated(tunnel, initiator.lastTimestamp());
            }
            case Initiator.Outcome.Failed(No no) ->
                    ports.output()
                            .refused(
                                    new Refused(
                                            no.reason(),
                                            tunnel.socket,
                                            to,
                                            Optional.of(tunnel),
                                            no.detail()));
        }
    }

    /** A response, its MACs checked; empty when it was good. */
    Optional<No> onResponse(Response message, Endpoint from, long nowNanos) {
        if (!initiator.awaits(message.receiver())) {
            return No.because(Refusal.UNEXPECTED);
        }
        var completed = initiator.read(message.noise(), presharedKey);
        if (completed.isEmpty()) {
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        NoiseKeys keys = completed.get().keys();
        Agreement agreement =
                content.onWelcome(completed.get().payload(), timers.lastHeardNanos(), nowNanos);
        if (agreement.no().isEmpty() && initiator.isCrossed() && content.yieldsWhenCrossed()) {
            agreement = Agreement.refused(Refusal.CROSSED, "");
        }
        if (agreement.no().isPresent()) {
            keys.wipe();
            initiator.drop();
            return agreement.no();
        }
        initiator.complete();
        timers.onHeard(nowNanos);
        if (!isEndpoint(from)) {
            useEndpoint(from);
        }
        Indices indices = new Indices(initiator.index(), message.sender());
        prove(derive(indices, true, keys, agreement, nowNanos), nowNanos);
        reschedule(nowNanos);
        return Optional.empty();
    }

    /** A cookie reply to our index; empty when it was good. */
    Optional<No> onCookieReply(CookieReply reply, long nowNanos) {
        if (!cookies.accept(reply, nowNanos)) {
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        if (attempt != null && lastInitiationSentNanos != NEVER) {
            attempt.onCookie(
                    Math.max(nowNanos, lastInitiationSentNanos + MIN_INITIATION_GAP_NANOS));
        }
        reschedule(nowNanos);
        return Optional.empty();
    }

    // ---- as responder

    /** An initiation that this peer's key made; empty when it was answered. */
    Optional<No> onInitiation(
            Initiation message, NoiseResponder noise, byte[] hello, Endpoint from, long nowNanos) {
        Optional<Tai64n> timestamp = content.timestamp(hello);
        if (timestamp.isEmpty()) {
            return No.because(Refusal.MALFORMED);
        }
        Optional<No> no = admission.judge(timestamp.get(), from, nowNanos);
        if (no.isPresent()) {
            return no;
        }
        if (content.prevailsWhenCrossed() && hasJustInitiated(nowNanos)) {
            return No.because(Refusal.CROSSED);
        }
        admission.onReceived(nowNanos);
        Agreement agreement =
                content.onHello(message.offer(), hello, timers.lastHeardNanos(), nowNanos);
        if (agreement.no().isPresent()) {
            var indices = new Indices(0, message.sender());
            respond(noise, indices, agreement, from, nowNanos).ifPresent(NoiseKeys::wipe);
            return agreement.no();
        }
        return accept(message.sender(), noise, timestamp.get(), agreement, from, nowNanos);
    }

    private boolean hasJustInitiated(long nowNanos) {
        return session.filter(Established::initiator).isPresent()
                && nowNanos - timers.createdNanos() < CROSSED_NANOS;
    }

    private Optional<No> accept(
            int remoteIndex,
            NoiseResponder noise,
            Tai64n timestamp,
            Agreement agreement,
            Endpoint from,
            long nowNanos) {
        OptionalInt localIndex = ports.indices().allocate(this);
        if (localIndex.isEmpty()) {
            return No.because(Refusal.NO_INDEX);
        }
        var indices = new Indices(localIndex.getAsInt(), remoteIndex);
        Optional<NoiseKeys> keys = respond(noise, indices, agreement, from, nowNanos);
        if (keys.isEmpty()) {
            ports.indices().release(indices.local());
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        admission.know(timestamp);
        initiator.onAnsweredPeer();
        timers.onHeard(nowNanos);
        unproven.add(derive(indices, false, keys.get(), agreement, nowNanos));
        if (endpoint.isEmpty()) {
            useEndpoint(from);
        }
        reschedule(nowNanos);
        return Optional.empty();
    }

    private Optional<NoiseKeys> respond(
            NoiseResponder noise,
            Indices indices,
            Agreement agreement,
            Endpoint to,
            long nowNanos) {
        Secret ephemeral = Secrets.random(ports.entropy());
        var answer = noise.writeResponse(presharedKey, ephemeral, agreement.payload());
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        byte[] message =
                new Response(indices.local(), indices.remote(), answer.get().message()).toBytes();
        cookies.sign(message, nowNanos);
        ports.output().sendHandshake(tunnel.socket, to, message);
        return Optional.of(answer.get().keys());
    }

    // ---- both

    private Established derive(
            Indices indices,
            boolean asInitiator,
            NoiseKeys keys,
            Agreement agreement,
            long nowNanos) {
        byte[] sending = keys.sending().reveal();
        byte[] receiving = keys.receiving().reveal();
        var keypair =
                new Keypair(
                        indices.local(),
                        indices.remote(),
                        asInitiator,
                        nowNanos,
                        ports.ciphers().create(agreement.cipher(), sending),
                        ports.ciphers().create(agreement.cipher(), receiving));
        Arrays.fill(sending, (byte) 0);
        Arrays.fill(receiving, (byte) 0);
        keys.wipe();
        timers.onDerived(nowNanos);
        ports.output().install(tunnel, keypair);
        Tai64n timestamp = asInitiator ? Tai64n.NONE : admission.last();
        return new Established(
                keypair, asInitiator, agreement.cipher(), agreement.peer(), timestamp);
    }

    private void prove(Established proven, long nowNanos) {
        initiator.drop();
        attempt = null;
        session = Optional.of(proven);
        timers.onProven(proven.keypair().createdNanos, proven.initiator());
        content.onProven(proven);
        ports.output().established(tunnel, proven, nowNanos);
    }

    private boolean isEndpoint(Endpoint other) {
        return endpoint.equals(Optional.of(other));
    }

    private void useEndpoint(Endpoint newEndpoint) {
        endpoint = Optional.of(newEndpoint);
        ports.output().setEndpoint(tunnel, newEndpoint);
    }

    /** The receiver indices of a session. */
    private record Indices(int local, int remote) {}
}
