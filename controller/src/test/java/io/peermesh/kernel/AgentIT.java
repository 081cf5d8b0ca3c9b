package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Child;
import io.peermesh.demo.ControllerProcess;
import io.peermesh.demo.Deployment;
import io.peermesh.demo.Launcher;
import io.peermesh.demo.Machine;
import io.peermesh.demo.Outage;
import io.peermesh.demo.Output;
import io.peermesh.demo.PingWatch;
import io.peermesh.demo.Rig;
import io.peermesh.demo.Waiting;
import io.peermesh.demo.WireguardClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients behind a NAT that lets nobody in, whose controller is killed: our agent, and a stock
 * WireGuard with the script.
 *
 * <pre>
 *   inside N (192.168.7N.2) --- nat --- internet --- controllers 1, 2, 3 --- bob (at controller 2)
 * </pre>
 */
@ExtendWith(NeedsNamespaces.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class AgentIT {
    private static final Duration USUAL = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOPPED = Duration.ofSeconds(3);
    private static final int INITIATION = 8 + 148; // UDP header and message
    private static final double OUTAGE_MILLIS_MAX = 5_000;
    private static final double SCRIPT_MILLIS_MAX = 30_000;

    private Rig rig;
    private Deployment mesh;
    private Machine nat;
    private WireguardClient bob;

    @BeforeAll
    void start() {
        rig = Rig.open();
        mesh = Deployment.started(rig, Deployment.Options.usual(3));
        bob = mesh.attach("bob", 1, 2);
        nat = rig.machine("nat");
        nat.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        nat.must("nft", "add table ip nat");
        nat.must("nft", "add chain ip nat out { type nat hook postrouting priority 100 ; }");
        nat.must("nft", "add rule ip nat out oifname eth0 masquerade");
        nat.must("nft", "add table ip filter");
        nat.must("nft", "add chain ip filter in { type filter hook forward priority 0 ; }");
    }

    /**
     * A machine that no controller can call. Sessions that stand by keep the NAT open to every
     * controller, and the take-over would come through: without initiations from outside it is the
     * client that has to move.
     */
    private Machine deaf(int number) {
        Machine machine = inside(number);
        String rule = "iifname eth0 oifname lan%d udp length %d drop".formatted(number, INITIATION);
        nat.must("nft", "add rule ip filter in " + rule);
        return machine;
    }

    @AfterAll
    void stop() {
        mesh.close();
        rig.close();
    }

    /** A machine that reaches the internet only through the NAT. */
    private Machine inside(int number) {
        Machine machine = rig.machine("inside" + number);
        String lan = "lan" + number;
        String subnet = "192.168.7" + number;
        machine.must("ip", "link", "set", "eth0", "down");
        nat.must(
                "ip",
                "link",
                "add",
                lan,
                "type",
                "veth",
                "peer",
                "name",
                "eth1",
                "netns",
                machine.name());
        nat.must("ip", "addr", "add", subnet + ".1/24", "dev", lan);
        nat.must("ip", "link", "set", lan, "up");
        machine.must("ip", "addr", "add", subnet + ".2/24", "dev", "eth1");
        machine.must("ip", "link", "set", "eth1", "up");
        machine.must("ip", "route", "add", "default", "via", subnet + ".1");
        return machine;
    }

    private Path file(String name, String text) throws IOException {
        Path file = rig.folder().resolve(name);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static Output client(Machine machine, String... arguments) {
        var command = new ArrayList<>(List.of(Launcher.path().toString(), "client"));
        command.addAll(List.of(arguments));
        return machine.run(LIMIT, command.toArray(String[]::new));
    }

    private static JsonNode status(Machine machine) {
        Output output = client(machine, "status", "--json");
        return output.ok()
                ? new JsonMapper().readTree(output.text())
                : JsonMapper.shared().createObjectNode();
    }

    private void restart(ControllerProcess controller) {
        controller.startAgain();
        controller.awaitApi();
        mesh.awaitLinks();
    }

    @Test
    void theAgentMovesWhenItsControllerIsKilled() throws Exception {
        Machine machine = deaf(1);
        Path pack = file("agent1.conf", mesh.clientpack(0, 1));
        Child agent = agentAt(machine, pack);
        JsonNode before = status(machine);

        Outage outage;
        try (var watch = PingWatch.start(machine, bob.address())) {
            mesh.controller(1).kill();
            boolean back = watch.awaitMore(100, USUAL);
            outage = watch.stop();
            assertThat(back).as(agent.log()).isTrue();
        }
        JsonNode after = status(machine);
        Output down = client(machine, "down");
        int exitCode = agent.awaitExit(USUAL);
        restart(mesh.controller(1));

        System.out.println("agent behind a NAT, controller killed: " + outage.text());
        System.out.println(agent.log().strip());
        assertThat(before.path("controller").asInt()).isEqualTo(1);
        assertThat(outage.millis()).isLessThan(OUTAGE_MILLIS_MAX);
        assertThat(after.path("controller").asInt()).isIn(2, 3);
        assertThat(agent.log())
                .containsAnyOf("controller 1 was silent for", "controller 1 cannot be reached");
        assertThat(after.path("switches").asInt()).isPositive();
        assertThat(down.ok()).as(down.text()).isTrue();
        assertThat(exitCode).isZero();
        assertThat(machine.run(USUAL, "ip", "link", "show", "pmc0").ok()).isFalse();
        assertThat(machine.must("ip", "route")).doesNotContain("pmc0");
        assertThat(client(machine, "status").ok()).isFalse();
        assertThat(agent.log()).doesNotContain(privateKey(pack));
    }

    /** An agent that is connected, with a session that stands by. */
    private Child agentAt(Machine machine, Path pack) {
        var command =
                List.of(Launcher.path().toString(), "client", "up", pack.toString(), "--json");
        Child agent = machine.start("agent", Launcher.ENVIRONMENT, command);
        assertThat(Traffic.reachesWithin(USUAL, machine, bob.address())).as(agent.log()).isTrue();
        boolean standby =
                Waiting.untilTrue(USUAL, () -> status(machine).toString().contains("standby"));
        assertThat(standby).as(agent.log()).isTrue();
        return agent;
    }

    @Test
    void aTransferOutlivesItsController() throws Exception {
        Machine machine = deaf(3);
        Child agent = agentAt(machine, file("agent3.conf", mesh.clientpack(3, 1)));
        var listen = List.of("iperf3", "--forceflush", "-s", "-1", "-B", bob.address());
        Child server = bob.machine().start("iperf3", Map.of(), listen);
        Waiting.untilTrue(USUAL, () -> server.log().contains("listening"));

        // 1 Mb/s for 6 s over one TCP connection, one line each second
        String[] send = {"iperf3", "--forceflush", "-b", "1M", "-t", "6", "-c", bob.address()};
        Child transfer = machine.start("iperf3", Map.of(), List.of(send));
        boolean runs = Waiting.untilTrue(USUAL, () -> transfer.log().contains("1.00-2.00"));
        mesh.controller(1).kill();
        int exitCode = transfer.awaitExit(LIMIT);
        int now = status(machine).path("controller").asInt();
        client(machine, "down");
        restart(mesh.controller(1));

        assertThat(runs).as(transfer.log()).isTrue();
        assertThat(exitCode).as(transfer.log()).isZero();
        assertThat(transfer.log()).contains("receiver");
        assertThat(now).as(agent.log()).isIn(2, 3);
    }

    @Test
    void aDrainOfItsControllerLosesNothing() throws Exception {
        Machine machine = inside(4);
        Child agent = agentAt(machine, file("agent4.conf", mesh.clientpack(4, 1)));
        Outage outage;
        boolean moved;

        try (var watch = PingWatch.start(machine, bob.address())) {
            Deployment.setDraining(mesh.controller(1), true);
            moved = Waiting.untilTrue(USUAL, () -> status(machine).path("controller").asInt() != 1);
            watch.awaitMore(100, USUAL);
            outage = watch.stop();
        }
        Deployment.setDraining(mesh.controller(1), false);
        client(machine, "down");

        System.out.println("agent, controller drained: " + outage.text());
        assertThat(moved).as(agent.log()).isTrue();
        assertThat(agent.log()).contains("\"cause\":\"taken\"");
        assertThat(outage.lost()).as(outage.text()).isZero();
    }

    @Test
    void aStoppedAgentGoesOnWhereItWas() throws Exception {
        Machine machine = inside(5);
        Child agent = agentAt(machine, file("agent5.conf", mesh.clientpack(5, 1)));

        agent.signal("STOP");
        boolean reachesMeanwhile = Traffic.reachesWithin(STOPPED, machine, bob.address());
        agent.signal("CONT");
        boolean reaches = Traffic.reachesWithin(USUAL, machine, bob.address());
        JsonNode after = status(machine);
        client(machine, "down");

        assertThat(reachesMeanwhile).isFalse();
        assertThat(reaches).as(agent.log()).isTrue();
        assertThat(after.path("controller").asInt()).as(agent.log()).isEqualTo(1);
        assertThat(after.path("switches").asInt()).isZero();
    }

    private static String privateKey(Path pack) throws IOException {
        return Files.readString(pack)
                .lines()
                .filter(line -> line.startsWith("PrivateKey"))
                .map(line -> line.split("= ", 2)[1])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theScriptMovesAStockClientWhenItsControllerIsKilled() throws Exception {
        Machine machine = deaf(2);
        String text = mesh.clientpack(2, 3);
        Path pack = file("stock.conf", text);
        var stock = WireguardClient.start(machine, text, "wireguard-go");
        assertThat(Traffic.reachesWithin(USUAL, machine, bob.address())).isTrue();
        String out = rig.folder().resolve("script").toString();
        Output written =
                client(
                        machine,
                        "failover-script",
                        pack.toString(),
                        "--interface",
                        stock.device(),
                        "--out",
                        out);
        String script = out + "/peermesh-failover-" + stock.device() + ".sh";

        Output healthy = machine.run(LIMIT, script);
        String endpointBefore = stock.peerEndpoint();
        Output moved;
        boolean reaches;
        Outage outage;
        try (var watch = PingWatch.start(machine, bob.address())) {
            mesh.controller(3).kill();
            moved = machine.run(LIMIT, script);
            reaches = watch.awaitMore(20, USUAL);
            outage = watch.stop();
        }
        String endpointAfter = stock.peerEndpoint();
        restart(mesh.controller(3));

        System.out.println("script, stock client behind a NAT: " + outage.text());
        System.out.println(moved.text().strip());
        assertThat(written.ok()).as(written.text()).isTrue();
        assertThat(healthy.ok()).as(healthy.text()).isTrue();
        assertThat(endpointBefore).startsWith(mesh.controller(3).machine().ipv4());
        assertThat(moved.ok()).as(moved.text()).isTrue();
        assertThat(reaches).isTrue();
        assertThat(endpointAfter).isNotEqualTo(endpointBefore);
        assertThat(outage.millis()).isLessThan(SCRIPT_MILLIS_MAX);
        assertThat(Files.readString(Path.of(script))).doesNotContain(privateKey(pack));
    }
}
