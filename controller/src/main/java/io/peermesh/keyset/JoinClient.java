package io.peermesh.keyset;

import io.peermesh.crypto.Keyset;
import io.peermesh.keyset.FetchFailure.Reason;
import io.peermesh.keyset.JoinMessage.Answer;
import io.peermesh.keyset.JoinMessage.Challenge;
import io.peermesh.keyset.JoinMessage.Hello;
import io.peermesh.keyset.JoinMessage.Refused;
import io.peermesh.keyset.JoinMessage.Request;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The side of a join that has just fetched the keyset (docs/PROTOCOL.md, "Join"). Each question
 * takes two messages; an answer counts only when it was sealed by somebody who holds the keyset, in
 * reply to this very question.
 */
public final class JoinClient {
    private final FetchTransport transport;
    private final SecureRandom random;

    /** A client over a transport. */
    public JoinClient(FetchTransport transport, SecureRandom random) {
        this.transport = transport;
        this.random = random;
    }

    /** What became of a question. */
    public sealed interface Result {
        /** The answer, authentic. */
        record Answered(JoinAnswer answer) implements Result {}

        /** There is none. */
        record Failed(FetchFailure failure) implements Result {}
    }

    /** Asks; takes as long as the transport lets it, at most two answers. */
    public Result ask(SourceAddress source, Keyset keyset, JoinRequest request) {
        try {
            return begin(source, keyset, request);
        } catch (FetchUnreachableException e) {
            return failed(
                    Reason.UNREACHABLE,
                    source
                            + " has handed out the keyset, but does not take this controller in: "
                            + e.getMessage()
                            + ". If it runs an older release, upgrade it, or fetch the keyset and"
                            + " set the peers by hand");
        }
    }

    private Result begin(SourceAddress source, Keyset keyset, JoinRequest request) {
        Optional<JoinMessage> parsed =
                JoinMessage.parse(post(source, new Hello(List.of(JoinMessage.VERSION))));
        if (parsed.isEmpty() || !(parsed.get() instanceof Challenge challenge)) {
            return unexpected(source, parsed);
        }
        if (challenge.version() != JoinMessage.VERSION) {
            return unexpected(source, Optional.empty());
        }
        byte[] nonce = new byte[JoinMessage.NONCE_BYTES];
        random.nextBytes(nonce);
        var keys = new JoinKeys(keyset, challenge.challenge(), nonce);
        byte[] sealed = keys.sealRequest(JoinCodec.toBytes(request));
        Optional<JoinMessage> reply =
                JoinMessage.parse(post(source, new Request(challenge.challenge(), nonce, sealed)));
        if (reply.isEmpty() || !(reply.get() instanceof Answer answer)) {
            return unexpected(source, reply);
        }
        Optional<JoinAnswer> content = keys.openAnswer(answer.sealed()).flatMap(JoinCodec::answer);
        return content.isPresent()
                ? new Result.Answered(content.get())
                : unexpected(source, Optional.empty());
    }

    private byte[] post(SourceAddress source, JoinMessage message) {
        return transport.post(
                source.host(), source.port(), FetchTransport.JOIN_PATH, message.toBytes());
    }

    private static Result unexpected(SourceAddress source, Optional<JoinMessage> answer) {
        if (answer.isPresent() && answer.get() instanceof Refused refused) {
            return refused(source, refused);
        }
        return failed(
                Reason.BAD_ANSWER,
                source + " gave an answer that does not hold: is it a Peermesh controller?");
    }

    private static Result refused(SourceAddress source, Refused refused) {
        return switch (refused.reason()) {
            case NO_KEYSET -> failed(Reason.NO_KEYSET, source + " has no keyset any more");
            case VERSION ->
                    failed(
                            Reason.VERSION,
                            source
                                    + " speaks version "
                                    + refused.versions()
                                    + " of the join exchange, this controller version "
                                    + JoinMessage.VERSION
                                    + "; bring both to the same release");
            case BUSY, STALE ->
                    failed(Reason.BUSY, source + " is busy with other joins; try again shortly");
            case WRONG_KEYSET ->
                    failed(
                            Reason.BAD_ANSWER,
                            source
                                    + " has another keyset than it handed out a moment ago; try"
                                    + " again");
            case BAD_MESSAGE ->
                    failed(Reason.BAD_ANSWER, source + " does not understand what it was asked");
        };
    }

    private static Result failed(Reason reason, String text) {
        return new Result.Failed(new FetchFailure(reason, text));
    }
}
