package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Deployment;
import io.peermesh.demo.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Strangers on the UDP ports. */
@ExtendWith(NeedsNamespaces.class)
class HostilityIT {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final int PINGS = 40;
    private static final long MOST_KILOBYTES = 600_000;
    private static final long MOST_GROWTH_KILOBYTES = 200_000;
    // Random bytes, and messages that have type and length of a WireGuard initiation.
    private static final String FLOOD =
            "use IO::Socket;srand 7;my @p=(51820,1195);my $e=time+60;"
                    + "my @s=map{IO::Socket::INET->new(Proto=>'udp',PeerAddr=>$ARGV[0],"
                    + "PeerPort=>$_)}@p;"
                    + "while(time<$e){for my $s(@s){"
                    + "my $r=join('',map{chr int rand 256}1..144);"
                    + "$s->send(\"\\x01\\0\\0\\0\".$r);$s->send($r);}}";

    @Test
    void aFloodOfJunkAndForgedHandshakesDoesNotStopTraffic() {
        try (Rig rig = Rig.open();
                var mesh = Deployment.calm(rig, Deployment.Options.usual(2))) {
            var alice = mesh.attach("alice", 0, 1);
            var bob = mesh.attach("bob", 1, 2);
            var stranger = rig.machine("stranger");
            assertThat(Traffic.reachesWithin(USUAL, alice.machine(), bob.address())).isTrue();
            String target = mesh.controller(1).machine().ipv4();
            long before = residentKilobytes(mesh.controller(1).process().pid());
            var flood = stranger.start("flood", Map.of(), List.of("perl", "-e", FLOOD, target));

            int lost = Traffic.lost(alice.machine(), bob.address(), PINGS, "-i", "0.1");
            var carol = mesh.attach("carol", 2, 1);
            boolean newcomer = Traffic.reachesWithin(USUAL, carol.machine(), bob.address());
            boolean stillFlooded = flood.isAlive();
            boolean apiAnswers = mesh.controller(1).api().get("/api/config").ok();
            flood.kill();

            assertThat(stillFlooded).isTrue();
            assertThat(lost).isLessThanOrEqualTo(PINGS / 10);
            assertThat(newcomer).isTrue();
            assertThat(apiAnswers).isTrue();
            long after = residentKilobytes(mesh.controller(1).process().pid());
            assertThat(after).isLessThan(MOST_KILOBYTES);
            assertThat(after - before).isLessThan(MOST_GROWTH_KILOBYTES);
        }
    }

    private static long residentKilobytes(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/status"))
                    .lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError("process " + pid + " has ended", e);
        }
    }
}
