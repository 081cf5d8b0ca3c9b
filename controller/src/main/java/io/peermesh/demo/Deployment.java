package io.peermesh.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * A topology of controllers on machines of a rig, set up through the REST API in the order in which
 * an operator's script does it: license the first, generate the keyset, fetch it to the others,
 * give each its id, tell each of its peers. Not for use by several threads at once.
 */
public final class Deployment implements AutoCloseable {
    private static final Duration LINKS_LIMIT = Duration.ofSeconds(60);
    private static final Duration KEYSET_LIMIT = Duration.ofSeconds(90);
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(60);
    private static final Duration LICENSE_LIMIT = Duration.ofSeconds(30);

    private final Rig rig;
    private final Options options;
    private final Consumer<String> progress;
    private final String password = secret();
    private final String token = secret();
    private final List<ControllerProcess> controllers = new ArrayList<>();
    private final List<WireguardClient> clients = new ArrayList<>();

    private Deployment(Rig rig, Options options, Consumer<String> progress) {
        this.rig = rig;
        this.options = options;
        this.progress = progress;
    }

    /** How peers are named to each other and tunnels bound. */
    public enum Underlay {
        /** By IPv4 address. */
        IPV4,
        /** By IPv6 address. */
        IPV6,
        /** By a name that each machine knows as an IPv4 address. */
        NAMES
    }

    /**
     * What to set up.
     *
     * @param controllers how many, 1..10
     * @param tun name of each controller's TUN device, or {@code none}
     * @param more further arguments of {@code peermesh controller}
     */
    public record Options(int controllers, Underlay underlay, String tun, List<String> more) {
        /** Copies the list. */
        public Options {
            more = List.copyOf(more);
        }

        /** Controllers with a TUN device that peer over IPv4. */
        public static Options usual(int controllers) {
            return new Options(controllers, Underlay.IPV4, "pm0", List.of());
        }
    }

    /** Starts controllers and makes them a topology, without waiting for the links. */
    public static Deployment start(Rig rig, Options options, Consumer<String> progress) {
        var deployment = new Deployment(rig, options, progress);
        deployment.startControllers();
        deployment.licenseFirst();
        deployment.generateKeyset();
        must(deployment.controller(1).api().put("/api/peering/self", Map.of("id", 1)));
        deployment.fetchKeysets();
        deployment.peerAll();
        return deployment;
    }

    /**
     * Starts controllers that join each other: the first has license and keyset, the second joins
     * at it; then all others join at once, in turns at one of these two. Waits until every link is
     * up. From the third on, ids need not be in the order of the machines.
     */
    public static Deployment joined(Rig rig, Options options) {
        var deployment = new Deployment(rig, options, line -> {});
        deployment.startControllers();
        deployment.licenseFirst();
        deployment.generateKeyset();
        deployment.join(2, 1);
        deployment.awaitJoined(2);
        for (int number = 3; number <= options.controllers(); number++) {
            deployment.join(number, 1 + number % 2);
        }
        for (int number = 3; number <= options.controllers(); number++) {
            deployment.awaitJoined(number);
        }
        deployment.awaitLinks();
        return deployment;
    }

    private void join(int number, int at) {
        var request = Map.of("source", controller(at).machine().ipv4(), "token", token);
        must(controller(number).api().post("/api/mesh/v1/join", request));
    }

    private void awaitJoined(int number) {
        ControllerProcess joiner = controller(number);
        boolean joined =
                Waiting.untilTrue(
                        KEYSET_LIMIT,
                        () ->
                                must(joiner.api().get("/api/mesh/v1/join"))
                                        .response()
                                        .path("state")
                                        .asString("")
                                        .equals("joined"));
        check(joined, joiner, "did not join: " + joiner.api().get("/api/mesh/v1/join").text());
    }

    /** As {@link #start}, and waits until every link is up. */
    public static Deployment started(Rig rig, Options options) {
        var deployment = start(rig, options, line -> {});
        deployment.awaitLinks();
        return deployment;
    }

    /**
     * As {@link #started}, with links probed every 200 ms: for what is not about failover, and
     * shall not see those that a busy machine causes.
     */
    public static Deployment calm(Rig rig, Options options) {
        Deployment deployment = started(rig, options);
        for (ControllerProcess each : deployment.controllers) {
            must(each.api().put("/api/mesh/v1/controller-settings", Map.of("probes", "normal")));
        }
        return deployment;
    }

