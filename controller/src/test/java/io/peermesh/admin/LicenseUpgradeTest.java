package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.ISSUER;
import static io.peermesh.admin.TestController.claims;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.license.LicenseClaims;
import io.peermesh.license.LicenseIssuer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenseUpgradeTest {
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

    private UpgradeView upgrade(int controllers, int clients) {
        return done(license.upgrade(ACTOR, ISSUER.issue(claims(controllers, clients))));
    }

    private static ParametersRequest addresses(String clients, String managers) {
        return new ParametersRequest(
                false,
                Optional.empty(),
                Optional.of(managers).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.of(clients).filter(text -> !text.isEmpty()),
                Optional.empty());
    }

    @Test
    void needsALicenseFirst() {
        assertThat(refused(license.upgrade(ACTOR, ISSUER.issue(claims(4, 5)))))
                .isEqualTo(Problem.UNLICENSED);
    }

    @Test
    void changesNothingBeforeItsAddressesAreAccepted() {
        controller.ready();
        String checksum = controller.checksum();

        UpgradeView view = upgrade(5, 8);

        assertThat(view.finalized()).isFalse();
        assertThat(view.newControllers()).isEqualTo(1);
        assertThat(view.newClients()).isEqualTo(3);
        assertThat(controller.checksum()).isEqualTo(checksum);
        LicenseView now = done(license.view());
        assertThat(now.finalized()).isTrue();
        assertThat(now.clients()).hasSize(5);
        assertThat(now.pendingUpgrade()).contains(view);
        assertThat(now.upgrades()).isEmpty();
    }

    @Test
    void continuesTheLayoutAndKeepsWhatIsThere() {
        controller.ready();
        LicenseView before = done(license.view());
        UpgradeView upgrade = upgrade(5, 8);

        LicenseView after = done(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));

        assertThat(after.clients().subList(0, 5)).isEqualTo(before.clients());
        assertThat(after.clients().subList(5, 8))
                .containsExactly(
                        IpAddress.literal("10.199.0.6"),
                        IpAddress.literal("10.199.0.7"),
                        IpAddress.literal("10.199.0.8"));
        assertThat(after.controllers().subList(0, 4)).isEqualTo(before.controllers());
        assertThat(after.controllers().get(4))
                .isEqualTo(new LicenseView.Controller(5, 65005, IpAddress.literal("10.199.0.249")));
        assertThat(after.upgrades()).containsExactly(upgrade.sha1());
        assertThat(after.pendingUpgrade()).isEmpty();
        assertThat(controller.mesh.plan().clients()).hasSize(8);
        assertThat(controller.mesh.plan().controllers()).hasSize(5);
    }

    @Test
    void takesTheAddressesThatAreGiven() {
        controller.ready();
        upgrade(5, 7);

        LicenseView after =
                done(
                        license.acceptParameters(
                                ACTOR, addresses("10.199.0.50-10.199.0.51", "10.199.0.100")));

        assertThat(after.clients().subList(5, 7))
                .containsExactly(
                        IpAddress.literal("10.199.0.50"), IpAddress.literal("10.199.0.51"));
        assertThat(after.controllers().get(4).overlayAddress()).hasToString("10.199.0.100");
    }

    @Test
    void refusesAddressesThatAreTakenTooManyOrOutside() {
        controller.ready();
        upgrade(4, 7);

        assertThat(fault("10.199.0.1")).contains("10.199.0.1 is given twice");
        assertThat(fault("10.199.0.253")).contains("10.199.0.253 is given twice");
        assertThat(fault("10.199.0.50-10.199.0.52")).contains("allows 7 clients, not 8");
        assertThat(fault("10.9.9.9")).contains("not a host address of the overlay subnet");
        assertThat(fault("nonsense")).contains("cannot be read");
        assertThat(done(license.view()).clients()).hasSize(5);
    }

    private String fault(String clients) {
        return refused(license.acceptParameters(ACTOR, addresses(clients, ""))).message();
    }

    @Test
    void cannotMoveTheOverlay() {
        controller.ready();
        upgrade(4, 7);
        var request =
                new ParametersRequest(
                        false,
                        Optional.of("10.200.0.0/24"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(refused(license.acceptParameters(ACTOR, request)).message())
                .startsWith("invalid subnet field: an upgrade cannot change it");
    }

    @Test
    void refusesALicenseThatDoesNotFit() {
        controller.ready();
        LicenseClaims present = claims(4, 5);

        assertThat(refusal(claims(3, 50))).contains("smaller than the present one");
        assertThat(refusal(claims(4, 4))).contains("smaller than the present one");
        assertThat(refusal(with(present, "other", present.overlay())))
                .contains("it is for topology other, this is lab");
        assertThat(refusal(with(present, "lab", Prefix.literal("10.200.0.0/24"))))
                .contains("overlay subnet is 10.200.0.0/24");
        assertThat(refused(license.upgrade(ACTOR, "nonsense")).message())
                .startsWith("Bad license: this is no Peermesh license");
        var stranger = LicenseIssuer.ephemeral(new SecureRandom());
        assertThat(refused(license.upgrade(ACTOR, stranger.issue(claims(5, 6)))).message())
                .contains("trusts only");
        assertThat(refusal(claims(5, 6, Optional.of(TestController.START)))).contains("expired");
        assertThat(done(license.view()).pendingUpgrade()).isEmpty();
    }

    private String refusal(LicenseClaims claims) {
        return refused(license.upgrade(ACTOR, ISSUER.issue(claims))).message();
    }

    private static LicenseClaims with(LicenseClaims claims, String topology, Prefix overlay) {
        return new LicenseClaims(
                new UUID(9, 9), topology, 5, 6, overlay, claims.issued(), claims.expires());
    }

    @Test
    void theSameTwiceIsTheSameOnce() {
        controller.ready();
        UpgradeView first = upgrade(5, 8);
        UpgradeView second = upgrade(5, 8);
        var request = addresses("10.199.0.50-10.199.0.52", "10.199.0.100");
        LicenseView accepted = done(license.acceptParameters(ACTOR, request));
        String checksum = controller.checksum();

        LicenseView again = done(license.acceptParameters(ACTOR, request));
        UpgradeView third = upgrade(5, 8);

        assertThat(second).isEqualTo(first);
        assertThat(again).isEqualTo(accepted);
        assertThat(third).isEqualTo(new UpgradeView(true, first.sha1(), 0, 0));
        assertThat(controller.checksum()).isEqualTo(checksum);
        assertThat(refused(license.acceptParameters(ACTOR, addresses("10.199.0.60", ""))).message())
                .startsWith("Other license parameters are accepted already");
    }

    @Test
    void aLaterExpiryAloneNeedsNoAddresses() {
        controller.ready();
        var later = TestController.START.plusSeconds(9_000);

        UpgradeView view =
                done(license.upgrade(ACTOR, ISSUER.issue(claims(4, 5, Optional.of(later)))));

        assertThat(view.finalized()).isTrue();
        assertThat(done(license.view()).expires()).contains(later);
        assertThat(done(license.view()).upgrades()).containsExactly(view.sha1());
    }

    @Test
    void survivesARestartInBetweenAndAfterwards() {
        controller.ready();
        UpgradeView view = upgrade(5, 8);
        controller.restart();
        LicenseAdmin again = controller.admin.license();
        assertThat(done(again.view()).pendingUpgrade()).contains(view);

        LicenseView accepted = done(again.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));
        controller.restart();

        assertThat(done(controller.admin.license().view())).isEqualTo(accepted);
    }

    @Test
    void controllersUpgradedAlikeHaveTheSameChecksum(@TempDir Path other) {
        var all = new HashMap<String, TestController>();
        try (var one = new TestController(directory.resolve("one"), "10.1.0.20", all);
                var two = new TestController(other, "10.1.0.21", all)) {
            one.ready();
            done(
                    two.admin
                            .keyset()
                            .start(ACTOR, TestController.fetch("10.1.0.20", TestController.TOKEN)));
            assertThat(two.checksum()).isEqualTo(one.checksum()).isNotEmpty();

            grow(one);
            assertThat(two.checksum()).isNotEqualTo(one.checksum());
            grow(two);

            assertThat(two.checksum()).isEqualTo(one.checksum());
        }
    }

    private static void grow(TestController controller) {
        LicenseAdmin license = controller.admin.license();
        done(license.upgrade(ACTOR, ISSUER.issue(claims(5, 8))));
        done(license.acceptParameters(ACTOR, ParametersRequest.DEFAULTS));
        assertThat(List.copyOf(done(license.view()).clients())).hasSize(8);
    }
}
