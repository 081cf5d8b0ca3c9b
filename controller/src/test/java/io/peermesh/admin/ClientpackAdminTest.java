package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.done;
import static io.peermesh.admin.TestController.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Desired;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientpackAdminTest {
    private static final Optional<Boolean> SAME = Optional.empty();

    @TempDir Path directory;
    private TestController controller;
    private ClientpackAdmin packs;

    @BeforeEach
    void start() {
        controller = new TestController(directory);
        controller.ready();
        packs = controller.admin.clientpacks();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void listsAPackForEveryLicensedClient() {
        List<PackView> all = done(packs.list());

        assertThat(all)
                .extracting(pack -> pack.sequentialId() + " " + pack.name())
                .containsExactly(
                        "1 10_199_0_1",
                        "2 10_199_0_2",
                        "3 10_199_0_3",
                        "4 10_199_0_4",
                        "5 10_199_0_5");
        assertThat(all.getFirst().enabled()).isTrue();
        assertThat(all.getFirst().checkedOut()).isFalse();
        assertThat(all.getFirst().connected()).isFalse();
        assertThat(all.getFirst().confSha1()).matches("[0-9a-f]{40}");
    }

    @Test
    void findsPacksByEitherForm() {
        assertThat(done(packs.find("10_199_0_2"))).isEqualTo(done(packs.find("10.199.0.2")));
        for (String name : List.of("", "10.199.0.9", "10.199.0.253", "x", "10_199_0_2.conf")) {
            assertThat(refused(packs.find(name)).message())
                    .as(name)
                    .startsWith("unknown clientpack");
        }
    }

    @Test
    void wantsAKeysetFirst() {
        try (var fresh = new TestController(directory.resolve("fresh"))) {
            assertThat(refused(fresh.admin.clientpacks().list())).isEqualTo(Problem.UNLICENSED);
            fresh.license();
            assertThat(refused(fresh.admin.clientpacks().find("10.199.0.1")).kind())
                    .isEqualTo(Problem.Kind.PREREQUISITE);
        }
    }

    @Test
    void aDisabledPackLeavesThePlan() {
        done(packs.change(ACTOR, "10.199.0.2", new PackChange(Optional.of(false), SAME, false)));

        assertThat(controller.mesh.plan().clients())
                .extracting(Desired.Client::sequentialId)
                .containsExactly(1, 3, 4, 5);
        assertThat(refused(packs.download(ACTOR, "10.199.0.2")).message())
                .isEqualTo("clientpack 10_199_0_2 is disabled; enable it first");
    }

    @Test
    void repeatedChangesLeaveTheChecksumAlone() {
        var disable = new PackChange(Optional.of(false), Optional.of(true), false);
        String before = controller.checksum();
        done(packs.change(ACTOR, "10.199.0.2", disable));
        String after = controller.checksum();

        done(packs.change(ACTOR, "10.199.0.2", disable));

        assertThat(after).isNotEqualTo(before);
        assertThat(controller.checksum()).isEqualTo(after);
    }

    @Test
    void enablingWhatIsEnabledWritesNothing() {
        String before = controller.checksum();

        done(
                packs.change(
                        ACTOR,
                        "10.199.0.2",
                        new PackChange(Optional.of(true), Optional.of(false), false)));

        assertThat(controller.checksum()).isEqualTo(before);
    }

    @Test
    void aRegeneratedPackHasNewKeys() {
        String before = done(packs.download(ACTOR, "10.199.0.2")).text();

        PackView view = done(packs.change(ACTOR, "10.199.0.2", new PackChange(SAME, SAME, true)));

        assertThat(view.generation()).isEqualTo(2);
        assertThat(view.outdated()).isTrue();
        assertThat(controller.mesh.plan().clients().get(1).packGeneration()).isEqualTo(2);
        String after = done(packs.download(ACTOR, "10.199.0.2")).text();
        assertThat(line(after, "PrivateKey")).isNotEqualTo(line(before, "PrivateKey"));
        assertThat(line(after, "PresharedKey")).isNotEqualTo(line(before, "PresharedKey"));
        assertThat(line(after, "PublicKey")).isEqualTo(line(before, "PublicKey"));
        assertThat(done(packs.find("10.199.0.2")).outdated()).isFalse();
    }

    @Test
    void tenRegenerationsCountToEleven() {
        for (int i = 0; i < 10; i++) {
            done(packs.change(ACTOR, "10.199.0.2", new PackChange(SAME, SAME, true)));
        }

        assertThat(done(packs.find("10.199.0.2")).generation()).isEqualTo(11);
    }

    @Test
    void changesAllAtOnce() {
        done(packs.change(ACTOR, "10.199.0.2", new PackChange(Optional.of(false), SAME, false)));

        assertThat(done(packs.changeAll(ACTOR, Optional.of(false), Optional.of(true))))
                .isEqualTo(5);
        assertThat(done(packs.list())).noneMatch(PackView::enabled).allMatch(PackView::checkedOut);
        assertThat(done(packs.changeAll(ACTOR, Optional.of(false), SAME))).isZero();
    }

    @Test
    void checksOutTheLowestFreePack() {
        done(packs.change(ACTOR, "10.199.0.1", new PackChange(Optional.of(false), SAME, false)));
        done(packs.change(ACTOR, "10.199.0.2", new PackChange(SAME, Optional.of(true), false)));

        PackView next = done(packs.checkOutNext(ACTOR, Optional.empty(), Optional.empty(), false));

        assertThat(next.name()).isEqualTo("10_199_0_3");
        assertThat(next.checkedOut()).isTrue();
        assertThat(done(packs.checkOutNext(ACTOR, Optional.empty(), Optional.empty(), true)).name())
                .isEqualTo("10_199_0_1");
    }

    @Test
    void checksOutWithinBounds() {
        assertThat(
                        done(packs.checkOutNext(
                                        ACTOR,
                                        Optional.of("10.199.0.4"),
                                        Optional.of("10.199.0.4"),
                                        false))
                                .name())
                .isEqualTo("10_199_0_4");
        assertThat(
                        refused(
                                        packs.checkOutNext(
                                                ACTOR,
                                                Optional.of("10.199.0.4"),
                                                Optional.of("10.199.0.4"),
                                                false))
                                .message())
                .isEqualTo("no clientpack is free; enable one or undo a check-out");
        assertThat(
                        refused(
                                        packs.checkOutNext(
                                                ACTOR, Optional.of("x"), Optional.empty(), false))
                                .message())
                .startsWith("low_ip is invalid");
    }

    @Test
    void givesNoPackToTwoCallers() throws InterruptedException {
        Set<String> names = Collections.synchronizedSet(new HashSet<>());
        Runnable call =
                () ->
                        names.add(
                                done(packs.checkOutNext(
                                                ACTOR, Optional.empty(), Optional.empty(), false))
                                        .name());
        List<Thread> callers =
                IntStream.range(0, 5).mapToObj(_ -> Thread.ofVirtual().start(call)).toList();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(names).hasSize(5);
    }

    @Test
    void keepsTagsUntilTheyAreRemoved() {
        done(packs.putTag(ACTOR, "10.199.0.1", "role", "web"));
        assertThat(done(packs.putTag(ACTOR, "10.199.0.1", "data-center", "")))
                .isEqualTo(Map.of("role", "web", "data-center", ""));
        controller.restart();
        packs = controller.admin.clientpacks();

        assertThat(done(packs.removeTag(ACTOR, "10.199.0.1", "role")))
                .isEqualTo(Map.of("data-center", ""));
        assertThat(done(packs.removeTag(ACTOR, "10.199.0.1", "role"))).hasSize(1);
        assertThat(done(packs.putTag(ACTOR, "10.199.0.1", "role", "db")))
                .containsEntry("role", "db");
    }

    @Test
    void refusesBadTags() {
        for (String key : List.of("", "Role", "a b", "-a", "a/b", "a__b", "ä", "a".repeat(65))) {
            assertThat(refused(packs.putTag(ACTOR, "10.199.0.1", key, "v")).message())
                    .as(key)
                    .startsWith("bad tag key: ");
        }
        assertThat(refused(packs.putTag(ACTOR, "10.199.0.1", "k", "x".repeat(401))).message())
                .startsWith("bad tag value");
        assertThat(refused(packs.putTag(ACTOR, "10.199.0.1", "k", "a\nb")).message())
                .startsWith("bad tag value");
        for (int i = 0; i < ClientpackAdmin.MAX_TAGS; i++) {
            done(packs.putTag(ACTOR, "10.199.0.1", "k" + i, "v"));
        }
        assertThat(refused(packs.putTag(ACTOR, "10.199.0.1", "one-more", "v")).message())
                .isEqualTo("a clientpack has at most 32 tags");
    }

    @Test
    void showsWhereAClientIsConnected() {
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(Statuses.client("10.199.0.1", 2, "198.51.100.23:4711")),
                                List.of(),
                                List.of()));
        controller.admin.onReport(
                new Report.ClientUp(
                        IpAddress.literal("10.199.0.1"),
                        Endpoint.parse("198.51.100.23:4711").orElseThrow()));

        PackView pack = done(packs.find("10.199.0.1"));

        assertThat(pack.connected()).isTrue();
        assertThat(pack.owner()).hasValue(2);
        assertThat(pack.clientAddress()).isEqualTo("198.51.100.23");
        assertThat(pack.lastConnect()).contains(TestController.START);
        assertThat(pack.lastDisconnect()).isEmpty();
    }

    @Test
    void disconnectsOnlyWhoIsConnected() {
        assertThat(refused(packs.disconnect(ACTOR, "10.199.0.1")).message())
                .isEqualTo("Overlay IP address 10.199.0.1 is not connected");
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(Statuses.client("10.199.0.1", 1, "198.51.100.23:4711")),
                                List.of(),
                                List.of()));

        done(packs.disconnect(ACTOR, "10.199.0.1"));

        assertThat(controller.mesh.disconnected).containsExactly(IpAddress.literal("10.199.0.1"));
    }

    @Test
    void saysWhereAClientHasToBeDisconnected() {
        controller.mesh.status =
                Optional.of(
                        Statuses.of(
                                List.of(),
                                List.of(Statuses.client("10.199.0.1", 2, "198.51.100.23:4711")),
                                List.of(),
                                List.of()));

        assertThat(refused(packs.disconnect(ACTOR, "10.199.0.1")).message())
                .isEqualTo(
                        "Overlay IP address 10.199.0.1 is connected to controller 2; disconnect it"
                                + " there");
        assertThat(controller.mesh.disconnected).isEmpty();
    }

    @Test
    void entriesOfANewerVersionAreCarriedAlong() {
        controller.admin.onReport(
                new Report.SharedChanged(
                        List.of(
                                new SharedEntry("pack/10.199.0.1/new", "x", 1, 2),
                                new SharedEntry("pack/nonsense", "x", 1, 2),
                                new SharedEntry("pack/10.199.0.1/generation", "-1", 1, 2),
                                new SharedEntry("what/ever", "x", 1, 2))));

        assertThat(controller.mesh.plan().shared()).hasSize(4);
        assertThat(done(packs.find("10.199.0.1")).generation()).isEqualTo(1);
    }

    private static String line(String text, String name) {
        return text.lines().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
    }
}
