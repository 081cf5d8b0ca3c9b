package io.peermesh.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.Keyset;
import io.peermesh.keyset.FetchFailure.Reason;
import io.peermesh.keyset.JoinClient.Result;
import io.peermesh.testing.Seeds;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JoinExchangeTest {
    private static final SourceAddress SOURCE = new SourceAddress("192.0.2.1", 8000);
    private static final String JOINER = "198.51.100.1";
    private static final UUID INSTALLATION = new UUID(1, 2);

    private final SecureRandom random = new SecureRandom();
    private final Keyset keyset = KeysetGenerator.generate(random, Instant.EPOCH);
    private final List<String> told = new ArrayList<>();
    private final List<JoinRequest> asked = new ArrayList<>();
    private JoinAnswer answer = new JoinAnswer.Taken();
    private Optional<Keyset> held = Optional.of(keyset);
    private long nowMillis = 1_000_000;
    private final JoinServer server =
            new JoinServer(
                    () -> held,
                    new JoinServer.Desk() {
                        @Override
                        public JoinAnswer answer(String source, JoinRequest request) {
                            asked.add(request);
                            return answer;
                        }

                        @Override
                        public void onRefused(String source, JoinRefusal reason) {
                            told.add(source + " " + reason);
                        }
                    },
                    () -> Instant.ofEpochMilli(nowMillis),
                    random);

    private JoinClient client(FetchTransport transport) {
        return new JoinClient(transport, random);
    }

    private JoinClient client() {
        return client((host, port, path, message) -> server.answer(JOINER, message));
    }

    private Result lease(JoinClient client) {
        return client.ask(SOURCE, keyset, new JoinRequest.Lease(INSTALLATION));
    }

    private static Reason reason(Result result) {
        return ((Result.Failed) result).failure().reason();
    }

    @Test
    void carriesEveryQuestionAndEveryAnswer() {
        List<JoinRequest> questions =
                List.of(
                        new JoinRequest.Lease(INSTALLATION),
                        new JoinRequest.Announce(INSTALLATION, 3, ""),
                        new JoinRequest.Announce(INSTALLATION, 10, "three.example.net"),
                        new JoinRequest.Confirm(INSTALLATION, 3));
        List<JoinAnswer> answers =
                List.of(
                        new JoinAnswer.Leased(3, 4),
                        new JoinAnswer.Announced("10.0.0.3"),
                        new JoinAnswer.Wait(700),
                        new JoinAnswer.Member(
                                1, List.of(new JoinAnswer.Peer(2, "two.example.net", 1400))),
                        new JoinAnswer.Taken(),
                        new JoinAnswer.Denied("full", "every id is taken"));

        for (JoinRequest question : questions) {
            for (JoinAnswer expected : answers) {
                answer = expected;

                Result result = client().ask(SOURCE, keyset, question);

                assertThat(result).isEqualTo(new Result.Answered(expected));
                assertThat(asked.getLast()).isEqualTo(question);
            }
        }
        assertThat(told).isEmpty();
    }

    @Test
    void whoDoesNotHoldTheKeysetIsNotHeard() {
        Keyset other = KeysetGenerator.generate(random, Instant.EPOCH);
        var rotated =
                new Keyset(keyset.uuid(), 2, keyset.createdEpochMillis(), keyset.topologySecret());
        for (Keyset wrong : List.of(other, rotated)) {
            Result result =
                    client().ask(SOURCE, wrong, new JoinRequest.Announce(INSTALLATION, 3, ""));

            assertThat(reason(result)).isEqualTo(Reason.BAD_ANSWER);
        }

        assertThat(asked).isEmpty();
        assertThat(told).containsOnly(JOINER + " WRONG_KEYSET");
    }

    @Test
    void aRecordedRequestIsOfNoUseAgain() {
        var recorded = new ArrayList<byte[]>();
        lease(
                client((host, port, path, message) -> {
                    recorded.add(message);
                    return server.answer(JOINER, message);
                }));

        server.answer(JOINER, recorded.getLast());
        server.answer("198.51.100.99", recorded.getLast());
        nowMillis += JoinChallenges.MAX_AGE_MILLIS;
        server.answer(JOINER, recorded.getLast());

        assertThat(asked).hasSize(1);
        assertThat(told)
                .containsExactly(JOINER + " STALE", "198.51.100.99 STALE", JOINER + " STALE");
    }

    @Test
    void aChallengeOfAnotherProcessIsOfNoUse() {
        var elsewhere = new JoinChallenges(random);
        byte[] challenge = elsewhere.issue(JOINER, nowMillis);
        var keys = new JoinKeys(keyset, challenge, new byte[JoinMessage.NONCE_BYTES]);
        byte[] sealed = keys.sealRequest(JoinCodec.toBytes(new JoinRequest.Lease(INSTALLATION)));

        server.answer(
                JOINER,
                new JoinMessage.Request(challenge, new byte[JoinMessage.NONCE_BYTES], sealed)
                        .toBytes());

        assertThat(asked).isEmpty();
        assertThat(told).containsExactly(JOINER + " STALE");
    }

    @Test
    void anAnswerToAnotherQuestionDoesNotCount() {
        var answers = new ArrayList<byte[]>();
        var keeper =
                client((host, port, path, message) -> {
                    byte[] bytes = server.answer(JOINER, message);
                    answers.add(bytes);
                    return bytes;
                });
        lease(keeper);
        int[] message = {0};
        var replayer =
                client((host, port, path, bytes) ->
                        message[0]++ == 0 ? server.answer(JOINER, bytes) : answers.getLast());

        assertThat(reason(lease(replayer))).isEqualTo(Reason.BAD_ANSWER);
    }

    @Test
    void aChangedByteAnywhereEndsTheQuestion() {
        Seeds.run(
                200,
                places -> {
                    int changed = places.nextInt(4);
                    int[] count = {0};
                    Result result =
                            lease(
                                    client((host, port, path, message) -> {
                                        byte[] there =
                                                count[0]++ == changed
                                                        ? spoil(message, places)
                                                        : message;
                                        byte[] back = server.answer(JOINER, there);
                                        return count[0]++ == changed ? spoil(back, places) : back;
                                    }));

                    if (result instanceof Result.Answered answered) {
                        assertThat(answered.answer()).isEqualTo(answer); // a field's name, say
                    }
                    assertThat(asked).allMatch(new JoinRequest.Lease(INSTALLATION)::equals);
                });
    }

    private static byte[] spoil(byte[] message, SplittableRandom places) {
        byte[] changed = message.clone();
        changed[places.nextInt(changed.length)] ^= (byte) (1 << places.nextInt(7));
        return changed;
    }

    @Test
    void remembersNothingOfStrangersAndABoundedNumberOfOthers() {
        for (int i = 0; i < 10_000; i++) {
            server.answer("203.0.113." + i % 250, hello());
        }
        for (int i = 0; i < JoinChallenges.MAX_USED; i++) {
            assertThat(lease(client())).isInstanceOf(Result.Answered.class);
        }

        assertThat(reason(lease(client()))).isEqualTo(Reason.BUSY);
        nowMillis += JoinChallenges.MAX_AGE_MILLIS;
        assertThat(lease(client())).isInstanceOf(Result.Answered.class);
    }

    private static byte[] hello() {
        return new JoinMessage.Hello(List.of(JoinMessage.VERSION)).toBytes();
    }

    @Test
    void saysWhatIsWrong() {
        held = Optional.empty();
        assertThat(reason(lease(client()))).isEqualTo(Reason.NO_KEYSET);
        held = Optional.of(keyset);
        server.answer(JOINER, new JoinMessage.Hello(List.of(2)).toBytes());
        assertThat(told).contains(JOINER + " VERSION");
        assertThat(
                        reason(
                                lease(
                                        client((host, port, path, message) ->
                                                new JoinMessage.Refused(
                                                                JoinRefusal.VERSION, List.of(2))
                                                        .toBytes()))))
                .isEqualTo(Reason.VERSION);
        var older =
                client((host, port, path, message) -> {
                    throw new FetchUnreachableException("HTTP status 404");
                });
        FetchFailure failure = ((Result.Failed) lease(older)).failure();
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure.text()).contains("HTTP status 404", "older release");
    }

    @Test
    void junkIsRefusedAndChangesNothing() {
        byte[] request =
                new JoinMessage.Request(
                                new byte[JoinChallenges.BYTES],
                                new byte[JoinMessage.NONCE_BYTES],
                                new byte[40])
                        .toBytes();
        Seeds.run(
                2_000,
                seeded -> {
                    byte[] junk = new byte[seeded.nextInt(200)];
                    seeded.nextBytes(junk);
                    server.answer(JOINER, junk);
                    server.answer(JOINER, Arrays.copyOf(request, seeded.nextInt(request.length)));
                    assertThat(JoinCodec.request(junk)).isEmpty();
                    assertThat(JoinCodec.answer(junk)).isEmpty();
                });
        server.answer(JOINER, new byte[JoinServer.MAX_MESSAGE_BYTES + 1]);

        assertThat(asked).isEmpty();
        assertThat(told).containsOnly(JOINER + " BAD_MESSAGE");
    }

    @Test
    void whatIsOutOfRangeIsNotRead() {
        for (String text :
                List.of(
                        "{\"ask\":\"lease\"}",
                        "{\"ask\":\"lease\",\"installation\":\"x\"}",
                        "{\"ask\":\"announce\",\"installation\":\"" + INSTALLATION + "\",\"id\":0}",
                        "{\"ask\":\"confirm\",\"installation\":\"" + INSTALLATION + "\",\"id\":11}",
                        "{\"ask\":\"leave\",\"installation\":\"" + INSTALLATION + "\"}",
                        "[]",
                        "null")) {
            assertThat(JoinCodec.request(text.getBytes(UTF_8))).as(text).isEmpty();
        }
        for (String text :
                List.of(
                        "{\"answer\":\"leased\",\"id\":0,\"controllers\":4}",
                        "{\"answer\":\"member\",\"source_id\":1}",
                        "{\"answer\":\"member\",\"source_id\":1,\"peers\":[[2,\"a b\",1500]]}",
                        "{\"answer\":\"member\",\"source_id\":1,\"peers\":[[12,\"a\",1500]]}",
                        "{\"answer\":\"denied\",\"reason\":\"x\",\"text\":\""
                                + "x".repeat(1001)
                                + "\"}")) {
            assertThat(JoinCodec.answer(text.getBytes(UTF_8))).as(text).isEmpty();
        }
    }
}
