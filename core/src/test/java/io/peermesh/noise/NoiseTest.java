package io.peermesh.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.crypto.HandshakeAead;
import io.peermesh.crypto.Identity;
import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.Secret;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Keys and messages are the IKpsk2 vector of the Cacophony set that Noise libraries share. */
class NoiseTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] PROLOGUE = "John Galt".getBytes(US_ASCII);
    private static final Identity INITIATOR =
            identity("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1");
    private static final Identity RESPONDER =
            identity("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893");
    private static final String INITIATOR_EPHEMERAL =
            "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a";
    private static final String RESPONDER_EPHEMERAL =
            "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b";
    private static final byte[] FIRST_PAYLOAD = "Ludwig von Mises".getBytes(US_ASCII);
    private static final byte[] SECOND_PAYLOAD = "Murray Rothbard".getBytes(US_ASCII);
    private static final String FIRST_MESSAGE =
            "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944001e21de9f98ddd8e2ad57"
                    + "527207feb56253c9c94a9e496782ecfcb2a75fbcaf1b52948cc48daefe660c62119ab5000980c84831"
                    + "215f2441eba616548e832985464cf17e51ee93109008399a21f7e13f";
    private static final String SECOND_MESSAGE =
            "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843cb765f2caef0751b8f0075"
                    + "72dab0322217755c0632f365717edbf34d33e87a";

    private final Secret psk = Secret.of("This is my Austrian perspective!".getBytes(US_ASCII));
    private final NoiseInitiator initiator =
            new NoiseInitiator(
                    PROLOGUE, INITIATOR, RESPONDER.publicKey(), secret(INITIATOR_EPHEMERAL));

    private static Secret secret(String hex) {
        return Secret.of(HEX.parseHex(hex));
    }

    private static Identity identity(String privateKey) {
        return Identity.of(secret(privateKey));
    }

    private static NoiseResponder responder(byte[] message) {
        return new NoiseResponder(PROLOGUE, RESPONDER, message);
    }

    private NoiseResponder.Answered answer(byte[] first) {
        NoiseResponder responder = responder(first);
        assertThat(responder.readStatic()).isPresent();
        assertThat(responder.readPayload()).isPresent();
        return responder
                .writeResponse(psk, secret(RESPONDER_EPHEMERAL), SECOND_PAYLOAD)
                .orElseThrow();
    }

    @Test
    void writesThePublishedMessages() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();
        byte[] second = answer(first).message();

        assertThat(HEX.formatHex(first)).isEqualTo(FIRST_MESSAGE);
        assertThat(HEX.formatHex(second)).isEqualTo(SECOND_MESSAGE);
    }

    @Test
    void readsThePublishedMessages() {
        NoiseResponder responder = responder(HEX.parseHex(FIRST_MESSAGE));
        initiator.writeInitiation(FIRST_PAYLOAD);

        assertThat(responder.readStatic()).contains(INITIATOR.publicKey());
        assertThat(responder.readPayload()).contains(FIRST_PAYLOAD);
        assertThat(
                        initiator
                                .readResponse(HEX.parseHex(SECOND_MESSAGE), psk)
                                .orElseThrow()
                                .payload())
                .isEqualTo(SECOND_PAYLOAD);
    }

    @Test
    void derivesThePublishedTransportKeys() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();
        NoiseResponder.Answered answer = answer(first);
        NoiseKeys ours = initiator.readResponse(answer.message(), psk).orElseThrow().keys();

        byte[] third =
                HandshakeAead.seal(
                        ours.sending().reveal(), 0, new byte[0], "F. A. Hayek".getBytes(US_ASCII));
        byte[] fourth =
                HandshakeAead.seal(
                        answer.keys().sending().reveal(),
                        0,
                        new byte[0],
                        "Carl Menger".getBytes(US_ASCII));

        assertThat(HEX.formatHex(third))
                .isEqualTo("8153ca9833bc3c1b91a7e66e5f4d4f5b59bf9e64c2f20d15f0bba7");
        assertThat(HEX.formatHex(fourth))
                .isEqualTo("07af0c9c86e1b4e80f36b04ff7688d51141af3debd0332f0a705ef");
        assertThat(answer.keys().receiving()).isEqualTo(ours.sending());
        assertThat(answer.keys().sending()).isEqualTo(ours.receiving());
    }

    @Test
    void hasTheSizesOfWireGuard() {
        byte[] first = initiator.writeInitiation(new byte[12]).orElseThrow();
        NoiseResponder responder = responder(first);
        responder.readStatic();
        responder.readPayload();

        byte[] second =
                responder
                        .writeResponse(psk, secret(RESPONDER_EPHEMERAL), new byte[0])
                        .orElseThrow()
                        .message();

        assertThat(first).hasSize(148 - 8 - 32);
        assertThat(second).hasSize(92 - 12 - 32);
    }

    @Test
    void refusesAnotherPresharedKey() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();
        byte[] second = answer(first).message();

        assertThat(initiator.readResponse(second, Secret.of(new byte[32]))).isEmpty();
    }

    @Test
    void refusesAnotherPrologue() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();

        var responder = new NoiseResponder("other".getBytes(US_ASCII), RESPONDER, first);

        assertThat(responder.readStatic()).isEmpty();
    }

    @Test
    void refusesAMessageForAnotherIdentity() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();

        assertThat(new NoiseResponder(PROLOGUE, INITIATOR, first).readStatic()).isEmpty();
    }

    @Test
    void survivesAForgedResponseAndReadsTheTrueOneAfterwards() {
        byte[] second = answer(initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow()).message();

        for (int i = 0; i < second.length; i++) {
            byte[] forged = second.clone();
            forged[i] ^= 4;
            assertThat(initiator.readResponse(forged, psk)).isEmpty();
        }

        assertThat(initiator.readResponse(second, psk)).isPresent();
    }

    @Test
    void refusesEveryTouchedInitiation() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();

        for (int i = 0; i < first.length; i++) {
            byte[] touched = first.clone();
            touched[i] ^= 1;
            NoiseResponder responder = responder(touched);
            boolean believed =
                    responder.readStatic().isPresent() && responder.readPayload().isPresent();
            assertThat(believed).as("byte %d", i).isFalse();
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();
        byte[] second = answer(first).message();

        for (int length = 0; length < second.length; length++) {
            assertThat(initiator.readResponse(Arrays.copyOf(second, length), psk)).isEmpty();
        }
        for (int length = 96; length < first.length; length++) {
            NoiseResponder responder = responder(Arrays.copyOf(first, length));
            responder.readStatic();
            assertThat(responder.readPayload()).isEmpty();
        }
        assertThatThrownBy(() -> responder(Arrays.copyOf(first, 95)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesKeysOfSmallOrder() {
        PublicKey weak = PublicKey.of(new byte[32]);
        byte[] first = initiator.writeInitiation(FIRST_PAYLOAD).orElseThrow();
        byte[] weakEphemeral = first.clone();
        Arrays.fill(weakEphemeral, 0, 32, (byte) 0);

        var towardsWeak =
                new NoiseInitiator(PROLOGUE, INITIATOR, weak, secret(INITIATOR_EPHEMERAL));

        assertThat(towardsWeak.writeInitiation(FIRST_PAYLOAD)).isEmpty();
        assertThat(responder(weakEphemeral).readStatic()).isEmpty();
        assertThat(initiator.readResponse(new byte[63], psk)).isEmpty();
    }
}
