package io.peermesh.keyset;

import io.peermesh.keyset.FetchBooks.Answered;
import io.peermesh.keyset.FetchBooks.Offered;
import io.peermesh.keyset.FetchBooks.Open;
import io.peermesh.keyset.FetchBooks.Working;
import io.peermesh.keyset.FetchMessage.Answer;
import io.peermesh.keyset.FetchMessage.Confirm;
import io.peermesh.keyset.FetchMessage.Hello;
import io.peermesh.keyset.FetchMessage.Offer;
import io.peermesh.keyset.FetchMessage.Refused;
import io.peermesh.keyset.FetchMessage.Sealed;
import io.peermesh.keyset.FetchMessage.Share;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The side of a keyset fetch that has the keyset (docs/PROTOCOL.md, "Keyset fetch"). The keyset
 * leaves only after the client has shown that it knows the token. Safe from any thread: the books
 * are an immutable value that is replaced as a whole, and only the thread that marked an exchange
 * as being worked on touches it.
 */
public final class FetchServer {
    /** Longest message, bytes; longer ones are refused unread. */
    public static final int MAX_MESSAGE_BYTES = 64 * 1024;

    /** How each side names itself in the proofs. */
    static final String CLIENT_ROLE = "peermesh fetch client";

    static final String SOURCE_ROLE = "peermesh fetch source";

    private final Supplier<Optional<Lot>> lot;
    private final Listener listener;
    private final InstantSource clock;
    private final SecureRandom random;
    private final AtomicReference<FetchBooks> books = new AtomicReference<>(FetchBooks.EMPTY);

    /**
     * What there is to be fetched: the token that opens it, and how to write it down when asked.
     */
    public record Lot(StretchedToken token, Supplier<Handout> handout) {}

    /** Told of every end of an exchange. */
    public interface Listener {
        /** The keyset was handed out. */
        void onHandedOut(String source);

        /** An exchange was refused or failed. */
        void onRefused(String source, FetchRefusal reason);
    }

