package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class CpuFlagsTest {
    @Test
    void findsAesOnX86() {
        assertThat(CpuFlags.hasAes(List.of("processor\t: 0", "flags\t\t: fpu sse4_2 aes avx")))
                .isTrue();
    }

    @Test
    void findsAesOnArm() {
        assertThat(CpuFlags.hasAes(List.of("Features\t: fp asimd aes pmull sha1"))).isTrue();
    }

    @Test
    void isNotFooledByLongerWordsOrOtherLines() {
        assertThat(CpuFlags.hasAes(List.of("flags\t\t: vaes aesx", "bugs\t\t: aes"))).isFalse();
    }
}
