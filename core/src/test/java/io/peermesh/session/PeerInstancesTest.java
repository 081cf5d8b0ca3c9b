package io.peermesh.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class PeerInstancesTest {
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);
    private static final long LATER = PeerInstances.ALIVE_NANOS;

    private final PeerInstances instances = new PeerInstances();

    @Test
    void admitsWhoeverComesFirst() {
        assertThat(instances.admits(FIRST, 1, Activity.NEVER, 0)).isTrue();
        assertThat(instances.describe()).isEqualTo("none");
    }

    @Test
    void admitsTheSameInstanceAndANewOneOfTheSameInstallation() {
        instances.established(FIRST, 1);

        assertThat(instances.admits(FIRST, 1, 0, 1)).isTrue();
        assertThat(instances.admits(FIRST, 2, 0, 1)).isTrue();
    }

    @Test
    void refusesAnotherInstallationUntilTheFirstWasSilentForAMinute() {
        instances.established(FIRST, 1);

        assertThat(instances.admits(SECOND, 9, 0, LATER - 1)).isFalse();
        assertThat(instances.admits(SECOND, 9, 0, LATER)).isTrue();
    }

    @Test
    void refusesAnInstanceThatWasReplaced() {
        instances.established(FIRST, 1);
        instances.established(FIRST, 2);

        assertThat(instances.admits(FIRST, 1, 0, 1)).isFalse();
        assertThat(instances.admits(FIRST, 2, 0, 1)).isTrue();
        assertThat(instances.admits(FIRST, 1, 0, LATER)).isTrue();
    }

    @Test
    void remembersABoundedNumberOfInstances() {
        for (int i = 0; i <= PeerInstances.MAX_REMEMBERED + 1; i++) {
            instances.established(FIRST, i);
        }

        assertThat(instances.admits(FIRST, 0, 0, 1)).as("forgotten").isTrue();
        assertThat(instances.admits(FIRST, 1, 0, 1)).as("remembered").isFalse();
    }
}
