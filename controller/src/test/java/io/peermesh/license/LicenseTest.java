package io.peermesh.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.ip.Prefix;
import io.peermesh.license.License.Parsed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenseTest {
    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");

    private final LicenseIssuer issuer = LicenseIssuer.ephemeral(new SecureRandom());
    @TempDir Path temporary;

    @Test
    void readsWhatWasIssued() {
        var claims = claims(4, 25, "10.199.0.0/24", Optional.of(ISSUED.plusSeconds(60)));

        License license = good(issuer.issue(claims));

        assertThat(license.claims()).isEqualTo(claims);
        assertThat(license.issuer()).isEqualTo(issuer.fingerprint()).matches("[0-9a-f]{40}");
        assertThat(license.sha1()).matches("[0-9a-f]{40}");
    }

    @Test
    void minusAllWhiteSpaceItIsTheSameLicense() {
        String file = issuer.issue(claims(1, 1, "10.199.0.0/24", Optional.empty()));

        assertThat(good(file.replaceAll("\\s", ""))).isEqualTo(good(file));
        assertThat(good("\r\n \t" + file.replace("\n", " \r\n\r\n  ") + "\n\n"))
                .isEqualTo(good(file));
    }

    @Test
    void refusesAnythingElse() {
        assertThat(bad("")).contains("no Peermesh license");
        assertThat(bad("hello")).contains("no Peermesh license");
        assertThat(bad("-----BEGIN PEERMESH LICENSE-----\n-----END PEERMESH LICENSE-----"))
                .contains("no Peermesh license");
        assertThat(bad("x".repeat(License.MAX_CHARACTERS + 1))).contains("longer");
    }

    @Test
    void refusesAnUnsignedLicense() {
        String file = issuer.issue(claims(1, 1, "10.199.0.0/24", Optional.empty()));
        int signature = file.lastIndexOf("\n.\n") + 3;

        String unsigned = file.substring(0, signature) + file.substring(file.indexOf("\n-----END"));

        assertThat(bad(unsigned)).contains("not signed");
    }

    @Test
    void refusesClaimsThatWereChanged() {
        String file = issuer.issue(claims(1, 1, "10.199.0.0/24", Optional.empty()));
        String[] lines = file.replaceAll("\\s", "").split("-----|\\.", -1);
        String more =
                new String(
                                Base64.getDecoder().decode(lines[2]),
                                java.nio.charset.StandardCharsets.UTF_8)
                        .replace("\"controllers\":1", "\"controllers\":9");

        String changed =
                "-----BEGIN PEERMESH LICENSE-----"
                        + Base64.getEncoder()
                                .encodeToString(
                                        more.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        + "."
                        + lines[3]
                        + "."
                        + lines[4]
                        + "-----END PEERMESH LICENSE-----";

        assertThat(bad(changed)).contains("signature does not fit");
    }

    @Test
    void survivesEveryTruncationAndEveryFlippedCharacter() {
        String file = issuer.issue(claims(2, 5, "10.199.0.0/24", Optional.empty()));
        String text = file.replaceAll("\\s", "");
        License license = good(text);

        for (int i = 0; i < text.length(); i++) {
            bad(text.substring(0, i));
            String flipped =
                    text.substring(0, i)
                            + (text.charAt(i) == 'A' ? 'B' : 'A')
                            + text.substring(i + 1);
            // the unused low bits of a last base64 digit may change without a change of the bytes
            if (License.parse(flipped) instanceof Parsed.Good(License same)) {
                assertThat(same.claims()).isEqualTo(license.claims());
            }
        }
    }

    @Test
    void survivesRandomBytes() {
        long seed = Long.getLong("seed", 1);
        var random = new Random(seed);

        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            String body = Base64.getEncoder().encodeToString(bytes);
            String file =
                    "-----BEGIN PEERMESH LICENSE-----"
                            + body
                            + "."
                            + body
                            + "."
                            + body
                            + "-----END PEERMESH LICENSE-----";

            assertThat(License.parse(file)).as("seed " + seed).isInstanceOf(Parsed.Bad.class);
            assertThat(
                            AddressingText.parse(
                                    new String(
                                            bytes, java.nio.charset.StandardCharsets.ISO_8859_1)))
                    .as("seed " + seed)
                    .isEmpty();
        }
    }

    @Test
    void refusesALicenseThatIsLargerThanAllowed() {
        assertThat(claims(11, 1, "10.199.0.0/24", Optional.empty()).fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("1 to 10 controllers, not 11"));
        assertThat(claims(0, 1, "10.199.0.0/24", Optional.empty()).fault()).isPresent();
        assertThat(claims(1, 60_001, "10.0.0.0/8", Optional.empty()).fault()).isPresent();
        assertThat(claims(1, -1, "10.199.0.0/24", Optional.empty()).fault()).isPresent();
    }

    @Test
    void refusesASubnetThatIsTooSmall() {
        // /26: 62 addresses; 4 controllers, the virtual address and 57 clients fill it
        assertThat(claims(4, 57, "10.199.0.0/26", Optional.empty()).fault()).isEmpty();
        assertThat(claims(4, 58, "10.199.0.0/26", Optional.empty()).fault())
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("too few for 4 controllers"));
    }

    @Test
    void refusesReservedSubnets() {
        for (String subnet :
                new String[] {"127.0.0.0/24", "224.0.0.0/24", "0.0.0.0/8", "2001:db8::/64"}) {
            assertThat(claims(1, 1, subnet, Optional.empty()).fault()).as(subnet).isPresent();
        }
    }

    @Test
    void issuesNothingThatIsFaulty() {
        assertThatThrownBy(() -> issuer.issue(claims(11, 1, "10.0.0.0/8", Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void expiresAtTheInstantItNames() {
        var claims = claims(1, 1, "10.199.0.0/24", Optional.of(ISSUED));

        assertThat(claims.isExpired(ISSUED.minusMillis(1))).isFalse();
        assertThat(claims.isExpired(ISSUED)).isTrue();
        assertThat(claims(1, 1, "10.199.0.0/24", Optional.empty()).isExpired(Instant.MAX))
                .isFalse();
    }

    @Test
    void keepsTheIssuerKeyFromItsFirstUseOn() throws Exception {
        Path file = temporary.resolve("config").resolve("issuer.key");

        String first = LicenseIssuer.open(file, new SecureRandom()).fingerprint();
        String second = LicenseIssuer.open(file, new SecureRandom()).fingerprint();

        assertThat(second).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesADamagedIssuerKeyInsteadOfReplacingIt() throws Exception {
        Path file = Files.writeString(temporary.resolve("issuer.key"), "rubbish");

        assertThatThrownBy(() -> LicenseIssuer.open(file, new SecureRandom()))
                .isInstanceOf(IssuerKeyException.class)
                .hasMessageContaining("is no issuer key");
        assertThat(Files.readString(file)).isEqualTo("rubbish");
    }

    @Test
    void refusesAnIssuerKeyOfTwoHalvesThatDoNotFit() throws Exception {
        String other = LicenseIssuer.ephemeral(new SecureRandom()).keyText();
        String mixed =
                issuer.keyText().substring(0, issuer.keyText().indexOf("-----BEGIN PUBLIC"))
                        + other.substring(other.indexOf("-----BEGIN PUBLIC"));
        Path file = Files.writeString(temporary.resolve("issuer.key"), mixed);

        assertThatThrownBy(() -> LicenseIssuer.open(file, new SecureRandom()))
                .isInstanceOf(IssuerKeyException.class);
    }

    private static License good(String text) {
        return switch (License.parse(text)) {
            case Parsed.Good(License license) -> license;
            case Parsed.Bad(String reason) -> throw new AssertionError(reason);
        };
    }

    private static String bad(String text) {
        return switch (License.parse(text)) {
            case Parsed.Good(License license) -> throw new AssertionError("accepted " + license);
            case Parsed.Bad(String reason) -> reason;
        };
    }

    private static LicenseClaims claims(
            int controllers, int clients, String overlay, Optional<Instant> expires) {
        return new LicenseClaims(
                new UUID(1, 2),
                "lab",
                controllers,
                clients,
                Prefix.literal(overlay),
                ISSUED,
                expires);
    }
}
