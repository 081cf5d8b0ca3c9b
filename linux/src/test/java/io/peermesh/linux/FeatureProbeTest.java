package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.linux.Features.Feature;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class FeatureProbeTest {
    private static final Switches ALL_OFF =
            Switches.parse(
                    "no-gso,no-gro,no-errors,no-vnet,no-uso,no-forced-buffers,no-priority,"
                            + "no-libcrypto,no-aes");

    @Test
    void reportsEachSwitchedOffFeatureWithItsSwitch() {
        Features features = FeatureProbe.run(ALL_OFF).features(Optional.empty());

        assertThat(features.all()).noneMatch(Feature::inUse);
        assertThat(features.lines())
                .contains(
                        "UDP GSO: off (switched off by no-gso)",
                        "UDP GRO: off (switched off by no-gro)",
                        "ICMP errors: off (switched off by no-errors)",
                        "large socket buffers: off (switched off by no-forced-buffers)",
                        "high priority: off (switched off by no-priority)",
                        "AES instructions: off (switched off by no-aes)",
                        "TUN super-packets: off (no TUN device)");
    }

    @Test
    void fallsBackToTheCiphersOfTheJdk() {
        assertThat(FeatureProbe.run(ALL_OFF).ciphers().name()).startsWith("JDK");
    }

    @Test
    void usesLibcryptoWhereItIs() {
        LibcryptoProvider present = LibcryptoAeadTest.provider("");

        assertThat(FeatureProbe.run(Switches.ALL_ON).ciphers().name()).isEqualTo(present.name());
    }
}