    private void startControllers() {
        progress.accept("Starting " + options.controllers() + " controllers");
        for (int id = 1; id <= options.controllers(); id++) {
            Machine machine = rig.machine("controller" + id);
            controllers.add(ControllerProcess.start(machine, processOptions(machine)));
        }
        for (ControllerProcess one : controllers) {
            for (ControllerProcess other : controllers) {
                one.machine().knowHost(hostName(other), other.machine().ipv4());
            }
        }
        controllers.forEach(ControllerProcess::awaitApi);
    }

    private ControllerProcess.Options processOptions(Machine machine) {
        String underlay = options.underlay() == Underlay.IPV6 ? machine.ipv6() : machine.ipv4();
        return new ControllerProcess.Options(underlay, options.tun(), password, options.more());
    }

    private void licenseFirst() {
        progress.accept("Licensing controller 1");
        RestApi api = controller(1).api();
        String license = newLicense();
        must(api.put("/api/config", Map.of("topology_name", "demo", "controller_name", "c-1")));
        must(api.putText("/api/license", license));
        must(api.put("/api/license/parameters", Map.of("default", true)));
        boolean up =
                Waiting.untilTrue(
                        RESTART_LIMIT,
                        () ->
                                api.tryGet("/api/license")
                                        .map(a -> a.response().path("finalized").asBoolean(false))
                                        .orElse(false));
        check(up, controller(1), "did not come back licensed");
    }

    private String newLicense() {
        Path file = rig.folder().resolve("demo.license");
        // The issuer key of the demonstration lives and dies with it.
        Path issuerKey = rig.folder().resolve("issuer-key");
        int licensed = Math.max(options.controllers(), 2);
        String[] command = {
            "license",
            "create",
            "--topology",
            "demo",
            "--controllers",
            Integer.toString(licensed),
            "--clients",
            "20",
            "--issuer-key",
            issuerKey.toString(),
            "--out",
            file.toString()
        };
        Output output = Launcher.run(LICENSE_LIMIT, command);
        if (!output.ok()) {
            throw new RigException("peermesh license create: " + output.text().strip());
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new RigException("Reading " + file, e);
        }
    }

    private void generateKeyset() {
        progress.accept("Generating the keyset on controller 1");
        must(controller(1).api().put("/api/keyset", Map.of("token", token)));
        awaitKeyset(controller(1));
    }

    private void fetchKeysets() {
        for (int id = 2; id <= controllers.size(); id++) {
            progress.accept("Fetching the keyset to controller " + id);
            fetchKeyset(controller(id));
            RestApi api = controller(id).api();
            must(api.put("/api/config", Map.of("controller_name", "c-" + id)));
            must(api.put("/api/peering/self", Map.of("id", id)));
        }
    }

    private void fetchKeyset(ControllerProcess controller) {
        var request = Map.of("source", controller(1).machine().ipv4(), "token", token);
        must(controller.api().put("/api/keyset", request));
        awaitKeyset(controller);
    }

    private static void awaitKeyset(ControllerProcess controller) {
        boolean present =
                Waiting.untilTrue(
                        KEYSET_LIMIT,
                        () ->
                                controller
                                        .api()
                                        .tryGet("/api/keyset")
                                        .map(RestApi.Answer::response)
                                        .filter(k -> k.path("keyset_present").asBoolean(false))
                                        .isPresent());
        check(present, controller, "has no keyset");
        controller.awaitApi();
    }

    private void peerAll() {
        progress.accept("Peering the controllers");
        for (int id = 1; id <= controllers.size(); id++) {
            for (int peer = 1; peer <= controllers.size(); peer++) {
                if (peer != id) {
                    var body = Map.of("id", peer, "name", peerName(controller(peer)));
                    must(controller(id).api().post("/api/peering/peers", body));
                }
            }
        }
    }

    private String peerName(ControllerProcess peer) {
        return switch (options.underlay()) {
            case IPV4 -> peer.machine().ipv4();
            case IPV6 -> peer.machine().ipv6();
            case NAMES -> hostName(peer);
        };
    }

    private static String hostName(ControllerProcess controller) {
        return controller.machine().name() + ".example";
    }