    /**
     * Makes a source.
     *
     * @param lot what there is to be fetched now; empty without a keyset
     */
    public FetchServer(
            Supplier<Optional<Lot>> lot,
            Listener listener,
            InstantSource clock,
            SecureRandom random) {
        this.lot = lot;
        this.listener = listener;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Answers one message, always with JSON; the HTTP status is 200 for every answer, a refusal
     * included.
     *
     * @param source the address that the message came from, without port
     */
    public byte[] answer(String source, byte[] message) {
        if (message.length > MAX_MESSAGE_BYTES) {
            return refuse(source, FetchRefusal.BAD_MESSAGE);
        }
        long nowMillis = clock.millis();
        books.updateAndGet(before -> before.at(nowMillis));
        Optional<FetchMessage> parsed = FetchMessage.parse(message);
        if (parsed.isEmpty()) {
            return refuse(source, FetchRefusal.BAD_MESSAGE);
        }
        return switch (parsed.get()) {
            case Hello hello -> offer(source, hello, message, nowMillis);
            case Share share -> agree(source, share, message);
            case Confirm confirm -> handOut(source, confirm, nowMillis);
            case Offer _, Answer _, Sealed _, Refused _ -> refuse(source, FetchRefusal.BAD_MESSAGE);
        };
    }

    private byte[] offer(String source, Hello hello, byte[] message, long nowMillis) {
        Optional<Lot> available = lot.get();
        Optional<FetchRefusal> refusal = refusal(source, hello, available);
        if (refusal.isPresent()) {
            return refuse(source, refusal.get());
        }
        StretchedToken token = available.orElseThrow().token();
        var juggling = new Juggling(SOURCE_ROLE, CLIENT_ROLE, token.stretched(), random);
        byte[] id = random(FetchMessage.ID_BYTES);
        byte[] offer =
                new Offer(
                                FetchMessage.VERSION,
                                id,
                                random(FetchMessage.NONCE_BYTES),
                                token.salt().reveal(),
                                token.cost().toText(),
                                juggling.round1())
                        .toBytes();
        var open = new Open(id, source, nowMillis, new Offered(juggling, message, offer));
        return enter(open) ? offer : refuse(source, FetchRefusal.BUSY);
    }

    private Optional<FetchRefusal> refusal(String source, Hello hello, Optional<Lot> available) {
        if (!hello.versions().contains(FetchMessage.VERSION)) {
            return Optional.of(FetchRefusal.VERSION);
        }
        if (available.isEmpty()) {
            return Optional.of(FetchRefusal.NO_KEYSET);
        }
        if (books.get().isGuessedOut(source)) {
            return Optional.of(FetchRefusal.TOO_MANY_GUESSES);
        }
        return books.get().isFull() ? Optional.of(FetchRefusal.BUSY) : Optional.empty();
    }

    private byte[] agree(String source, Share share, byte[] message) {
        Optional<Open> taken = take(share.exchange(), Offered.class);
        if (taken.isEmpty()) {
            return refuse(source, FetchRefusal.UNKNOWN_EXCHANGE);
        }
        Open exchange = taken.get();
        Offered offered = (Offered) exchange.step();
        Juggling juggling = offered.juggling();
        if (!juggling.acceptRound1(share.round1())) {
            return end(exchange, source, FetchRefusal.BAD_MESSAGE);
        }
        byte[] round2 = juggling.round2();
        Optional<Encapsulation.Sent> sent = Encapsulation.encapsulate(share.kem(), random);
        if (sent.isEmpty() || !juggling.acceptRound2(share.round2())) {
            return end(exchange, source, FetchRefusal.BAD_MESSAGE);
        }
        byte[] answer = new Answer(round2, sent.get().ciphertext()).toBytes();
        ExchangeKeys keys =
                ExchangeKeys.derive(
                        juggling.keyMaterial(),
                        sent.get().secret(),
                        List.of(offered.hello(), offered.offer(), message, answer));
        return enterAnswered(exchange.at(new Answered(keys)))
                ? answer
                : end(exchange, source, FetchRefusal.TOO_MANY_GUESSES);
    }

    private byte[] handOut(String source, Confirm confirm, long nowMillis) {
        Optional<Open> taken = take(confirm.exchange(), Answered.class);
        if (taken.isEmpty()) {
            return refuse(source, FetchRefusal.UNKNOWN_EXCHANGE);
        }
        Open exchange = taken.get();
        ExchangeKeys keys = ((Answered) exchange.step()).keys();
        if (!keys.isClientMac(confirm.mac())) {
            books.updateAndGet(before -> before.withGuess(exchange.source(), nowMillis));
            return end(exchange, source, FetchRefusal.WRONG_TOKEN);
        }
        Optional<Lot> available = lot.get();
        if (available.isEmpty()) {
            return end(exchange, source, FetchRefusal.NO_KEYSET);
        }
        byte[] content = HandoutCodec.toBytes(available.get().handout().get());
        byte[] answer = new Sealed(keys.sourceMac(), keys.seal(content)).toBytes();
        Arrays.fill(content, (byte) 0);
        books.updateAndGet(before -> before.without(exchange.id()));
        listener.onHandedOut(source);
        return answer;
    }

    /** Whether there was room; another thread may have taken the last place meanwhile. */
    private boolean enter(Open exchange) {
        FetchBooks before = books.getAndUpdate(now -> now.isFull() ? now : now.with(exchange));
        return !before.isFull();
    }

    /** Counts as a guess from now on, so it must not be one too many. */
    private boolean enterAnswered(Open exchange) {
        FetchBooks before =
                books.getAndUpdate(now ->
                        now.isGuessedOut(exchange.source())
                                ? now
                                : now.without(exchange.id()).with(exchange));
        return !before.isGuessedOut(exchange.source());
    }

    /**
     * Marks an exchange as being worked on, if it is at the step: the one thread that gets it must
     * end it or enter its next step.
     */
    private Optional<Open> take(byte[] id, Class<? extends FetchBooks.Step> step) {
        FetchBooks before =
                books.getAndUpdate(now ->
                        now.findAt(id, step)
                                .map(open -> now.without(id).with(open.at(new Working())))
                                .orElse(now));
        return before.findAt(id, step);
    }

    private byte[] end(Open exchange, String source, FetchRefusal reason) {
        books.updateAndGet(before -> before.without(exchange.id()));
        return refuse(source, reason);
    }

    private byte[] refuse(String source, FetchRefusal reason) {
        listener.onRefused(source, reason);
        return new Refused(reason, List.of(FetchMessage.VERSION)).toBytes();
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
