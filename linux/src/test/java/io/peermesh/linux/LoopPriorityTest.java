package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LoopPriorityTest {
    @Test
    void raisesTheLoopAloneAndOnlyWhereItMay() throws InterruptedException {
        assumeTrue(LoopPriority.isAllowed(), "no right to raise a priority here");
        int before = LoopPriority.nice();

        assertThat(niceOf(Switches.ALL_ON)).isEqualTo(LoopPriority.NICE);
        assertThat(niceOf(Switches.parse("no-priority"))).isEqualTo(before);
        assertThat(LoopPriority.nice()).isEqualTo(before);
    }

    private static int niceOf(Switches switches) throws InterruptedException {
        var nice = new AtomicInteger();
        LoopPriority.start("loop", switches, () -> nice.set(LoopPriority.nice())).join();
        return nice.get();
    }
}