    /** Waits until each controller can reach every other. */
    public void awaitLinks() {
        boolean up =
                Waiting.untilTrue(LINKS_LIMIT, () -> controllers.stream().allMatch(this::peered));
        if (!up) {
            var state = new StringBuilder("Not all links came up:\n");
            for (ControllerProcess controller : controllers) {
                state.append(controller).append(' ');
                state.append(controller.api().get("/api/peering").text()).append('\n');
                state.append(controller.process().logTail(10)).append('\n');
            }
            throw new RigException(state.toString());
        }
    }

    private boolean peered(ControllerProcess controller) {
        return reachablePeers(controller) == controllers.size() - 1;
    }

    /** How many peers a controller says it reaches. */
    public static int reachablePeers(ControllerProcess controller) {
        return (int)
                controller
                        .api()
                        .tryGet("/api/peering")
                        .map(answer -> answer.response().path("controllers").valueStream())
                        .stream()
                        .flatMap(all -> all)
                        .filter(one -> one.path("reachable").asBoolean(false))
                        .count();
    }

    /** Attaches a stock WireGuard client on a new machine to a controller. */
    public WireguardClient attach(String machineName, int packIndex, int controllerId) {
        return attach(machineName, clientpack(packIndex, controllerId), "wireguard-go");
    }

    /** Attaches a client with a given pack and a given wireguard-go. */
    public WireguardClient attach(String machineName, String clientpack, String program) {
        var client = WireguardClient.start(rig.machine(machineName), clientpack, program);
        clients.add(client);
        return client;
    }

    /** The clientpack number {@code packIndex}, from 0, as a controller hands it out. */
    public String clientpack(int packIndex, int controllerId) {
        RestApi api = controller(controllerId).api();
        JsonNode packs = must(api.get("/api/clientpacks")).response();
        String name =
                packs.valueStream()
                        .filter(pack -> pack.path("sequential_id").asInt() == packIndex + 1)
                        .map(pack -> pack.path("name").asString())
                        .findFirst()
                        .orElseThrow(() -> new RigException("No clientpack " + packIndex));
        return must(api.get(
                        "/api/clientpack?fileformat=conf&home=%d&name=%s"
                                .formatted(controllerId, name)))
                .text();
    }

    /**
     * The controller that a client is connected to, as one of the others says.
     *
     * @param except controllers that are not asked, and not believed to be it
     */
    public ControllerProcess ownerOf(WireguardClient client, ControllerProcess... except) {
        return Waiting.until(LINKS_LIMIT, () -> askForOwner(client, List.of(except)))
                .orElseThrow(() -> new RigException(client.address() + " is connected nowhere"));
    }

    private Optional<ControllerProcess> askForOwner(
            WireguardClient client, List<ControllerProcess> except) {
        return controllers.stream()
                .filter(each -> !except.contains(each))
                .flatMap(each -> each.api().tryGet("/api/status/clients").stream())
                .findFirst()
                .map(answer -> answer.response().path(client.address()).path("managerid").asInt(0))
                .filter(id -> id != 0)
                .map(this::controller)
                .filter(owner -> !except.contains(owner));
    }

    /** Has a controller hand over its clients, or take some again. */
    public static void setDraining(ControllerProcess controller, boolean draining) {
        must(controller.api().put("/api/mesh/v1/drain", Map.of("draining", draining)));
    }

    /** A controller by id. */
    public ControllerProcess controller(int id) {
        return controllers.get(id - 1);
    }

    /** All controllers, by id. */
    public List<ControllerProcess> controllers() {
        return List.copyOf(controllers);
    }

    /** All clients, in the order of attachment. */
    public List<WireguardClient> clients() {
        return List.copyOf(clients);
    }

    /** The password of every controller's API. */
    public String password() {
        return password;
    }

    @Override
    public void close() {
        controllers.forEach(ControllerProcess::close);
    }

    /** The answer, when it is one of success. */
    static RestApi.Answer must(RestApi.Answer answer) {
        if (!answer.ok()) {
            throw new RigException("The API answered " + answer.status() + " " + answer.text());
        }
        return answer;
    }

    private static void check(boolean holds, ControllerProcess controller, String otherwise) {
        if (!holds) {
            throw new RigException(
                    controller
                            + " "
                            + otherwise
                            + ". Its log:\n"
                            + controller.process().logTail(30));
        }
    }

    private static String secret() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
