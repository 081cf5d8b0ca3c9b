package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.ISSUER;
import static io.peermesh.admin.TestController.claims;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.license.LicenseIssuer;
import io.peermesh.store.Store;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenseAdminTest {
    private final LicenseIssuer stranger = LicenseIssuer.ephemeral(new SecureRandom());
    @TempDir Path directory;
    private TestController controller;
    private LicenseAdmin license;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        license = controller.admin.license();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void isUnlicensedAtFirst() {
        assertThat(refused(license.view()))
                .isEqualTo(new Problem(Problem.Kind.PREREQUISITE, "Must be licensed first."));
        assertThat(refused(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS)).message())
                .isEqualTo("Must be licensed first.");
        assertThat(controller.restarts).isEmpty();
    }

    @Test
    void showsTheDefaultTopologyAfterTheUpload() {
        LicenseView view = done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        assertThat(view.finalized()).isFalse();
        assertThat(view.customAddressing()).isFalse();
        assertThat(view.topologyName()).isEqualTo("lab");
        assertThat(view.controllers()).hasSize(4);
        assertThat(view.controllers().getFirst())
                .isEqualTo(new LicenseView.Controller(1, 65001, IpAddress.literal("10.199.0.253")));
        assertThat(view.clients()).hasSize(5);
        assertThat(view.virtualAddress()).hasToString("10.199.0.254");
        assertThat(view.issuer()).isEqualTo(ISSUER.fingerprint());
        assertThat(view.uploadedAt()).isEqualTo(TestController.START);
        assertThat(controller.admin.config().view().licensed()).isFalse();
    }

    @Test
    void isLicensedAfterTheParametersAndSignalsTheRestart() {
        controller.license();

        assertThat(done(license.view()).finalized()).isTrue();
        assertThat(controller.admin.config().view().licensed()).isTrue();
        assertThat(controller.restarts).containsExactly("license parameters accepted");
    }

    @Test
    void repeatsChangeNothing() {
        controller.license();
        LicenseView before = done(license.view());
        controller.now = controller.now.plusSeconds(5);

        done(license.upload(ACTOR, " " + ISSUER.issue(claims(4, 5)).replace("\n", "\r\n") + "\n"));
        LicenseView after = done(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));

        assertThat(after).isEqualTo(before);
        assertThat(controller.restarts).hasSize(2);
    }

    @Test
    void keepsTheLicenseAcrossARestart() {
        controller.license();
        LicenseView before = done(license.view());

        controller.restart();

        assertThat(done(controller.admin.license().view())).isEqualTo(before);
    }

    @Test
    void refusesWhatIsNoLicense() {
        Problem problem = refused(license.upload(ACTOR, "any text file"));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.ARGUMENT);
        assertThat(problem.message()).startsWith("Bad license: this is no Peermesh license");
    }

    @Test
    void refusesAnExpiredLicense() {
        String text = ISSUER.issue(claims(1, 1, Optional.of(TestController.START)));

        assertThat(refused(license.upload(ACTOR, text)).message())
                .isEqualTo("Bad license: it expired on 2026-03-01T10:20:30Z");
    }

    @Test
    void refusesParametersOfALicenseThatExpiredMeanwhile() {
        done(
                license.upload(
                        ACTOR,
                        ISSUER.issue(
                                claims(1, 1, Optional.of(TestController.START.plusSeconds(10))))));
        controller.now = TestController.START.plusSeconds(10);

        Problem problem = refused(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.PREREQUISITE);
        assertThat(problem.message()).startsWith("The license expired on 2026-03-01T10:20:40Z.");
        assertThat(controller.restarts).isEmpty();
    }

    @Test
    void trustsOnlyTheIssuerOfItsFirstLicense() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        Problem problem = refused(license.upload(ACTOR, stranger.issue(claims(4, 5))));

        assertThat(problem.message())
                .startsWith("Bad license: it was issued with the key " + stranger.fingerprint())
                .contains(ISSUER.fingerprint(), "peermesh license repin");
    }

    @Test
    void takesAnotherLicenseOfItsIssuerUntilTheParametersAreAccepted() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));
        assertThat(done(license.upload(ACTOR, ISSUER.issue(claims(2, 3)))).controllers())
                .hasSize(2);
        done(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));

        assertThat(refused(license.upload(ACTOR, ISSUER.issue(claims(4, 5)))).message())
                .isEqualTo(
                        "A license is accepted already; its parameters are final. A larger one is"
                                + " an upgrade: PUT /license/upgrade.");
    }

    @Test
    void replacesTheIssuerOnlyFromALocalShell() {
        controller.license();
        String text = stranger.issue(claims(4, 5));

        assertThat(refused(license.repin(ACTOR, text)).kind()).isEqualTo(Problem.Kind.PREREQUISITE);
        LicenseView view = done(license.repin(Actor.LOCAL, text));

        assertThat(view.issuer()).isEqualTo(stranger.fingerprint());
        assertThat(view.finalized()).isTrue();
        assertThat(controller.admin.audit().recent(1).getFirst().action())
                .isEqualTo("repin-license");
    }

    @Test
    void aRunningControllerTakesInWhatALocalShellHasReplaced() {
        controller.ready();
        String before = controller.checksum();
        try (Store beside = Store.openBeside(directory)) {
            done(
                    TestController.shell(beside)
                            .license()
                            .repin(Actor.LOCAL, stranger.issue(claims(4, 5))));
        }

        assertThat(done(license.view()).issuer()).isEqualTo(stranger.fingerprint());
        assertThat(controller.checksum()).isNotEqualTo(before);
        assertThat(controller.mesh.plan().topologyChecksum()).isEqualTo(controller.checksum());
    }

    @Test
    void refusesToReplaceTheIssuerWithALicenseThatIsTooSmall() {
        controller.license();

        assertThat(refused(license.repin(Actor.LOCAL, stranger.issue(claims(3, 5)))).message())
                .contains("the license allows 3 controllers, not 4");
        assertThat(refused(license.repin(Actor.LOCAL, stranger.issue(claims(4, 4)))).message())
                .contains("the license allows 4 clients, not 5");
    }

    @Test
    void takesCustomParameters() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        LicenseView view =
                done(
                        license.acceptParameters(
                                ACTOR,
                                custom(
                                        "172.31.1.0/24",
                                        "172.31.1.250 172.31.1.249, 172.31.1.246",
                                        "64512 64513 64514",
                                        "172.31.1.1-172.31.1.3,172.31.1.9",
                                        "172.31.1.253")));

        assertThat(view.customAddressing()).isTrue();
        assertThat(view.overlay()).hasToString("172.31.1.0/24");
        assertThat(view.controllers())
                .extracting(each -> each.id() + " " + each.asn() + " " + each.overlayAddress())
                .containsExactly(
                        "1 64512 172.31.1.250", "2 64513 172.31.1.249", "3 64514 172.31.1.246");
        assertThat(view.clients()).hasSize(4);
        assertThat(view.virtualAddress()).hasToString("172.31.1.253");
    }

    @Test
    void laysOutWhatIsNotGivenInTheGivenSubnet() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        LicenseView view =
                done(license.acceptParameters(ACTOR, custom("172.31.1.0/24", "", "", "", "")));

        assertThat(view.controllers()).hasSize(4);
        assertThat(view.clients().getFirst()).hasToString("172.31.1.1");
        assertThat(view.virtualAddress()).hasToString("172.31.1.254");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        assertFault("invalid subnet field", "172.31.1.1/24", "", "", "", "");
        assertFault("invalid subnet field", "nonsense", "", "", "", "");
        assertFault("invalid subnet field", "2001:db8::/64", "", "", "", "");
        assertFault("invalid subnet field", "127.0.0.0/24", "", "", "", "");
        assertFault("invalid managers field", "172.31.1.0/24", "10.0.0.1", "", "", "");
        assertFault("invalid managers field", "172.31.1.0/24", "x", "", "", "");
        assertFault(
                "invalid managers field: the license allows 4 controllers, not 5",
                "172.31.1.0/24",
                "172.31.1.1 172.31.1.2 172.31.1.3 172.31.1.4 172.31.1.5",
                "",
                "",
                "");
        assertFault("invalid asns field", "172.31.1.0/24", "172.31.1.9", "1 2", "", "");
        assertFault("invalid asns field", "172.31.1.0/24", "172.31.1.9", "4294967295", "", "");
        assertFault(
                "invalid clients field: the license allows 5 clients, not 6",
                "172.31.1.0/24",
                "",
                "",
                "172.31.1.1-172.31.1.6",
                "");
        assertFault("invalid clients field", "172.31.1.0/24", "", "", "172.31.1.9-172.31.1.1", "");
        assertFault("invalid my_manager_vip field", "172.31.1.0/24", "", "", "", "172.31.1.255");
        assertFault(
                "the overlay subnet 172.31.1.0/29 has 6 addresses",
                "172.31.1.0/29",
                "",
                "",
                "",
                "");
        assertThat(controller.restarts).isEmpty();
    }

    @Test
    void refusesAnOverlayThatContainsItsOwnUnderlayAddress() {
        done(license.upload(ACTOR, ISSUER.issue(claims(4, 5))));

        assertFault(
                "invalid subnet field: the overlay subnet 10.1.0.0/24 contains",
                "10.1.0.0/24",
                "",
                "",
                "",
                "");
    }

    @Test
    void acceptedParametersAreFinal() {
        controller.license();

        assertThat(
                        refused(
                                        license.acceptParameters(
                                                ACTOR, custom("172.31.1.0/24", "", "", "", "")))
                                .message())
                .startsWith("Other license parameters are accepted already");
    }

    private void assertFault(
            String message,
            String subnet,
            String managers,
            String asns,
            String clients,
            String vip) {
        Problem problem =
                refused(
                        license.acceptParameters(
                                ACTOR, custom(subnet, managers, asns, clients, vip)));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.ARGUMENT);
        assertThat(problem.message()).startsWith(message);
    }

    private static ParametersRequest custom(
            String subnet, String managers, String asns, String clients, String vip) {
        return new ParametersRequest(
                false, given(subnet), given(managers), given(asns), given(clients), given(vip));
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
