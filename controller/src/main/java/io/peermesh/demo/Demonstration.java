package io.peermesh.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The steps of the demonstration and what came of them. One thread. */
final class Demonstration {
    private static final int MEGABYTES = 256;
    private static final Duration PING_LIMIT = Duration.ofSeconds(20);
    private static final Duration TRANSFER_LIMIT = Duration.ofMinutes(2);
    private static final Pattern ROUND_TRIPS =
            Pattern.compile(
                    "(\\d+) packets transmitted, (\\d+) received[\\s\\S]*= [\\d.]+/([\\d.]+)/");

    private final Rig rig;
    private final Progress progress;
    private final List<Step> steps = new ArrayList<>();
    private Deployment deployment;

    @SuppressWarnings("NullAway.Init") // run() comes first
    Demonstration(Rig rig, Progress progress) {
        this.rig = rig;
        this.progress = progress;
    }

    /**
     * Something that was tried.
     *
     * @param detail what was measured, in words
     */
    record Step(String name, boolean ok, String detail) {}

    /**
     * A link as one end sees it.
     *
     * @param millis smoothed round-trip time; 0 while unknown
     */
    record Link(
            int controller,
            int peer,
            String address,
            String state,
            String cipher,
            double millis,
            long megabytesSent) {}

    /** A client as the mesh sees it. */
    record Client(String machine, String overlayAddress, int controller, String address) {}

    /**
     * All of it.
     *
     * @param checksums the topology checksum of each controller, by id
     */
    record Result(
            boolean ok,
            List<Step> steps,
            List<Link> links,
            List<Client> clients,
            List<String> checksums) {
        String table() {
            return ResultTable.of(this);
        }
    }

    Result run() {
        deployment = Deployment.start(rig, Deployment.Options.usual(3), progress::say);
        progress.say("Waiting for the peer links");
        deployment.awaitLinks();
        progress.say(
                "Attaching stock WireGuard clients alice (controller 1) and bob (controller 2)");
        WireguardClient alice = deployment.attach("alice", 0, 1);
        WireguardClient bob = deployment.attach("bob", 1, 2);
        ping("ping alice -> bob", alice, bob);
        ping("ping bob -> alice", bob, alice);
        transfer("data alice -> bob", alice, bob);
        transfer("data bob -> alice", bob, alice);
        List<Link> links = links();
        List<Client> clients = clients();
        steps.addAll(new Failures(deployment, progress, alice, bob).run());
        List<String> checksums = checksums();
        boolean equal =
                checksums.stream().distinct().count() == 1 && !checksums.getFirst().isEmpty();
        steps.add(new Step("topology checksums equal", equal, checksums.getFirst()));
        boolean ok = steps.stream().allMatch(Step::ok);
        return new Result(ok, List.copyOf(steps), links, clients, checksums);
    }

    private void ping(String name, WireguardClient from, WireguardClient to) {
        progress.say(name);
        from.machine().run(PING_LIMIT, "ping", "-c", "1", "-W", "10", to.address());
        String[] command = {"ping", "-c", "10", "-i", "0.05", "-W", "2", to.address()};
        Output output = from.machine().run(PING_LIMIT, command);
        Matcher times = ROUND_TRIPS.matcher(output.text());
        boolean read = times.find();
        String detail =
                read
                        ? "%s of %s answered, %s ms"
                                .formatted(times.group(2), times.group(1), times.group(3))
                        : output.text().strip();
        steps.add(new Step(name, read && times.group(1).equals(times.group(2)), detail));
    }

    private void transfer(String name, WireguardClient from, WireguardClient to) {
        progress.say(name + ", " + MEGABYTES + " MB over TCP");
        var transfer = TransferRun.start(to, "receive");
        Output sent = from.machine().run(TRANSFER_LIMIT, transfer.send(MEGABYTES));
        steps.add(transfer.outcome(name, sent.text().strip()));
    }

    private List<Link> links() {
        var links = new ArrayList<Link>();
        int id = 0;
        for (ControllerProcess controller : deployment.controllers()) {
            id++;
            var status = Deployment.must(controller.api().get("/api/mesh/v1/status")).response();
            for (JsonNode link : status.path("links")) {
                links.add(
                        new Link(
                                id,
                                link.path("peer_id").asInt(),
                                link.path("name").asString(""),
                                link.path("state").asString(""),
                                link.path("cipher").asString(""),
                                link.path("rtt_micros").asLong(0) / 1000.0,
                                link.path("sent_bytes").asLong() / 1_000_000));
            }
        }
        return List.copyOf(links);
    }

    private List<Client> clients() {
        JsonNode connected =
                Deployment.must(deployment.controller(3).api().get("/api/status/clients"))
                        .response();
        var clients = new ArrayList<Client>();
        for (WireguardClient client : deployment.clients()) {
            JsonNode seen = connected.path(client.address());
            clients.add(
                    new Client(
                            client.machine().name(),
                            client.address(),
                            seen.path("managerid").asInt(0),
                            seen.path("ipaddress").asString("")));
        }
        return List.copyOf(clients);
    }

    private List<String> checksums() {
        return deployment.controllers().stream()
                .map(controller -> Deployment.must(controller.api().get("/api/config")))
                .map(answer -> answer.response().path("topology_checksum").asString(""))
                .toList();
    }

    String howToLogIn() {
        var text = new StringBuilder("\nRunning until Ctrl-C.\n");
        int id = 0;
        for (ControllerProcess controller : deployment.controllers()) {
            id++;
            text.append(
                    "  controller %d   https://127.0.0.1:%d/   user api, password %s%n"
                            .formatted(id, controller.localPort(), deployment.password()));
        }
        text.append(
                "  for example    curl -sk -u api:%s https://127.0.0.1:%d/api/peering%n"
                        .formatted(deployment.password(), deployment.controller(1).localPort()));
        for (WireguardClient client : deployment.clients()) {
            text.append(
                    "  shell on %-6s%s ip netns exec %s bash%n"
                            .formatted(
                                    client.machine().name(),
                                    rig.enterPrefix(),
                                    client.machine().name()));
        }
        return text.append("  logs           ").append(rig.folder()).append('\n').toString();
    }
}
