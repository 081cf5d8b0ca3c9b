package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.ISSUER;
import static io.peermesh.admin.TestController.TOKEN;
import static io.peermesh.admin.TestController.claims;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.fetch;
import static io.peermesh.admin.TestController.generate;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.license.LicenseIssuer;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetAdminTest {
    private final Map<String, TestController> network = new HashMap<>();
    @TempDir Path directory;
    private TestController source;
    private TestController other;

    @BeforeEach
    void start() {
        source = new TestController(directory.resolve("1"), "10.1.0.11", network);
        other = new TestController(directory.resolve("2"), "10.1.0.12", network);
    }

    @AfterEach
    void stop() {
        source.close();
        other.close();
    }

    @Test
    void wantsALicenseBeforeItGenerates() {
        assertThat(refused(source.admin.keyset().view())).isEqualTo(Problem.UNLICENSED);
        assertThat(refused(source.admin.keyset().start(ACTOR, generate(TOKEN))))
                .isEqualTo(Problem.UNLICENSED);
        done(source.admin.license().upload(ACTOR, ISSUER.issue(claims(1, 1))));
        assertThat(refused(source.admin.keyset().view())).isEqualTo(Problem.UNLICENSED);
    }

    @Test
    void isAbsentAfterTheLicense() {
        source.license();

        KeysetView view = done(source.admin.keyset().view());

        assertThat(view.present()).isFalse();
        assertThat(view.inProgress()).isFalse();
        assertThat(view.failure()).isEmpty();
    }

    @Test
    void generatesInTheBackground() {
        source.license();
        source.holdBack = true;

        KeysetView started = done(source.admin.keyset().start(ACTOR, generate(TOKEN)));

        assertThat(started.inProgress()).isTrue();
        assertThat(started.present()).isFalse();
        assertThat(started.startedAt()).contains(TestController.START);
        source.now = source.now.plusSeconds(3);
        assertThat(done(source.admin.keyset().view()).runningSeconds()).isEqualTo(3);
        assertThat(refused(source.admin.keyset().start(ACTOR, generate(TOKEN))).message())
                .isEqualTo("Keyset setup in progress.");

        source.release();
        KeysetView view = done(source.admin.keyset().view());
        assertThat(view.present()).isTrue();
        assertThat(view.inProgress()).isFalse();
        assertThat(view.checksum().orElseThrow()).matches("[0-9a-f]{40}");
        assertThat(view.uuid()).isPresent();
        assertThat(view.createdAt()).contains(source.now);
        assertThat(refused(source.admin.keyset().start(ACTOR, generate(TOKEN))).message())
                .isEqualTo("Keyset already exists.");
        assertThat(source.events()).contains("keyset_generated");
        assertThat(source.restarts).hasSize(1); // of the license only
    }

    @Test
    void checksTheToken() {
        source.license();

        assertThat(
                        refused(
                                        source.admin
                                                .keyset()
                                                .start(
                                                        ACTOR,
                                                        new KeysetRequest(
                                                                Optional.empty(),
                                                                Optional.empty(),
                                                                Optional.empty())))
                                .message())
                .isEqualTo("token is missing");
        assertThat(refused(source.admin.keyset().start(ACTOR, generate("elevenchars"))).message())
                .startsWith("token is too short");
    }

    @Test
    void namesTheTopologyWhenAsked() {
        source.license();

        done(
                source.admin
                        .keyset()
                        .start(
                                ACTOR,
                                new KeysetRequest(
                                        Optional.of(TOKEN),
                                        Optional.empty(),
                                        Optional.of("prod"))));

        assertThat(source.admin.config().view().topologyName()).isEqualTo("prod");
    }

    @Test
    void fetchesEverythingOntoAnUnlicensedController() {
        source.keyset();
        done(
                source.admin
                        .config()
                        .change(
                                ACTOR,
                                new ConfigChange(
                                        Optional.of("prod"), Optional.empty(), Optional.empty())));
        done(source.admin.clientpacks().putTag(ACTOR, "10.199.0.1", "role", "web"));
        other.holdBack = true;

        KeysetView started = done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        assertThat(started.inProgress()).isTrue();
        assertThat(refused(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN))).message())
                .isEqualTo("Keyset setup in progress.");
        assertThat(done(other.admin.keyset().view()).inProgress()).isTrue();
        other.release();

        KeysetView view = done(other.admin.keyset().view());
        assertThat(view.present()).isTrue();
        assertThat(view.checksum()).isEqualTo(done(source.admin.keyset().view()).checksum());
        assertThat(other.checksum()).isEqualTo(source.checksum()).matches("[0-9a-f]{40}");
        assertThat(other.admin.config().view().licensed()).isTrue();
        assertThat(other.admin.config().view().topologyName()).isEqualTo("prod");
        assertThat(done(other.admin.license().view()).controllers())
                .isEqualTo(done(source.admin.license().view()).controllers());
        assertThat(refused(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN))).message())
                .isEqualTo("Keyset already exists.");
        assertThat(other.restarts).containsExactly("keyset fetched");
        assertThat(other.events()).contains("keyset_fetched");
        assertThat(source.events()).contains("keyset_handed_out");
    }

    @Test
    void signalsTheRestartBeforeTheKeysetIsVisible() {
        source.keyset();
        var seen = new ArrayList<Boolean>();
        other.onRestart =
                () -> {
                    seen.add(done(other.admin.keyset().view()).inProgress());
                    seen.add(other.admin.config().view().licensed());
                };

        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));

        assertThat(seen).containsExactly(true, false);
    }

    @Test
    void handsOutWhatItHasFetched() {
        source.keyset();
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        try (var third = new TestController(directory.resolve("3"), "10.1.0.13", network)) {

            done(third.admin.keyset().start(ACTOR, fetch("10.1.0.12:8000", TOKEN)));

            assertThat(third.checksum()).isEqualTo(source.checksum());
        }
    }

    @Test
    void saysWhyAFetchFailed() {
        assertFetchFails("10.1.0.11", TOKEN, "no-keyset", "10.1.0.11:8000 has no keyset");
        source.keyset();
        assertFetchFails("10.1.0.99", TOKEN, "unreachable", "10.1.0.99:8000 cannot be reached");
        assertFetchFails(
                "10.1.0.11", "the wrong token", "refused-token", "refused the security token");
        assertThat(source.events()).contains("keyset_refused");
        assertThat(other.events()).contains("keyset_failed");
        assertThat(other.restarts).isEmpty();
        assertThat(other.admin.config().view().licensed()).isFalse();
    }

    private void assertFetchFails(String address, String token, String reason, String text) {
        done(other.admin.keyset().start(ACTOR, fetch(address, token)));

        KeysetView view = done(other.admin.keyset().view());
        assertThat(view.present()).isFalse();
        assertThat(view.inProgress()).isFalse();
        assertThat(view.failure().orElseThrow().reason()).isEqualTo(reason);
        assertThat(view.failure().orElseThrow().text()).contains(text);
    }

    @Test
    void everyAttemptStartsAtAnotherSecond() {
        var starts = new ArrayList<Long>();
        for (int i = 0; i < 5; i++) {
            starts.add(
                    done(other.admin.keyset().start(ACTOR, fetch("10.1.0.99", TOKEN)))
                            .startedAt()
                            .orElseThrow()
                            .getEpochSecond());
            if (i == 2) {
                other.restart();
            }
        }

        assertThat(starts).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aFailureIsForgottenOnceTheKeysetIsThere() {
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        source.keyset();
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));

        assertThat(done(other.admin.keyset().view()).failure()).isEmpty();
    }

    @Test
    void refusesASourceThatIsNone() {
        assertThat(refused(other.admin.keyset().start(ACTOR, fetch("a b", TOKEN))).message())
                .startsWith("source is invalid: a b");
        assertThat(refused(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", ""))).message())
                .isEqualTo("token is missing");
    }

    @Test
    void anAttemptThatARestartCutsShortLeavesNothingButItsReason() {
        source.keyset();
        other.holdBack = true;
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));

        other.restart();

        KeysetView view = done(other.admin.keyset().view());
        assertThat(view.present()).isFalse();
        assertThat(view.inProgress()).isFalse();
        assertThat(view.failure().orElseThrow().reason()).isEqualTo("interrupted");
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        assertThat(other.checksum()).isEqualTo(source.checksum());
    }

    @Test
    void keepsTheKeysetAcrossARestart() {
        source.keyset();
        String checksum = source.checksum();

        source.restart();

        assertThat(source.checksum()).isEqualTo(checksum);
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        assertThat(other.checksum()).isEqualTo(checksum);
    }

    @Test
    void refusesATopologyOfAnotherIssuer() {
        source.keyset();
        LicenseIssuer stranger = LicenseIssuer.ephemeral(new SecureRandom());
        done(other.admin.license().upload(ACTOR, stranger.issue(claims(2, 2))));

        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));

        assertThat(done(other.admin.keyset().view()).failure().orElseThrow().reason())
                .isEqualTo("license");
        assertThat(other.restarts).isEmpty();
    }

    @Test
    void refusesToJoinATopologyWhoseLicenseHasExpired() {
        source.license(claims(4, 5, Optional.of(TestController.START.plusSeconds(100))));
        done(source.admin.keyset().start(ACTOR, generate(TOKEN)));
        source.now = source.now.plusSeconds(100);
        other.now = source.now;

        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));

        assertThat(done(other.admin.keyset().view()).failure().orElseThrow().text())
                .contains("its license expired on");
    }

    @Test
    void changesOnEitherSideChangeTheChecksumUntilTheMeshHasCarriedThemOver() {
        source.ready();
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        done(other.admin.peering().assignSelf(ACTOR, 2));
        assertThat(other.checksum()).isEqualTo(source.checksum());

        done(other.admin.clientpacks().putTag(ACTOR, "10_199_0_1", "role", "web"));
        done(source.admin.clientpacks().change(ACTOR, "10.199.0.2", disable()));
        assertThat(other.checksum()).isNotEqualTo(source.checksum());
        carryOver(source, other);
        carryOver(other, source);

        assertThat(other.checksum()).isEqualTo(source.checksum());
        assertThat(done(source.admin.clientpacks().find("10.199.0.1")).tags())
                .containsEntry("role", "web");
        assertThat(done(other.admin.clientpacks().find("10.199.0.2")).enabled()).isFalse();
        assertThat(other.mesh.plan().topologyChecksum())
                .isEqualTo(source.mesh.plan().topologyChecksum());
    }

    @Test
    void concurrentChangesOfOneFieldEndEqualAndOnTheSafeSide() {
        source.ready();
        done(other.admin.keyset().start(ACTOR, fetch("10.1.0.11", TOKEN)));
        done(other.admin.peering().assignSelf(ACTOR, 2));
        done(source.admin.clientpacks().change(ACTOR, "10.199.0.2", disable()));
        carryOver(source, other);
        done(source.admin.clientpacks().change(ACTOR, "10.199.0.2", enable()));
        carryOver(source, other);

        // both at counter 3: one disables, the other one only repeats what is so
        done(other.admin.clientpacks().change(ACTOR, "10.199.0.2", disable()));
        done(source.admin.clientpacks().change(ACTOR, "10.199.0.2", enable()));
        carryOver(source, other);
        carryOver(other, source);

        assertThat(done(source.admin.clientpacks().find("10.199.0.2")).enabled()).isFalse();
        assertThat(other.checksum()).isEqualTo(source.checksum());
    }

    private static PackChange disable() {
        return new PackChange(Optional.of(false), Optional.empty(), false);
    }

    private static PackChange enable() {
        return new PackChange(Optional.of(true), Optional.empty(), false);
    }

    /** What the links do: the newer entries of one are reported to the other. */
    private static void carryOver(TestController from, TestController to) {
        List<SharedEntry> entries = from.mesh.plan().shared();
        to.admin.onReport(new Report.SharedChanged(entries));
    }
}
