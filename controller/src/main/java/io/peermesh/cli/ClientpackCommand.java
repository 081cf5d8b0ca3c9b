package io.peermesh.cli;

import io.peermesh.api.PackText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code peermesh clientpack}. */
@Command(
        name = "clientpack",
        description = "Credentials and configuration of the clients.",
        mixinStandardHelpOptions = true)
final class ClientpackCommand {
    @Mixin private final Connection connection;
    private final Shell shell;

    ClientpackCommand(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    @Command(name = "list", description = "All clientpacks.", mixinStandardHelpOptions = true)
    int list() {
        try (ApiClient api = connection.open()) {
            JsonNode packs = api.get("/api/clientpacks");
            if (!connection.printsJson(packs)) {
                var table =
                        new Table(
                                shell,
                                "name",
                                "address",
                                "enabled",
                                "checked out",
                                "state",
                                "controller",
                                "tags");
                for (JsonNode pack : packs) {
                    table.row(
                            pack.path("name").asString(),
                            pack.path("overlay_ipaddress").asString(),
                            pack.path("enabled").asBoolean(false) ? "yes" : "no",
                            pack.path("checked_out").asBoolean(false) ? "yes" : "-",
                            pack.path("status").asString(),
                            pack.path("manager_id").asString("-"),
                            tags(pack.path("tags")));
                }
                shell.out().print(table);
            }
        }
        return ExitCode.OK;
    }

    private static String tags(JsonNode tags) {
        return String.join(
                " ",
                tags.properties().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue().asString())
                        .toList());
    }

    @Command(
            name = "download",
            description = "Write a clientpack to a file that only you can read.",
            mixinStandardHelpOptions = true)
    int download(
            @Parameters(paramLabel = "NAME", description = "Such as 10_199_0_1 or 10.199.0.1.")
                    String name,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Default: NAME.conf; - writes to standard output.")
                    @Nullable String out,
            @Option(
                            names = "--home",
                            paramLabel = "ID",
                            description =
                                    "The controller where the client begins. Default: packs are"
                                            + " spread over the controllers.")
                    @Nullable Integer home,
            @Option(names = "--force", description = "Overwrite FILE.") boolean force) {
        String text = pack(name, home == null ? "" : "&home=" + home);
        if ("-".equals(out)) {
            shell.out().print(text);
            return ExitCode.OK;
        }
        Path file = Path.of(out == null ? name.replace('.', '_') + ".conf" : out);
        write(file, text, force);
        shell.err().println("written to " + file);
        return ExitCode.OK;
    }

    @Command(
            name = "qr",
            description = "Show a clientpack as a QR code, for the WireGuard app of a phone.",
            mixinStandardHelpOptions = true)
    int qr(@Parameters(paramLabel = "NAME") String name) {
        shell.out().print(TerminalQr.draw(PackText.withoutComments(pack(name, ""))));
        return ExitCode.OK;
    }

    @Command(
            name = "failover-script",
            description = {
                "Print what moves a stock WireGuard between controllers, as 'client failover-script'"
                        + " makes it of a clientpack.",
                "Holds no secret."
            },
            mixinStandardHelpOptions = true)
    int failoverScript(
            @Parameters(paramLabel = "NAME", description = "Such as 10_199_0_1 or 10.199.0.1.")
                    String name,
            @Option(
                            names = "--interface",
                            paramLabel = "NAME",
                            defaultValue = "wg0",
                            description =
                                    "The WireGuard interface to watch. Default: ${DEFAULT-VALUE}")
                    String device,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            defaultValue = "script",
                            description = "script, service or timer. Default: ${DEFAULT-VALUE}")
                    String file) {
        String path =
                "/api/mesh/v1/clientpacks/%s/failover-script?interface=%s&file=%s"
                        .formatted(encoded(name), encoded(device), encoded(file));
        try (ApiClient api = connection.open()) {
            shell.out().print(new String(api.download(path), StandardCharsets.UTF_8));
        }
        return ExitCode.OK;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String pack(String name, String more) {
        try (ApiClient api = connection.open()) {
            byte[] file =
                    api.download(
                            "/api/clientpack?name=" + encoded(name) + "&fileformat=conf" + more);
            return new String(file, StandardCharsets.UTF_8);
        }
    }

    private static void write(Path file, String text, boolean force) {
        try {
            if (force) {
                Files.deleteIfExists(file);
            }
            var mode =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"));
            var how = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(file, how, mode);
                    OutputStream stream = java.nio.channels.Channels.newOutputStream(channel)) {
                stream.write(text.getBytes(StandardCharsets.UTF_8));
            }
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new CommandException(
                    ExitCode.FAILED, file + " exists; give --force to overwrite it");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write " + file + ": " + e);
        }
    }
}
