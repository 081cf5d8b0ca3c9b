package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final long SECOND = 1_000_000_000L;
    private final Reach reach = new Reach(2);

    @Test
    void theLargerSideIsOurs() {
        reach.update(Set.of(1, 3, 4, 5), Set.of(1, 2, 3, 4, 5), 0);

        assertThat(reach.update(Set.of(1, 3), Set.of(1, 2, 3, 4, 5), 1).lost()).containsOnly(4, 5);
        assertThat(reach.isSmallerSide()).isFalse();
    }

    @Test
    void theSmallerSideIsOurs() {
        reach.update(Set.of(1, 3, 4, 5), Set.of(1, 2, 3, 4, 5), 0);
        reach.update(Set.of(1), Set.of(1, 2, 3, 4, 5), 1);

        assertThat(reach.isSmallerSide()).isTrue();

        reach.update(Set.of(1, 3, 4, 5), Set.of(1, 2, 3, 4, 5), 2);

        assertThat(reach.isSmallerSide()).isFalse();
    }

    @Test
    void whoWasLostAndHasAPathAgainHasReturned() {
        reach.update(Set.of(1, 3), Set.of(1, 2, 3), 0);
        assertThat(reach.update(Set.of(1), Set.of(1, 2, 3), 1).returned()).isEmpty();

        assertThat(reach.update(Set.of(1, 3), Set.of(1, 2, 3), 2).returned()).containsOnly(3);
        assertThat(reach.update(Set.of(1, 3), Set.of(1, 2, 3), 3).isEmpty()).isTrue();
    }

    @Test
    void ofEqualSidesTheLowestIdDecides() {
        reach.update(Set.of(1), Set.of(1, 2), 0);
        reach.update(Set.of(), Set.of(1, 2), 1);
        assertThat(reach.isSmallerSide()).isTrue();

        var other = new Reach(1);
        other.update(Set.of(2), Set.of(1, 2), 0);
        other.update(Set.of(), Set.of(1, 2), 1);
        assertThat(other.isSmallerSide()).isFalse();
    }

    @Test
    void whoWasAwayBeforeIsNotOnTheOtherSide() {
        reach.update(Set.of(1, 3, 4), Set.of(1, 2, 3, 4), 0);
        reach.update(Set.of(1, 3), Set.of(1, 2, 3, 4), 1);
        reach.update(Set.of(3), Set.of(1, 2, 3, 4), 100 * SECOND);

        assertThat(reach.isSmallerSide()).as("two against one, not against two").isFalse();
    }

    @Test
    void whoWasNeverReachedIsLostAfterAWhile() {
        reach.update(Set.of(1), Set.of(1, 2, 3), 0);
        assertThat(reach.lost(3)).isEmpty();

        assertThat(reach.takeOverdue(2 * SECOND)).isEmpty();
        assertThat(reach.takeOverdue(4 * SECOND)).containsOnly(3);
        assertThat(reach.takeOverdue(5 * SECOND)).isEmpty();
        assertThat(reach.lost(3)).isPresent();
    }
}
