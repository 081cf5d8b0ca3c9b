package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.linux.Switches.Switch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class SwitchesTest {
    @Test
    void switchesOffWhatIsNamed() {
        Switches switches = Switches.parse("no-gso, no-aes,");

        assertThat(switches.allows(Switch.GSO)).isFalse();
        assertThat(switches.allows(Switch.AES)).isFalse();
        assertThat(switches.allows(Switch.GRO)).isTrue();
        assertThat(switches).hasToString("no-gso,no-aes");
    }

    @Test
    void switchesNothingOffByDefault() {
        Switches switches = Switches.parse("");

        for (Switch each : Switch.values()) {
            assertThat(switches.allows(each)).as(each.word()).isTrue();
            assertThat(Switches.ALL_ON.allows(each)).as(each.word()).isTrue();
        }
    }

    @Test
    void readsItsOwnText() {
        for (Switch each : Switch.values()) {
            assertThat(Switches.parse(Switches.parse(each.word()).toString()).allows(each))
                    .isFalse();
        }
    }

    @Test
    void refusesAnUnknownWordAndListsTheKnownOnes() {
        assertThatThrownBy(() -> Switches.parse("no-gso,gro"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'gro'")
                .hasMessageContaining("no-gro");
    }
}
