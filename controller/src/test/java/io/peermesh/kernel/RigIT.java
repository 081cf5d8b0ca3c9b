package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Machine;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rig itself keeps its promises. */
@ExtendWith(NeedsNamespaces.class)
class RigIT {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Rig rig;

    @BeforeEach
    void open() {
        rig = Rig.open();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void machinesReachEachOtherByIpv4AndIpv6() {
        Machine one = rig.machine("one");
        Machine two = rig.machine("two");

        assertThat(ping(one, two.ipv4())).isTrue();
        assertThat(ping(one, two.ipv6())).isTrue();
    }

    @Test
    void aCutIsSilentAndLeavesOthersAlone() {
        Machine one = rig.machine("one");
        Machine two = rig.machine("two");
        Machine three = rig.machine("three");

        rig.cut(one, two);

        assertThat(ping(one, two.ipv4())).isFalse();
        assertThat(ping(one, three.ipv4())).isTrue();
        assertThat(ping(two, three.ipv4())).isTrue();
        rig.heal(one, two);
        assertThat(ping(one, two.ipv4())).isTrue();
    }

    @Test
    void aDoorCarriesTcpFromLoopbackIntoAMachine() throws Exception {
        Machine one = rig.machine("one");
        var server = List.of("perl", "-MIO::Socket", "-e", UPPER_CASE_SERVER, one.ipv4());
        one.start("upper-case", Map.of(), server);
        try (var door = one.door(7)) {
            String answer =
                    Waiting.until(LIMIT, () -> ask(door.localPort(), "hello\n")).orElse("nothing");

            assertThat(answer).isEqualTo("HELLO\n");
        }
    }

    @Test
    void childrenEndWithTheRig() {
        Machine one = rig.machine("one");
        var child = one.start("sleeper", Map.of(), List.of("sleep", "1000"));
        assertThat(ProcessHandle.of(child.pid())).isPresent();

        rig.close();

        assertThat(child.awaitExit(LIMIT)).isNotEqualTo(124);
        assertThat(Waiting.untilTrue(LIMIT, () -> !Files.exists(rig.folder()))).isTrue();
    }

    @Test
    void twoStockWireguardsTalk() {
        Machine one = rig.machine("one");
        Machine two = rig.machine("two");
        String keyOne = one.must("wg", "genkey").strip();
        String keyTwo = one.must("wg", "genkey").strip();
        var server =
                WireguardClient.start(one, conf(keyOne, "10.9.0.1", pub(one, keyTwo), two, 51820));
        var client =
                WireguardClient.start(two, conf(keyTwo, "10.9.0.2", pub(one, keyOne), one, 51820));

        assertThat(ping(two, server.address())).isTrue();
        assertThat(client.lastHandshake()).isPositive();
        assertThat(client.peerEndpoint()).isEqualTo(one.ipv4() + ":51820");
    }

    private static final String UPPER_CASE_SERVER =
            "my $s=IO::Socket::INET->new(LocalAddr=>$ARGV[0],LocalPort=>7,Listen=>5,ReuseAddr=>1);"
                    + "while(my $c=$s->accept){while(<$c>){print $c uc;$c->flush;}}";

    private static Optional<String> ask(int port, String text) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(text.length());
            return answer.length == 0
                    ? Optional.empty()
                    : Optional.of(new String(answer, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String pub(Machine machine, String key) {
        return machine.must("sh", "-c", "echo " + key + " | wg pubkey").strip();
    }

    private static String conf(String key, String address, String peer, Machine at, int port) {
        return """
        [Interface]
        PrivateKey = %s
        ListenPort = 51820
        Address = %s/32
        MTU = 1420
        [Peer]
        PublicKey = %s
        AllowedIPs = 10.9.0.0/24
        Endpoint = %s:%d
        """
                .formatted(key, address, peer, at.ipv4(), port);
    }

    private static boolean ping(Machine from, String to) {
        return from.run(SECOND.multipliedBy(5), "ping", "-c", "1", "-W", "2", to).ok();
    }
}
