package io.peermesh.session;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.Endpoint;
import io.peermesh.noise.NoiseInitiator;
import io.peermesh.noise.NoiseKeys;
import io.peermesh.noise.NoiseResponder;
import io.peermesh.session.SessionOutput.Ended;
import io.peermesh.session.SessionOutput.Established;
import io.peermesh.session.SessionOutput.Refused;
import io.peermesh.wire.HandshakeMessage.CookieReply;
import io.peermesh.wire.HandshakeMessage.Initiation;
import io.peermesh.wire.HandshakeMessage.Response;
import io.peermesh.wire.LinkOffer;
import io.peermesh.wire.Tai64n;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The control side of one peer, a client, a gateway or another controller: makes and answers
 * handshakes, renews keys, and keeps WireGuard's timers (whitepaper §6).
 *
 * <pre>
 *              needed, and endpoint known              response
 *     +------+ ------------------------&gt; +-----------+ ---------&gt; +--------+
 *     | idle |                           | attempting|            | proven | &lt;--+ confirmed, as
 *     +------+ &lt;------------------------ +-----------+ &lt;--------- +--------+ ---+ responder
 *         ^     gave up (90 s; links never)             renewal        |
 *         +------------------------------------------------------------+
 *                              no new keys for 540 s
 * </pre>
 *
 * An initiation of the other side is answered in every state, and changes only the keys that wait
 * in {@link Tunnel#next}; the session is proven by the first transport packet under them.
 *
 * <p>Both sides may start at once. Each answers the other, so two sessions come up; whoever sends
 * with one of them finds the other side still holding it (as current, next or previous keys), so
 * both are valid and nothing is lost. On links that would leave both sides renewing, therefore the
 * higher controller id drops the session that it started when it has answered the lower one's in
 * the meantime; if that answer was lost, the next rung of its ladder comes a second later.
 *
 * <p>Owned by the control thread. {@code nowNanos} is monotonic, {@code epochNanos} the wall clock.
 */
public final class SessionMachine {
    /** Initiations of one peer, and to one peer, are never closer than this. */
    public static final long MIN_INITIATION_GAP_NANOS = 20_000_000L;

    private static final int MAX_UNPROVEN = 4;
    private static final long NEVER = Activity.NEVER;

    private final Tunnel tunnel;
    private final HandshakeContent content;
    private final Identity self;
    private final PublicKey peer;
    private final Secret presharedKey;
    private final SessionPolicy policy;
    private final SessionPorts ports;
    private final SessionTimers timers;
    private final CookieJar cookies;

    /** Sessions that we answered and the other side has not used yet. */
    private final Map<Keypair, Established> unproven = new LinkedHashMap<>();

    private Optional<Endpoint> endpoint = Optional.empty();
    private @Nullable Attempt attempt;
    private @Nullable Pending pending;
    private Optional<Established> session = Optional.empty();
    private long lastInitiationSentNanos = NEVER;
    private long lastInitiationReceivedNanos = NEVER;
    private Optional<Tai64n> lastTimestampSent = Optional.empty();
    private Optional<Tai64n> lastTimestampReceived = Optional.empty();
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
        this.self = self;
        this.peer = peer;
        this.presharedKey = presharedKey;
        this.policy = policy;
        this.ports = ports;
        this.timers = new SessionTimers(policy, tunnel.activity);
        this.cookies = new CookieJar(peer);
    }

    /** The 32 zero bytes that stand for no preshared key. */
    public static Secret noPresharedKey() {
        return Secret.of(new byte[32]);
    }

    /** What the packet path knows this session by. */
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

    /** Whether a proven session's keys may be used now. */
    public boolean isUsable(long nowNanos) {
        return timers.isUsable(nowNanos);
    }

    /** When keys were last agreed; {@link Activity#NEVER} without a proven session. */
    public long lastHandshakeNanos() {
        return timers.createdNanos();
    }

    /** Whether an initiation was sent and is still to be answered. */
    public boolean isAttempting() {
        return attempt != null;
    }

    /** When {@link #onTimer} wants to be called at the latest; Long.MAX_VALUE for never. */
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    /** The configured address, or a name that resolves now: sends go there, initiations too. */
    public void onEndpointSet(Endpoint newEndpoint, long nowNanos) {
        if (!endpoint.equals(Optional.of(newEndpoint))) {
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

    /** Like {@link #startHandshake(long, long)}, repeating unanswered initiations otherwise. */
    public void startHandshake(RetryLadder ladder, long nowNanos, long epochNanos) {
        if (stopped || endpoint.isEmpty()) {
            return;
        }
        if (attempt != null) {
            attempt.neededNanos = nowNanos;
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
        Established established = unproven.remove(keypair);
        if (established != null && !stopped) {
            prove(established, nowNanos);
        }
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
        if (attempt == null
                && endpoint.isPresent()
                && timers.handshakeDueNanos(nowNanos) <= nowNanos) {
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
        timers.onWiped();
        unproven.clear();
        session = Optional.empty();
        lastTimestampReceived = Optional.empty();
        ports.output().clear(tunnel);
        ports.output().ended(tunnel, Ended.EXPIRED, nowNanos);
    }

    /** Forgets the client's last timestamp, after its clock was set back. */
    public void forgetTimestamp() {
        lastTimestampReceived = Optional.empty();
    }

    /** Ends everything; the machine does nothing any more. */
    public void stop() {
        stopped = true;
        dropPending();
        attempt = null;
        unproven.clear();
        session = Optional.empty();
        timers.onWiped();
        deadlineNanos = SessionTimers.NONE;
        ports.output().clear(tunnel);
    }

    private void reschedule(long nowNanos) {
        if (stopped) {
            return;
        }
        long next = Math.min(timers.wipeDueNanos(), timers.lookAgainNanos(nowNanos));
        next = Math.min(next, timers.keepaliveDueNanos(nowNanos));
        if (attempt != null) {
            next = Math.min(next, Math.min(attempt.nextNanos, attempt.giveUpNanos()));
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
            dropPending();
            attempt = null;
            ports.output().ended(tunnel, Ended.GAVE_UP, nowNanos);
        } else if (current.nextNanos <= nowNanos && endpoint.isPresent()) {
            current.onSent(nowNanos, jitterNanos(current.ladder));
            sendInitiation(endpoint.get(), nowNanos, epochNanos);
        }
    }

    private void sendInitiation(Endpoint to, long nowNanos, long epochNanos) {
        dropPending();
        OptionalInt index = ports.indices().allocate(this);
        if (index.isEmpty()) {
            refuse(new No(Refusal.NO_INDEX, ""), to);
            return;
        }
        Optional<LinkOffer> offer = content.offer();
        var noise = new NoiseInitiator(content.prologue(offer), self, peer, ephemeral());
        byte[] hello = content.hello(nextTimestamp(epochNanos));
        Optional<byte[]> sealed = noise.writeInitiation(hello);
        if (sealed.isEmpty()) {
            ports.indices().release(index.getAsInt());
            refuse(new No(Refusal.NOT_AUTHENTIC, "the peer's public key is weak"), to);
            return;
        }
        pending = new Pending(noise, index.getAsInt());
        lastInitiationSentNanos = nowNanos;
        timers.onHandshakeStarted(nowNanos);
        byte[] message = new Initiation(index.getAsInt(), offer, sealed.get()).toBytes();
        cookies.sign(message, nowNanos);
        ports.output().sendHandshake(tunnel.socket, to, message);
    }

    /** Grows even where the wall clock stands still or goes backwards. */
    private Tai64n nextTimestamp(long epochNanos) {
        Tai64n clock = Tai64n.coarse(epochNanos);
        Tai64n next =
                lastTimestampSent
                        .filter(last -> last.compareTo(clock) >= 0)
                        .map(Tai64n::nextCoarse)
                        .orElse(clock);
        lastTimestampSent = Optional.of(next);
        return next;
    }

    private Secret ephemeral() {
        byte[] bytes = new byte[32];
        ports.entropy().fill(bytes);
        return Secret.of(bytes);
    }

    private long jitterNanos(RetryLadder ladder) {
        return ladder.jitterNanos() == 0
                ? 0
                : Integer.toUnsignedLong(ports.entropy().nextInt()) % ladder.jitterNanos();
    }

    private void dropPending() {
        if (pending != null) {
            ports.indices().release(pending.index);
            pending.noise.wipe();
            pending = null;
        }
    }

    /** A response, its MACs checked; empty when it was good. */
    Optional<No> onResponse(Response message, Endpoint from, long nowNanos) {
        Pending waiting = pending;
        if (waiting == null || waiting.index != message.receiver()) {
            return No.because(Refusal.UNEXPECTED);
        }
        var completed = waiting.noise.readResponse(message.noise(), presharedKey);
        if (completed.isEmpty()) {
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        NoiseKeys keys = completed.get().keys();
        Agreement agreement =
                content.onWelcome(completed.get().payload(), timers.lastHeardNanos(), nowNanos);
        if (agreement.no().isEmpty() && waiting.answeredPeer && content.yieldsWhenCrossed()) {
            agreement = Agreement.refused(Refusal.CROSSED, "");
        }
        if (agreement.no().isPresent()) {
            keys.wipe();
            dropPending();
            return agreement.no();
        }
        pending = null; // its index lives on with the keys
        waiting.noise.wipe();
        timers.onHeard(nowNanos);
        if (!endpoint.equals(Optional.of(from))) {
            useEndpoint(from);
        }
        prove(derive(waiting.index, message.sender(), true, keys, agreement, nowNanos), nowNanos);
        reschedule(nowNanos);
        return Optional.empty();
    }

    /** A cookie reply to our index; empty when it was good. */
    Optional<No> onCookieReply(CookieReply reply, long nowNanos) {
        if (!cookies.accept(reply, nowNanos)) {
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        if (attempt != null
                && attempt.ladder.resendOnCookie()
                && lastInitiationSentNanos != NEVER) {
            attempt.nextNanos =
                    Math.max(nowNanos, lastInitiationSentNanos + MIN_INITIATION_GAP_NANOS);
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
        if (lastTimestampReceived.filter(t -> t.compareTo(timestamp.get()) >= 0).isPresent()) {
            return No.because(Refusal.REPLAYED);
        }
        if (lastInitiationReceivedNanos != NEVER
                && nowNanos - lastInitiationReceivedNanos < MIN_INITIATION_GAP_NANOS) {
            return No.because(Refusal.TOO_FREQUENT);
        }
        lastInitiationReceivedNanos = nowNanos;
        Agreement agreement =
                content.onHello(message.offer(), hello, timers.lastHeardNanos(), nowNanos);
        if (agreement.no().isPresent()) {
            respond(noise, 0, message.sender(), agreement, from, nowNanos)
                    .ifPresent(NoiseKeys::wipe);
            return agreement.no();
        }
        OptionalInt index = ports.indices().allocate(this);
        if (index.isEmpty()) {
            return No.because(Refusal.NO_INDEX);
        }
        Optional<NoiseKeys> keys =
                respond(noise, index.getAsInt(), message.sender(), agreement, from, nowNanos);
        if (keys.isEmpty()) {
            ports.indices().release(index.getAsInt());
            return No.because(Refusal.NOT_AUTHENTIC);
        }
        lastTimestampReceived = timestamp;
        answered(
                derive(index.getAsInt(), message.sender(), false, keys.get(), agreement, nowNanos),
                from,
                nowNanos);
        return Optional.empty();
    }

    private Optional<NoiseKeys> respond(
            NoiseResponder noise,
            int index,
            int receiver,
            Agreement agreement,
            Endpoint to,
            long nowNanos) {
        return noise.writeResponse(presharedKey, ephemeral(), agreement.payload())
                .map(answer -> {
                    byte[] message = new Response(index, receiver, answer.message()).toBytes();
                    cookies.sign(message, nowNanos);
                    ports.output().sendHandshake(tunnel.socket, to, message);
                    return answer.keys();
                });
    }

    private void answered(Established waiting, Endpoint from, long nowNanos) {
        timers.onHeard(nowNanos);
        if (pending != null) {
            pending.answeredPeer = true;
        }
        unproven.put(waiting.keypair(), waiting);
        if (unproven.size() > MAX_UNPROVEN) {
            unproven.remove(unproven.keySet().iterator().next());
        }
        if (endpoint.isEmpty()) {
            useEndpoint(from);
        }
        reschedule(nowNanos);
    }

    // ---- both

    private Established derive(
            int localIndex,
            int remoteIndex,
            boolean initiator,
            NoiseKeys keys,
            Agreement agreement,
            long nowNanos) {
        byte[] sending = keys.sending().reveal();
        byte[] receiving = keys.receiving().reveal();
        var keypair =
                new Keypair(
                        localIndex,
                        remoteIndex,
                        initiator,
                        nowNanos,
                        ports.ciphers().create(agreement.cipher(), sending),
                        ports.ciphers().create(agreement.cipher(), receiving));
        Arrays.fill(sending, (byte) 0);
        Arrays.fill(receiving, (byte) 0);
        keys.wipe();
        timers.onDerived(nowNanos);
        ports.output().install(tunnel, keypair);
        return new Established(keypair, initiator, agreement.cipher(), agreement.peer());
    }

    private void prove(Established proven, long nowNanos) {
        dropPending();
        attempt = null;
        session = Optional.of(proven);
        timers.onProven(proven.keypair().createdNanos, proven.initiator());
        content.onProven(proven);
        ports.output().established(tunnel, proven, nowNanos);
    }

    private void useEndpoint(Endpoint newEndpoint) {
        endpoint = Optional.of(newEndpoint);
        ports.output().setEndpoint(tunnel, newEndpoint);
    }

    private void refuse(No no, Endpoint other) {
        ports.output()
                .refused(
                        new Refused(
                                no.reason(),
                                tunnel.socket,
                                other,
                                Optional.of(tunnel),
                                no.detail()));
    }

    /** An unfinished effort to get a session, over all its initiations. */
    private static final class Attempt {
        final RetryLadder ladder;
        long neededNanos;
        long nextNanos;
        int sent;

        Attempt(RetryLadder ladder, long nowNanos, long firstNanos) {
            this.ladder = ladder;
            this.neededNanos = nowNanos;
            this.nextNanos = firstNanos;
        }

        void onSent(long nowNanos, long jitterNanos) {
            sent++;
            nextNanos = nowNanos + ladder.delayNanos(sent) + jitterNanos;
        }

        long giveUpNanos() {
            return ladder.giveUpAfterNanos() == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : neededNanos + ladder.giveUpAfterNanos();
        }
    }

    /** The initiation that waits for its response. */
    private static final class Pending {
        final NoiseInitiator noise;
        final int index;
        boolean answeredPeer;

        Pending(NoiseInitiator noise, int index) {
            this.noise = noise;
            this.index = index;
        }
    }
}
