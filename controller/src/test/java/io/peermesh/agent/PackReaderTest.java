package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.Identity;
import io.peermesh.crypto.Secret;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.testing.Seeds;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading clientpacks: good ones whole, bad ones with a reason, none with a key in the reason. */
class PackReaderTest {
    static final String PRIVATE_KEY = key(1);
    static final String PRESHARED_KEY = key(2);
    static final String GATEWAY = Identity.of(Secret.of(bytes(3))).publicKey().toString();

    static final String PACK =
            """
            # Clientpack 10_199_0_1 of the topology demo
            #
            # Home: controller 2 at vpn2.example:51820
            # Peermesh-Controller = 1 10.199.0.253 192.0.2.1:51820
            # Peermesh-Controller = 2 10.199.0.252 vpn2.example:51820
            # Peermesh-Controller = 3 10.199.0.251 [2001:db8::3]:51821
            # Peermesh-Virtual = 10.199.0.254
            [Interface]
            PrivateKey = %s
            Address = 10.199.0.1/32
            ListenPort = 51820
            MTU = 1420

            [Peer]
            PublicKey = %s
            PresharedKey = %s
            Endpoint = vpn2.example:51820
            AllowedIPs = 10.199.0.0/24, 10.2.0.0/16
            PersistentKeepalive = 25
            """
                    .formatted(PRIVATE_KEY, GATEWAY, PRESHARED_KEY);

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return bytes;
    }

    private static String key(int seed) {
        return Base64.getEncoder().encodeToString(bytes(seed));
    }

    static Pack pack(String text) {
        return switch (PackReader.read(text)) {
            case PackReader.Reading.Read(Pack pack, var _) -> pack;
            case PackReader.Reading.Refused(String reason) -> throw new AssertionError(reason);
        };
    }

    private static String refusal(String text) {
        return switch (PackReader.read(text)) {
            case PackReader.Reading.Read _ -> throw new AssertionError("was read");
            case PackReader.Reading.Refused(String reason) -> reason;
        };
    }

    @Test
    void readsTheSettingsAndTheControllersInTheComments() {
        Pack pack = pack(PACK);

        assertThat(pack.address()).isEqualTo(IpAddress.literal("10.199.0.1"));
        assertThat(pack.mtuBytes()).isEqualTo(1420);
        assertThat(pack.allowed())
                .containsExactly(Prefix.literal("10.199.0.0/24"), Prefix.literal("10.2.0.0/16"));
        assertThat(pack.homeId()).isEqualTo(2);
        assertThat(pack.controllers().keySet()).containsExactly(1, 2, 3);
        assertThat(pack.controller(3).endpoint().toString()).isEqualTo("[2001:db8::3]:51821");
        assertThat(pack.controller(2).overlayAddress())
                .isEqualTo(IpAddress.literal("10.199.0.252"));
        assertThat(pack.virtualAddress()).isEqualTo(IpAddress.literal("10.199.0.254"));
    }

    @Test
    void saysWhatIsNoClientpack() {
        assertThat(refusal("")).startsWith("this is no clientpack");
        assertThat(refusal("hello\n")).startsWith("this is no clientpack: line 1");
        assertThat(refusal("[Service]\nA=b\n")).startsWith("this is no clientpack: line 1");
        assertThat(refusal("[Interface]\nPrivateKey = " + PRIVATE_KEY))
                .startsWith("this is no clientpack");
        assertThat(refusal("#".repeat(70_000))).contains("longer than");
    }

    @Test
    void aPackOfBeforeTheListHasToBeDownloadedAnew() {
        String text = PACK.replaceAll("(?m)^# Peermesh.*\n", "");

        assertThat(refusal(text)).contains("does not say where the controllers are", "anew");
    }

    @Test
    void refusesBadValuesAndNamesTheLine() {
        assertThat(refusal(PACK.replace("/32", "/24"))).contains("line 10", "Address");
        assertThat(refusal(PACK.replace("MTU = 1420", "MTU = 99999"))).contains("line 12", "MTU");
        assertThat(refusal(PACK.replace("MTU = 1420", "MTU = 100"))).contains("MTU");
        assertThat(refusal(PACK.replace("10.2.0.0/16", "0.0.0.0/0"))).contains("AllowedIPs");
        assertThat(refusal(PACK.replace("= 3 10", "= 11 10"))).contains("line 6");
        assertThat(refusal(PACK.replace("= 3 10", "= 2 10"))).contains("there twice");
        assertThat(refusal(PACK.replace("8::3]:51821", "8::3]"))).contains("line 6", "HOST:PORT");
        assertThat(refusal(PACK.replace("MTU", "Mtuu"))).contains("line 12", "unknown setting");
        assertThat(refusal(PACK + "[Peer]\n")).contains("second [Peer]");
        assertThat(refusal(PACK + "Endpoint = a:1\n")).contains("Endpoint is there twice");
    }

    @Test
    void refusesBadKeysWithoutRepeatingThem() {
        String broken = PRIVATE_KEY.substring(0, 42);
        List<String> reasons =
                List.of(
                        refusal(PACK.replace(PRIVATE_KEY, broken)),
                        refusal(PACK.replace(PRESHARED_KEY, "!" + broken)),
                        refusal(PACK.replace(GATEWAY, broken)));

        assertThat(reasons).allMatch(each -> each.contains("not 32 bytes in base64"));
        assertThat(reasons).noneMatch(each -> each.contains(broken));
    }

    @Test
    void refusesTheGatewaysOwnKeyAsTheClients() {
        String own = Identity.of(Secret.of(bytes(1))).publicKey().toString();

        assertThat(refusal(PACK.replace(GATEWAY, own))).contains("belong together");
    }

    @Test
    void leavesToWgQuickWhatOnlyWgQuickDoes() {
        String text = PACK.replace("MTU = 1420\n", "MTU = 1420\nDNS = 1.1.1.1\n");

        var reading = PackReader.read(text);

        assertThat(reading)
                .isInstanceOfSatisfying(
                        PackReader.Reading.Read.class,
                        read ->
                                assertThat(read.warnings())
                                        .containsExactly(
                                                "line 13: DNS is left to wg-quick, not done here"));
    }

    @Test
    void showsNoKey() {
        assertThat(pack(PACK).toString()).doesNotContain(PRIVATE_KEY, PRESHARED_KEY);
    }

    @Test
    void survivesEveryTruncationAndDamage() {
        for (int end = 0; end < PACK.length(); end++) {
            PackReader.read(PACK.substring(0, end));
        }
        Seeds.run(
                200,
                random -> {
                    var text = new StringBuilder(PACK);
                    for (int i = 0; i < 5; i++) {
                        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(300));
                    }
                    PackReader.read(text.toString());
                });
    }
}
