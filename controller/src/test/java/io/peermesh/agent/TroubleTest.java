package io.peermesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.crypto.JdkAeadProvider;
import io.peermesh.forward.DataEvent;
import io.peermesh.ip.IpAddress;
import org.junit.jupiter.api.Test;

/** What the operator is told when nobody answers. */
class TroubleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 50 * SECOND;

    private final Agent agent = agent();

    private static Agent agent() {
        var agent =
                new Agent(
                        PackReaderTest.pack(PackReaderTest.PACK),
                        Failover.PROBE_INTERVAL_NANOS,
                        new JdkAeadProvider(false),
                        bytes -> bytes[0] = 1,
                        START);
        agent.onWallClock(0, START);
        return agent;
    }

    @Test
    void isPatientAtFirst() {
        assertThat(Trouble.of(agent, START + Trouble.PATIENCE_NANOS - 1)).isEmpty();
    }

    @Test
    void namesEachControllerItsPortAndWhatToDo() {
        agent.onAddress(1, IpAddress.literal("192.0.2.1"), false, START);
        agent.onAddress(2, IpAddress.literal("10.199.0.7"), true, START);
        agent.onTimer(START + SECOND);

        String words = Trouble.of(agent, START + Trouble.PATIENCE_NANOS).orElseThrow();

        assertThat(words)
                .startsWith("no controller has answered for 5 s. controller 1 at UDP ")
                .contains("has not answered ", "handshakes; controller 2 at UDP ")
                .contains("lies in a subnet that goes through the tunnel itself")
                .contains("firewalls let UDP through to these ports and the answers back")
                .contains("peermesh clientpack list")
                .doesNotContain("ICMP");
    }

    @Test
    void saysWhichNameDoesNotResolve() {
        String words = Trouble.of(agent, START + Trouble.PATIENCE_NANOS).orElseThrow();

        assertThat(words).contains("controller 1 at UDP ", "has a name that does not resolve");
    }

    @Test
    void passesOnWhatTheNetworkSays() {
        agent.onEvent(new DataEvent.Unreachable(0), START + SECOND);

        assertThat(Trouble.of(agent, START + 6 * SECOND).orElseThrow()).contains("(ICMP)");
        assertThat(Trouble.of(agent, START + 60 * SECOND).orElseThrow()).doesNotContain("ICMP");
    }
}
