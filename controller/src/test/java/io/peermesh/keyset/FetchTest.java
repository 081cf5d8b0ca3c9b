package io.peermesh.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.keyset.FetchClient.Result;
import io.peermesh.keyset.FetchFailure.Reason;
import io.peermesh.replication.SharedEntry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FetchTest {
    private static final String TOKEN = "correct horse battery";
    private static final SourceAddress SOURCE = new SourceAddress("192.0.2.1", 8000);
    private static final ScryptCost CHEAP = new ScryptCost(2, 1, 1);

    private final SecureRandom random = new SecureRandom();
    private final Handout handout =
            new Handout(
                    KeysetGenerator.generate(random, Instant.EPOCH),
                    "license",
                    "parameters",
                    List.of(new SharedEntry("topology/name", "lab", 3, 2)));
    private final StretchedToken token = StretchedToken.of(TOKEN, CHEAP, random);
    private final List<String> told = new ArrayList<>();
    private long nowMillis = 1_000_000;
    private Optional<FetchServer.Lot> lot = Optional.of(new FetchServer.Lot(token, () -> handout));
    private final FetchServer server =
            new FetchServer(
                    () -> lot,
                    new FetchServer.Listener() {
                        @Override
                        public void onHandedOut(String source) {
                            told.add(source + " handed out");
                        }

                        @Override
                        public void onRefused(String source, FetchRefusal reason) {
                            told.add(source + " " + reason);
                        }
                    },
                    () -> Instant.ofEpochMilli(nowMillis),
                    random);

    @Test
    void handsTheTopologyToWhoKnowsTheToken() {
        Result result = fetch(TOKEN);

        assertThat(result).isEqualTo(new Result.Fetched(handout, token));
        assertThat(told).containsExactly("198.51.100.1 handed out");
    }

    @Test
    void refusesAWrongToken() {
        Result result = fetch("wrong horse battery");

        assertFailed(result, Reason.REFUSED_TOKEN);
        assertThat(told).containsExactly("198.51.100.1 WRONG_TOKEN");
    }

    @Test
    void saysThatTheSourceHasNoKeyset() {
        lot = Optional.empty();

        assertFailed(fetch(TOKEN), Reason.NO_KEYSET);
        assertThat(told).containsExactly("198.51.100.1 NO_KEYSET");
    }

    @Test
    void saysThatTheSourceCannotBeReached() {
        var client =
                new FetchClient(
                        (host, port, path, message) -> {
                            throw new FetchUnreachableException("connection refused");
                        },
                        random);

        FetchFailure failure = failure(client.fetch(SOURCE, TOKEN));

        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure.text())
                .contains("192.0.2.1:8000 cannot be reached: connection refused", "TCP 8000");
    }

    @Test
    void saysThatTheSourceSpeaksAnotherVersion() {
        var client =
                new FetchClient(
                        (host, port, path, message) ->
                                new FetchMessage.Refused(FetchRefusal.VERSION, List.of(2, 3))
                                        .toBytes(),
                        random);

        FetchFailure failure = failure(client.fetch(SOURCE, TOKEN));

        assertThat(failure.reason()).isEqualTo(Reason.VERSION);
        assertThat(failure.text()).contains("[2, 3]");
    }

    @Test
    void refusesAClientOfAnotherVersion() {
        byte[] hello = new FetchMessage.Hello(List.of(2), new byte[32]).toBytes();

        assertRefused(server.answer("s", hello), FetchRefusal.VERSION);
    }

    @Test
    void takesWhatIsNoControllerForWhatItIs() {
        for (String answer :
                new String[] {"", "{}", "<html>", "[]", "null", "{\"type\":\"offer\"}"}) {
            var client =
                    new FetchClient((host, port, path, message) -> answer.getBytes(UTF_8), random);

            assertFailed(client.fetch(SOURCE, TOKEN), Reason.BAD_ANSWER);
        }
    }

    @Test
    void aChangedByteAnywhereEndsTheExchange() {
        for (int position = 0; position < 6; position++) {
            for (double where : new double[] {0.1, 0.5, 0.9}) {
                int changed = position;
                int[] count = {0};
                var client =
                        new FetchClient(
                                (host, port, path, message) -> {
                                    byte[] sent = tamper(message, count[0]++ == changed, where);
                                    byte[] answer = server.answer("198.51.100.1", sent);
                                    return tamper(answer, count[0]++ == changed, where);
                                },
                                random);

                Result result = client.fetch(SOURCE, TOKEN);

                assertThat(result)
                        .as("position " + position + " at " + where)
                        .isInstanceOf(Result.Failed.class);
                nowMillis += 700_000; // forget the guess
            }
        }
    }

    @Test
    void aChangedCostEndsTheExchange() {
        var client =
                new FetchClient(
                        (host, port, path, message) -> {
                            String answer = new String(server.answer("s", message), UTF_8);
                            return answer.replace("\"2,1,1\"", "\"4,1,1\"").getBytes(UTF_8);
                        },
                        random);

        assertFailed(client.fetch(SOURCE, TOKEN), Reason.REFUSED_TOKEN);
    }

    @Test
    void doesNotLetTheSourceChooseACostThatWouldHurt() {
        var client =
                new FetchClient(
                        (host, port, path, message) -> {
                            String answer = new String(server.answer("s", message), UTF_8);
                            return answer.replace("\"2,1,1\"", "\"1048576,32,16\"").getBytes(UTF_8);
                        },
                        random);

        assertFailed(client.fetch(SOURCE, TOKEN), Reason.BAD_ANSWER);
    }

    @Test
    void aRecordedExchangeCannotBeReplayedToTheSource() {
        var recorded = new ArrayList<byte[]>();
        fetch(
                new FetchClient(
                        (host, port, path, message) -> {
                            recorded.add(message);
                            return server.answer("198.51.100.1", message);
                        },
                        random),
                TOKEN);
        told.clear();

        byte[] offer = server.answer("203.0.113.9", recorded.get(0));
        byte[] answer = server.answer("203.0.113.9", recorded.get(1));
        byte[] keyset = server.answer("203.0.113.9", recorded.get(2));

        assertThat(FetchMessage.parse(offer).orElseThrow()).isInstanceOf(FetchMessage.Offer.class);
        assertRefused(answer, FetchRefusal.UNKNOWN_EXCHANGE);
        assertRefused(keyset, FetchRefusal.UNKNOWN_EXCHANGE);
    }

    @Test
    void recordedAnswersCannotBeReplayedToAClient() {
        var recorded = new ArrayList<byte[]>();
        fetch(
                new FetchClient(
                        (host, port, path, message) -> {
                            byte[] answer = server.answer("198.51.100.1", message);
                            recorded.add(answer);
                            return answer;
                        },
                        random),
                TOKEN);
        int[] next = {0};
        var client =
                new FetchClient((host, port, path, message) -> recorded.get(next[0]++), random);

        assertThat(client.fetch(SOURCE, TOKEN)).isInstanceOf(Result.Failed.class);
    }

    @Test
    void answersTheSameMessageOnlyOnce() {
        int[] count = {0};
        var client =
                new FetchClient(
                        (host, port, path, message) -> {
                            if (count[0]++ == 1) {
                                server.answer("s", message); // somebody was faster
                            }
                            return server.answer("s", message);
                        },
                        random);

        assertFailed(client.fetch(SOURCE, TOKEN), Reason.BAD_ANSWER);
    }

    @Test
    void aManInTheMiddleWithoutTheTokenGetsNothing() {
        // the middle runs an exchange of its own with each side
        var middle =
                new FetchServer(
                        () -> Optional.of(new FetchServer.Lot(otherToken(), () -> handout)),
                        new Silent(),
                        () -> Instant.ofEpochMilli(nowMillis),
                        random);
        var client =
                new FetchClient((host, port, path, message) -> middle.answer("m", message), random);

        assertFailed(client.fetch(SOURCE, TOKEN), Reason.REFUSED_TOKEN);
    }

    @Test
    void refusesAfterFiveWrongGuessesOfOneAddress() {
        for (int i = 0; i < FetchBooks.MAX_GUESSES_PER_SOURCE; i++) {
            fetch("wrong horse battery " + i);
        }

        FetchFailure failure = failure(fetch(TOKEN));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED_TOKEN);
        assertThat(failure.text()).contains("too many wrong security tokens");

        nowMillis += FetchBooks.GUESS_MILLIS;
        assertThat(fetch(TOKEN)).isInstanceOf(Result.Fetched.class);
    }

    @Test
    void countsTheGuessesOfOneIpv6NetworkTogether() {
        for (int i = 0; i < FetchBooks.MAX_GUESSES_PER_SOURCE; i++) {
            fetch(clientAt("2001:db8::" + (i + 1)), "wrong horse battery");
        }

        assertFailed(fetch(clientAt("2001:db8::ffff"), TOKEN), Reason.REFUSED_TOKEN);
        assertThat(fetch(clientAt("2001:db8:0:1::1"), TOKEN)).isInstanceOf(Result.Fetched.class);
    }

    @Test
    void refusesAfterTwentyWrongGuessesInAll() {
        for (int i = 0; i < FetchBooks.MAX_GUESSES; i++) {
            fetch(clientAt("198.51.100." + i), "wrong horse battery");
        }

        assertFailed(fetch(clientAt("203.0.113.1"), TOKEN), Reason.REFUSED_TOKEN);
    }

    @Test
    void anExchangeThatIsAbandonedAfterTheAnswerCountsAsAGuess() {
        for (int i = 0; i < FetchBooks.MAX_GUESSES_PER_SOURCE; i++) {
            int[] count = {0};
            var client =
                    new FetchClient(
                            (host, port, path, message) -> {
                                if (count[0]++ == 2) {
                                    throw new FetchUnreachableException("walks away");
                                }
                                return server.answer("198.51.100.1", message);
                            },
                            random);
            client.fetch(SOURCE, "wrong horse battery");
            nowMillis += FetchBooks.OPEN_MILLIS;
        }

        assertFailed(fetch(TOKEN), Reason.REFUSED_TOKEN);
    }

    @Test
    void refusesAFifthExchangeUntilOneTimesOut() {
        byte[] hello = new FetchMessage.Hello(List.of(1), new byte[32]).toBytes();
        for (int i = 0; i < FetchBooks.MAX_OPEN; i++) {
            server.answer("203.0.113." + i, hello);
        }

        assertFailed(fetch(TOKEN), Reason.BUSY);

        nowMillis += FetchBooks.OPEN_MILLIS;
        assertThat(fetch(TOKEN)).isInstanceOf(Result.Fetched.class);
    }

    @Test
    void forgetsAnExchangeAfterThirtySeconds() {
        int[] count = {0};
        var client =
                new FetchClient(
                        (host, port, path, message) -> {
                            nowMillis += count[0]++ * (FetchBooks.OPEN_MILLIS - 1);
                            return server.answer("198.51.100.1", message);
                        },
                        random);

        assertFailed(client.fetch(SOURCE, TOKEN), Reason.BAD_ANSWER);
        assertThat(told).contains("198.51.100.1 UNKNOWN_EXCHANGE");
    }

    @Test
    void freesThePlaceOfEveryExchangeThatEnds() {
        for (int i = 0; i < 3 * FetchBooks.MAX_OPEN; i++) {
            assertThat(fetch(TOKEN)).isInstanceOf(Result.Fetched.class);
        }
    }

    @Test
    void survivesRandomMessages() {
        long seed = Long.getLong("seed", 1);
        var dice = new Random(seed);
        String[] types = {"hello", "offer", "share", "answer", "confirm", "keyset", "refused"};

        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[dice.nextInt(200)];
            dice.nextBytes(bytes);
            String type = types[dice.nextInt(types.length)];
            String json =
                    "{\"type\":\"%s\",\"exchange\":\"%s\",\"round1\":%d,\"versions\":[1],\"nonce\":\"%s\"}"
                            .formatted(type, "A".repeat(dice.nextInt(30)), dice.nextInt(), "AA==");

            assertThat(FetchMessage.parse(server.answer("s", bytes)).orElseThrow())
                    .as("seed " + seed)
                    .isInstanceOf(FetchMessage.Refused.class);
            assertThat(FetchMessage.parse(server.answer("s", json.getBytes(UTF_8))).orElseThrow())
                    .as("seed " + seed)
                    .isInstanceOf(FetchMessage.Refused.class);
            assertThat(HandoutCodec.parse(bytes)).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void refusesMessagesThatAreTooLong() {
        assertRefused(
                server.answer("s", new byte[FetchServer.MAX_MESSAGE_BYTES + 1]),
                FetchRefusal.BAD_MESSAGE);
    }

    @Test
    void everyMessageSurvivesTheWireAndRejectsEveryTruncation() {
        List<FetchMessage> messages =
                List.of(
                        new FetchMessage.Hello(List.of(1, 2), new byte[32]),
                        new FetchMessage.Offer(
                                1,
                                new byte[16],
                                new byte[32],
                                new byte[16],
                                "2,1,1",
                                new byte[1600]),
                        new FetchMessage.Share(
                                new byte[16], new byte[1600], new byte[800], new byte[1206]),
                        new FetchMessage.Answer(new byte[800], new byte[1088]),
                        new FetchMessage.Confirm(new byte[16], new byte[32]),
                        new FetchMessage.Sealed(new byte[32], new byte[5]),
                        new FetchMessage.Refused(FetchRefusal.BUSY, List.of(1)));

        for (FetchMessage message : messages) {
            byte[] bytes = message.toBytes();

            assertThat(FetchMessage.parse(bytes).orElseThrow().toBytes()).isEqualTo(bytes);
            for (int length = 0; length < bytes.length; length++) {
                assertThat(FetchMessage.parse(Arrays.copyOf(bytes, length))).isEmpty();
            }
        }
    }

    @Test
    void aHandoutSurvivesTheWireAndRejectsEveryTruncation() {
        byte[] bytes = HandoutCodec.toBytes(handout);

        assertThat(HandoutCodec.parse(bytes)).contains(handout);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(HandoutCodec.parse(Arrays.copyOf(bytes, length))).isEmpty();
        }
    }

    @Test
    void nothingThatIsPrintedTellsASecret() {
        String secret = HexFormat.of().formatHex(handout.keyset().topologySecret().reveal());

        assertThat("" + handout + token + fetch(TOKEN))
                .doesNotContain(secret)
                .doesNotContain(TOKEN);
    }

    private StretchedToken otherToken() {
        return StretchedToken.of("not the token at all", CHEAP, random);
    }

    private FetchClient clientAt(String address) {
        return new FetchClient(
                (host, port, path, message) -> server.answer(address, message), random);
    }

    private Result fetch(String guess) {
        return fetch(clientAt("198.51.100.1"), guess);
    }

    private static Result fetch(FetchClient client, String guess) {
        return client.fetch(SOURCE, guess);
    }

    private static byte[] tamper(byte[] message, boolean change, double where) {
        byte[] bytes = message.clone();
        if (change) {
            int i = (int) (bytes.length * where);
            bytes[i] = (byte) (bytes[i] == 'A' ? 'B' : 'A');
        }
        return bytes;
    }

    private static FetchFailure failure(Result result) {
        return switch (result) {
            case Result.Failed(FetchFailure failure) -> failure;
            case Result.Fetched _ -> throw new AssertionError("it was fetched");
        };
    }

    private static void assertFailed(Result result, Reason reason) {
        assertThat(failure(result).reason()).isEqualTo(reason);
    }

    private static void assertRefused(byte[] answer, FetchRefusal reason) {
        assertThat(FetchMessage.parse(answer).orElseThrow())
                .isEqualTo(new FetchMessage.Refused(reason, List.of(1)));
    }

    /** Tells nobody. */
    private static final class Silent implements FetchServer.Listener {
        @Override
        public void onHandedOut(String source) {}

        @Override
        public void onRefused(String source, FetchRefusal reason) {}
    }
}
