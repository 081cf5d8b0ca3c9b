package io.peermesh.keyset;

import io.peermesh.keyset.FetchFailure.Reason;
import io.peermesh.keyset.FetchMessage.Answer;
import io.peermesh.keyset.FetchMessage.Confirm;
import io.peermesh.keyset.FetchMessage.Hello;
import io.peermesh.keyset.FetchMessage.Offer;
import io.peermesh.keyset.FetchMessage.Refused;
import io.peermesh.keyset.FetchMessage.Sealed;
import io.peermesh.keyset.FetchMessage.Share;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The side of a keyset fetch that has only the token (docs/PROTOCOL.md, "Keyset fetch"). Nothing
 * the source says is believed before it has shown that it knows the token as well.
 */
public final class FetchClient {
    private final FetchTransport transport;
    private final SecureRandom random;

    /** A client over a transport. */
    public FetchClient(FetchTransport transport, SecureRandom random) {
        this.transport = transport;
        this.random = random;
    }

    /** What became of a fetch. */
    public sealed interface Result {
        /** All is here; the token in its stretched form, as the source keeps it. */
        record Fetched(Handout handout, StretchedToken token) implements Result {}

        /** Nothing is here. */
        record Failed(FetchFailure failure) implements Result {}
    }

    /** Fetches; takes as long as the transport lets it, at most three answers. */
    public Result fetch(SourceAddress source, String token) {
        try {
            return begin(source, token);
        } catch (FetchUnreachableException e) {
            return failed(
                    Reason.UNREACHABLE,
                    source
                            + " cannot be reached: "
                            + e.getMessage()
                            + ". Check the address, and that firewalls on the way admit TCP "
                            + source.port());
        }
    }

    private Result begin(SourceAddress source, String token) {
        byte[] hello =
                new Hello(List.of(FetchMessage.VERSION), random(FetchMessage.NONCE_BYTES))
                        .toBytes();
        byte[] answer = post(source, hello);
        Optional<FetchMessage> parsed = FetchMessage.parse(answer);
        if (parsed.isEmpty() || !(parsed.get() instanceof Offer offer)) {
            return unexpected(source, parsed);
        }
        Optional<ScryptCost> cost = ScryptCost.parse(offer.cost());
        if (offer.version() != FetchMessage.VERSION || cost.isEmpty()) {
            return unexpected(source, Optional.empty());
        }
        StretchedToken stretched = StretchedToken.of(token, offer.salt(), cost.get());
        return agree(source, stretched, offer, List.of(hello, answer));
    }

    private Result agree(
            SourceAddress source, StretchedToken token, Offer offer, List<byte[]> said) {
        var juggling =
                new Juggling(
                        FetchServer.CLIENT_ROLE,
                        FetchServer.SOURCE_ROLE,
                        token.stretched(),
                        random);
        byte[] round1 = juggling.round1();
        if (!juggling.acceptRound1(offer.round1())) {
            return unexpected(source, Optional.empty());
        }
        KeyPair kem = Encapsulation.generate(random);
        byte[] share =
                new Share(offer.exchange(), round1, juggling.round2(), kem.getPublic().getEncoded())
                        .toBytes();
        byte[] bytes = post(source, share);
        Optional<FetchMessage> parsed = FetchMessage.parse(bytes);
        if (parsed.isEmpty() || !(parsed.get() instanceof Answer answer)) {
            return unexpected(source, parsed);
        }
        var secret = Encapsulation.decapsulate(kem, answer.kem());
        if (secret.isEmpty() || !juggling.acceptRound2(answer.round2())) {
            return unexpected(source, Optional.empty());
        }
        ExchangeKeys keys =
                ExchangeKeys.derive(
                        juggling.keyMaterial(),
                        secret.get(),
                        List.of(said.get(0), said.get(1), share, bytes));
        return confirm(source, token, offer.exchange(), keys);
    }

    private Result confirm(
            SourceAddress source, StretchedToken token, byte[] exchange, ExchangeKeys keys) {
        byte[] bytes = post(source, new Confirm(exchange, keys.clientMac()).toBytes());
        Optional<FetchMessage> parsed = FetchMessage.parse(bytes);
        if (parsed.isEmpty() || !(parsed.get() instanceof Sealed sealed)) {
            return unexpected(source, parsed);
        }
        if (!keys.isSourceMac(sealed.mac())) {
            return failed(
                    Reason.REFUSED_TOKEN,
                    source + " does not know the security token: is it a controller of yours?");
        }
        Optional<Handout> handout = keys.open(sealed.sealed()).flatMap(HandoutCodec::parse);
        return handout.isPresent()
                ? new Result.Fetched(handout.get(), token)
                : unexpected(source, Optional.empty());
    }

    private byte[] post(SourceAddress source, byte[] message) {
        return transport.post(source.host(), source.port(), FetchTransport.FETCH_PATH, message);
    }

    private static Result unexpected(SourceAddress source, Optional<FetchMessage> answer) {
        if (answer.isPresent() && answer.get() instanceof Refused refused) {
            return refused(source, refused);
        }
        return failed(
                Reason.BAD_ANSWER,
                source + " gave an answer that does not hold: is it a Peermesh controller?");
    }

    private static Result refused(SourceAddress source, Refused refused) {
        return switch (refused.reason()) {
            case NO_KEYSET ->
                    failed(
                            Reason.NO_KEYSET,
                            source
                                    + " has no keyset; generate one there first, or name the"
                                    + " controller that has it");
            case VERSION ->
                    failed(
                            Reason.VERSION,
                            source
                                    + " speaks version "
                                    + refused.versions()
                                    + " of the keyset exchange, this controller version "
                                    + FetchMessage.VERSION
                                    + "; bring both to the same release");
            case BUSY ->
                    failed(Reason.BUSY, source + " is busy with other fetches; try again shortly");
            case TOO_MANY_GUESSES ->
                    failed(
                            Reason.REFUSED_TOKEN,
                            source
                                    + " has seen too many wrong security tokens; wait "
                                    + FetchBooks.GUESS_MILLIS / 60_000
                                    + " minutes");
            case WRONG_TOKEN ->
                    failed(
                            Reason.REFUSED_TOKEN,
                            source
                                    + " refused the security token; it must be the one that the"
                                    + " keyset was generated with");
            case UNKNOWN_EXCHANGE, BAD_MESSAGE ->
                    failed(
                            Reason.BAD_ANSWER,
                            source + " broke the exchange off (" + refused.reason().label() + ")");
        };
    }

    private static Result failed(Reason reason, String text) {
        return new Result.Failed(new FetchFailure(reason, text));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
