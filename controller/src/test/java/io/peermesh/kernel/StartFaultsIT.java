package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Child;
import io.peermesh.demo.Launcher;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A controller that cannot start ends, and says on what. */
@ExtendWith(NeedsNamespaces.class)
@SuppressWarnings("NullAway.Init") // set before each test
class StartFaultsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Rig rig;
    private Machine machine;

    @BeforeEach
    void open() {
        rig = Rig.open();
        machine = rig.machine("lonely");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aPortInUseIsNamed() {
        Child first = controller(List.of(), "first", "none");
        boolean up = Waiting.untilTrue(LIMIT, () -> first.log().contains("controller is up"));

        Child second = controller(List.of(), "second", "none");

        assertThat(up).as(first.log()).isTrue();
        assertThat(second.awaitExit(LIMIT)).isEqualTo(1);
        assertThat(second.log()).contains("8000").contains("in use");
    }

    @Test
    void withoutTheRightToMakeADeviceItSaysSo() {
        var without = List.of("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all");

        Child child = controller(without, "data", "pm0");

        assertThat(child.awaitExit(LIMIT)).isEqualTo(1);
        assertThat(child.log()).contains("pm0").contains("--tun none");
    }

    @Test
    void aDataFolderThatCannotBeMadeIsNamed() {
        Child child = controller(List.of(), "/proc/no", "none");

        assertThat(child.awaitExit(LIMIT)).isEqualTo(1);
        assertThat(child.log()).contains("/proc/no");
    }

    @Test
    void anUnknownSwitchIsRefusedWithTheListOfAll() {
        Child child = controller(List.of(), "data", "none", "--disable", "no-such");

        assertThat(child.awaitExit(LIMIT)).isPositive().isLessThan(124);
        assertThat(child.log()).contains("no-such").contains("no-gso");
    }

    private Child controller(List<String> before, String data, String tun, String... more) {
        var command = new ArrayList<>(before);
        command.addAll(List.of(Launcher.path().toString(), "controller"));
        command.addAll(List.of("--data", rig.folder().resolve(data).toString()));
        command.addAll(List.of("--api", machine.ipv4() + ":8000"));
        command.addAll(List.of("--underlay", machine.ipv4(), "--tun", tun));
        command.addAll(List.of(more));
        return machine.start("controller", Launcher.ENVIRONMENT, command);
    }
}
