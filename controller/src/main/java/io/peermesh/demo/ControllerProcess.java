package io.peermesh.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A controller: a real {@code peermesh controller} process on a machine of the rig, and its REST
 * API. Not for use by several threads at once.
 */
public final class ControllerProcess implements AutoCloseable {
    /** The port of REST API and keyset exchange. */
    public static final int API_PORT = 8000;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Machine machine;
    private final List<String> command;
    private final String password;
    private final Door door;
    private final RestApi api;
    private Child process;

    private ControllerProcess(Machine machine, List<String> command, String password) {
        this.machine = machine;
        this.command = command;
        this.password = password;
        this.door = machine.door(API_PORT);
        this.api = new RestApi(door.localPort(), password);
        this.process = machine.start("controller", Launcher.ENVIRONMENT, command);
    }

    /**
     * How to start it.
     *
     * @param underlay the address of its tunnels
     * @param tun name of the TUN device, or {@code none}
     * @param password of the API
     * @param more further arguments
     */
    public record Options(String underlay, String tun, String password, List<String> more) {
        /** Copies the list. */
        public Options {
            more = List.copyOf(more);
        }
    }

    /** Starts a controller; returns at once. */
    public static ControllerProcess start(Machine machine, Options options) {
        Path data = machine.rig().folder().resolve(machine.name());
        Path passwordFile = machine.rig().folder().resolve(machine.name() + ".password");
        try {
            Files.writeString(passwordFile, options.password() + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RigException("Writing " + passwordFile, e);
        }
        var command = new ArrayList<>(List.of(Launcher.path().toString(), "controller"));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of("--api", machine.ipv4() + ":" + API_PORT));
        command.addAll(List.of("--underlay", options.underlay(), "--tun", options.tun()));
        command.addAll(List.of("--initial-api-password-file", passwordFile.toString()));
        command.addAll(options.more());
        return new ControllerProcess(machine, command, options.password());
    }

    /** Waits until the API answers. */
    public void awaitApi() {
        boolean up =
                Waiting.untilTrue(START_LIMIT, () -> !process.isAlive() || answers("/api/config"));
        if (!up || !process.isAlive()) {
            throw new RigException(
                    process
                            + (process.isAlive() ? " does not answer" : " has ended")
                            + ". Its log:\n"
                            + process.logTail(30));
        }
    }

    private boolean answers(String path) {
        return api.tryGet(path).filter(RestApi.Answer::ok).isPresent();
    }

    /** Its REST API. */
    public RestApi api() {
        return api;
    }

    /** The machine that it runs on. */
    public Machine machine() {
        return machine;
    }

    /** The process, for signals and its log. */
    public Child process() {
        return process;
    }

    /** The password of its API. */
    public String password() {
        return password;
    }

    /** The port on the loopback address of the real machine that leads to its API. */
    public int localPort() {
        return door.localPort();
    }

    /** Ends it without notice. */
    public void kill() {
        process.kill();
    }

    /** Ends it in order; returns its exit code. */
    public int stop() {
        return process.stop(STOP_LIMIT);
    }

    /** Starts it again, with the data that it left. */
    public void startAgain() {
        process = machine.start("controller", Launcher.ENVIRONMENT, command);
    }

    /** Starts it again with more arguments than before. */
    public void startAgain(List<String> more) {
        var longer = new ArrayList<>(command);
        longer.addAll(more);
        process = machine.start("controller", Launcher.ENVIRONMENT, longer);
    }

    @Override
    public String toString() {
        return machine.name();
    }

    @Override
    public void close() {
        door.close();
        kill();
    }
}
