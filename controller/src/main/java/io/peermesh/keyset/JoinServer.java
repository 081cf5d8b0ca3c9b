package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.keyset.JoinMessage.Answer;
import io.peermesh.keyset.JoinMessage.Challenge;
import io.peermesh.keyset.JoinMessage.Hello;
import io.peermesh.keyset.JoinMessage.Refused;
import io.peermesh.keyset.JoinMessage.Request;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The side of a join that is in the mesh already (docs/PROTOCOL.md, "Join"). Nothing is looked at,
 * changed or remembered before the joiner has shown that it holds the keyset. Safe from any thread.
 */
public final class JoinServer {
    /** Longest message, bytes; longer ones are refused unread. */
    public static final int MAX_MESSAGE_BYTES = 4096;

    private final Supplier<Optional<Keyset>> keyset;
    private final Desk desk;
    private final InstantSource clock;
    private final JoinChallenges challenges;

    /** Decides what becomes of requests of those who hold the keyset, and hears of the others. */
    public interface Desk {
        /**
         * Answers a request that is authentic and fresh.
         *
         * @param source the address that it came from, without port
         */
        JoinAnswer answer(String source, JoinRequest request);

        /** A message was refused. */
        void onRefused(String source, JoinRefusal reason);
    }

    /**
     * Makes a source.
     *
     * @param keyset the one of this controller; empty before there is one
     */
    public JoinServer(
            Supplier<Optional<Keyset>> keyset,
            Desk desk,
            InstantSource clock,
            SecureRandom random) {
        this.keyset = keyset;
        this.desk = desk;
        this.clock = clock;
        this.challenges = new JoinChallenges(random);
    }

    /**
     * Answers one message, always with JSON; the HTTP status is 200 for every answer, a refusal
     * included.
     *
     * @param source the address that the message came from, without port
     */
    public byte[] answer(String source, byte[] message) {
        Optional<JoinMessage> parsed =
                message.length > MAX_MESSAGE_BYTES ? Optional.empty() : JoinMessage.parse(message);
        if (parsed.isEmpty()) {
            return refuse(source, JoinRefusal.BAD_MESSAGE);
        }
        Optional<Keyset> held = keyset.get();
        if (held.isEmpty()) {
            return refuse(source, JoinRefusal.NO_KEYSET);
        }
        return switch (parsed.get()) {
            case Hello hello -> challenge(source, hello);
            case Request request -> answer(source, request, held.get());
            case Challenge _, Answer _, Refused _ -> refuse(source, JoinRefusal.BAD_MESSAGE);
        };
    }

    private byte[] challenge(String source, Hello hello) {
        return hello.versions().contains(JoinMessage.VERSION)
                ? new Challenge(JoinMessage.VERSION, challenges.issue(source, clock.millis()))
                        .toBytes()
                : refuse(source, JoinRefusal.VERSION);
    }

    private byte[] answer(String source, Request request, Keyset held) {
        long nowMillis = clock.millis();
        if (!challenges.isOurs(request.challenge(), source, nowMillis)) {
            return refuse(source, JoinRefusal.STALE);
        }
        var keys = new JoinKeys(held, request.challenge(), request.nonce());
        Optional<byte[]> opened = keys.openRequest(request.sealed());
        if (opened.isEmpty()) {
            return refuse(source, JoinRefusal.WRONG_KEYSET);
        }
        switch (challenges.use(request.challenge(), nowMillis)) {
            case FRESH -> {}
            case STALE -> {
                return refuse(source, JoinRefusal.STALE);
            }
            case FULL -> {
                return refuse(source, JoinRefusal.BUSY);
            }
        }
        Optional<JoinRequest> asked = JoinCodec.request(opened.get());
        return asked.isEmpty()
                ? refuse(source, JoinRefusal.BAD_MESSAGE)
                : new Answer(keys.sealAnswer(JoinCodec.toBytes(desk.answer(source, asked.get()))))
                        .toBytes();
    }

    private byte[] refuse(String source, JoinRefusal reason) {
        desk.onRefused(source, reason);
        return new Refused(reason, List.of(JoinMessage.VERSION)).toBytes();
    }
}
