package io.peermesh.agent;

import io.peermesh.api.FailoverScript;
import io.peermesh.cli.CommandException;
import io.peermesh.cli.ExitCode;
import io.peermesh.cli.Shell;
import io.peermesh.cli.Table;
import io.peermesh.cli.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code peermesh client}: this machine as a client of the mesh. */
@Command(
        name = "client",
        description = "This machine as a client: our own agent, or a script for stock WireGuard.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ClientCommand {
    private static final String DEFAULT_NAME = "pmc0";
    private static final int MIN_INTERVAL_MILLIS = 50;
    private static final int MAX_INTERVAL_MILLIS = 10_000;

    private final Shell shell;

    @Option(
            names = "--run-directory",
            scope = ScopeType.INHERIT,
            hidden = true,
            paramLabel = "DIR",
            defaultValue = "/run/peermesh",
            description = "Where agents have their sockets. Default: ${DEFAULT-VALUE}")
    private Path directory = Path.of("/run/peermesh");

    /** With what surrounds the command. */
    public ClientCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "up",
            description = {
                "Connect with a clientpack until SIGTERM or 'client down', and move to another"
                        + " controller by itself when the one in use fails.",
                "Makes a TUN device, so it needs root; takes it away again in every case."
            },
            mixinStandardHelpOptions = true)
    int up(
            @Parameters(paramLabel = "PACK", description = "The clientpack, a .conf file.")
                    Path pack,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = DEFAULT_NAME,
                            description = "Of the interface. Default: ${DEFAULT-VALUE}")
                    String name,
            @Option(
                            names = "--probe-interval",
                            paramLabel = "MS",
                            defaultValue = "200",
                            description =
                                    "Milliseconds between probes, 50 to 10000; 3.5 intervals of"
                                            + " silence make it move. Default: ${DEFAULT-VALUE}")
                    int intervalMillis,
            @Option(names = "--json", description = "Print events as lines of JSON.")
                    boolean json) {
        demandName(name);
        if (intervalMillis < MIN_INTERVAL_MILLIS || intervalMillis > MAX_INTERVAL_MILLIS) {
            throw new CommandException(
                    ExitCode.USAGE, "--probe-interval must be between 50 and 10000 milliseconds");
        }
        var settings =
                new AgentProcess.Settings(
                        read(pack), name, directory, TimeUnit.MILLISECONDS.toNanos(intervalMillis));
        try {
            boolean inOrder = new AgentProcess(settings, event -> print(event, json)).run();
            return inOrder ? ExitCode.OK : ExitCode.FAILED;
        } catch (AgentException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void print(AgentProcess.AgentEvent event, boolean json) {
        if (json) {
            shell.out().println(AgentProcess.JSON.writeValueAsString(event));
        } else {
            shell.out().println(event.text());
        }
        shell.out().flush();
    }

    private static void demandName(String name) {
        if (!FailoverScript.isDevice(name)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--name must be an interface name: at most 15 letters, digits, '_', '-' and"
                            + " '.'");
        }
    }

    private Pack read(Path file) {
        String text;
        try {
            if (Files.size(file) > PackReader.MAX_CHARACTERS) {
                throw new CommandException(
                        ExitCode.FAILED, file + ": this is no clientpack: it is too long");
            }
            text = Files.readString(file);
            warnIfOpen(file);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "cannot read " + file + " as a clientpack: " + ControlSocket.reason(e));
        }
        return switch (PackReader.read(text)) {
            case PackReader.Reading.Refused(String reason) ->
                    throw new CommandException(ExitCode.FAILED, file + ": " + reason);
            case PackReader.Reading.Read(Pack pack, var warnings) -> {
                warnings.forEach(each -> shell.err().println("peermesh: " + file + ": " + each));
                yield pack;
            }
        };
    }

    private void warnIfOpen(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.contains(PosixFilePermission.GROUP_READ)
                || mode.contains(PosixFilePermission.OTHERS_READ)) {
            shell.err()
                    .println(
                            "peermesh: others on this machine can read the keys in "
                                    + file
                                    + ": run chmod 600 "
                                    + file);
        }
    }

    @Command(
            name = "status",
            description = "What the agent on this machine does.",
            mixinStandardHelpOptions = true)
    int status(
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = DEFAULT_NAME,
                            description = "Of the interface. Default: ${DEFAULT-VALUE}")
                    String name,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        JsonNode answer = ask(name, "status", false);
        if (json) {
            shell.out().println(answer.toPrettyString());
        } else {
            print(AgentProcess.JSON.treeToValue(answer, AgentStatus.class));
        }
        return ExitCode.OK;
    }

    private void print(AgentStatus status) {
        shell.out()
                .printf(
                        "%s %s, %s%s%n",
                        status.name(),
                        status.overlayAddress(),
                        status.state(),
                        status.controller() == 0
                                ? ""
                                : " to controller %d for %s (%s)"
                                        .formatted(
                                                status.controller(),
                                                Units.age(status.usedSeconds()),
                                                cause(status)));
        shell.out()
                .printf(
                        "%d moves; %d of %d probes answered%n",
                        status.switches(), status.probesAnswered(), status.probesSent());
        var table =
                new Table(
                        shell,
                        "controller",
                        "endpoint",
                        "address",
                        "state",
                        "rtt",
                        "answered",
                        "sent",
                        "received");
        for (AgentStatus.Controller each : status.controllers()) {
            table.row(
                    each.id(),
                    each.endpoint(),
                    each.address().isEmpty() ? "-" : each.address(),
                    each.state(),
                    each.rttMicros() == 0 ? "-" : Units.millis(each.rttMicros()),
                    each.answeredMillis() < 0
                            ? "never"
                            : Units.age(each.answeredMillis() / 1000) + " ago",
                    Units.bytes(each.sentBytes()),
                    Units.bytes(each.receivedBytes()));
        }
        shell.out().print(table);
        status.problems().forEach(each -> shell.out().println("problem: " + each));
    }

    private static String cause(AgentStatus status) {
        return status.silentMillis() == 0
                ? status.cause()
                : "the one before was silent for " + status.silentMillis() + " ms";
    }

    @Command(
            name = "use",
            description = "Move to a controller that stands by.",
            mixinStandardHelpOptions = true)
    int use(
            @Parameters(paramLabel = "ID", description = "Controller id, 1 to 10.") int id,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = DEFAULT_NAME,
                            description = "Of the interface. Default: ${DEFAULT-VALUE}")
                    String name) {
        if (id < 1 || id > 10) {
            throw new CommandException(ExitCode.USAGE, "a controller id is between 1 and 10");
        }
        JsonNode ignored = ask(name, "use " + id, false);
        shell.out().println("using controller " + id);
        return ExitCode.OK;
    }

    @Command(
            name = "down",
            description = "Stop the agent; returns when its interface is gone.",
            mixinStandardHelpOptions = true)
    int down(
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = DEFAULT_NAME,
                            description = "Of the interface. Default: ${DEFAULT-VALUE}")
                    String name) {
        JsonNode ignored = ask(name, "down", true);
        shell.out().println(name + " is down");
        return ExitCode.OK;
    }

    private JsonNode ask(String name, String question, boolean untilClosed) {
        demandName(name);
        Path path = ControlSocket.path(directory, name);
        JsonNode answer;
        try {
            answer = AgentProcess.JSON.readTree(ControlSocket.ask(path, question, untilClosed));
        } catch (java.nio.file.AccessDeniedException e) {
            throw new CommandException(ExitCode.UNREACHABLE, "only root may ask the agent");
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.UNREACHABLE,
                    "no agent answers on "
                            + path
                            + " ("
                            + e.getMessage()
                            + "): is 'peermesh client up' running, and are you root?");
        }
        if (answer.has("error")) {
            throw new CommandException(ExitCode.FAILED, answer.path("error").asString());
        }
        return answer;
    }

    @Command(
            name = "failover-script",
            description = {
                "Write a script and a systemd timer that point a stock WireGuard interface at the"
                        + " next controller when its own does not answer.",
                "For machines where 'client up' cannot run. The script holds no secret."
            },
            mixinStandardHelpOptions = true)
    int failoverScript(
            @Parameters(paramLabel = "PACK", description = "The clientpack, a .conf file.")
                    Path pack,
            @Option(
                            names = "--interface",
                            paramLabel = "NAME",
                            defaultValue = "wg0",
                            description =
                                    "The WireGuard interface to watch. Default: ${DEFAULT-VALUE}")
                    String device,
            @Option(
                            names = "--out",
                            paramLabel = "DIR",
                            defaultValue = ".",
                            description = "Where to write. Default: the current folder")
                    Path out) {
        demandName(device);
        FailoverScript script = read(pack).failoverScript(device);
        try {
            for (Path file : write(script, out)) {
                shell.out().println("wrote " + file);
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "cannot write to " + out + ": " + ControlSocket.reason(e));
        }
        shell.out().print(script.howToInstall());
        return ExitCode.OK;
    }

    /** Writes script, service and timer, and says where they are. */
    static List<Path> write(FailoverScript script, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(script.name() + ".sh");
        Path service = folder.resolve(script.name() + ".service");
        Path timer = folder.resolve(script.name() + ".timer");
        Files.writeString(file, script.script());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(service, script.service());
        Files.writeString(timer, script.timer());
        return List.of(file, service, timer);
    }
}
