package io.peermesh.cli;

import io.peermesh.ip.Prefix;
import io.peermesh.license.License;
import io.peermesh.license.LicenseClaims;
import io.peermesh.license.LicenseIssuer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code peermesh license}. */
@Command(
        name = "license",
        description = "Make licenses, show them, give one to a controller.",
        mixinStandardHelpOptions = true)
final class LicenseCommand {
    private static final String KEY_FILE = "issuer-key";

    @Mixin private final Connection connection;
    private final Shell shell;
    private final Launcher launcher;

    LicenseCommand(Shell shell, Launcher launcher) {
        this.shell = shell;
        this.launcher = launcher;
        this.connection = new Connection(shell);
    }

    @Command(
            name = "create",
            description = "Make a license with your own issuer key, made on first use.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--topology", required = true, paramLabel = "NAME") String topology,
            @Option(names = "--controllers", required = true, paramLabel = "N") int controllers,
            @Option(names = "--clients", required = true, paramLabel = "N") int clients,
            @Option(
                            names = "--subnet",
                            paramLabel = "CIDR",
                            description = "Overlay subnet. Default: 100.127.255.192/26")
                    @Nullable String subnet,
            @Option(
                            names = "--expires",
                            paramLabel = "DATE",
                            description = "Such as 2030-12-31, its end in UTC. Default: never.")
                    @Nullable String expires,
            @Option(names = "--out", required = true, paramLabel = "FILE") Path out,
            @Option(names = "--force", description = "Overwrite FILE.") boolean force,
            @Option(
                            names = "--issuer-key",
                            paramLabel = "FILE",
                            description = "Default: ~/.config/peermesh/" + KEY_FILE)
                    @Nullable Path issuerKey) {
        LicenseClaims claims;
        try {
            claims =
                    new LicenseClaims(
                            UUID.randomUUID(),
                            topology,
                            controllers,
                            clients,
                            overlay(subnet),
                            Instant.now().truncatedTo(ChronoUnit.SECONDS),
                            Optional.ofNullable(expires).map(LicenseCommand::endOf));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
        claims.fault()
                .ifPresent(fault -> {
                    throw new CommandException(ExitCode.USAGE, fault);
                });
        LicenseIssuer issuer = issuer(issuerKey);
        write(out, issuer.issue(claims), force);
        shell.out()
                .println(
                        "license for topology "
                                + topology
                                + " written to "
                                + out
                                + "; issuer "
                                + issuer.fingerprint());
        return ExitCode.OK;
    }

    private static Prefix overlay(@Nullable String subnet) {
        return subnet == null
                ? LicenseClaims.DEFAULT_OVERLAY
                : Prefix.parse(subnet)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "--subnet must be like 10.0.0.0/24, not " + subnet));
    }

    private static Instant endOf(String date) {
        try {
            return LocalDate.parse(date).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("--expires must be like 2030-12-31, not " + date);
        }
    }

    private LicenseIssuer issuer(@Nullable Path given) {
        Path file = given == null ? shell.configDirectory().resolve(KEY_FILE) : given;
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return LicenseIssuer.open(file, new SecureRandom());
        } catch (IOException | RuntimeException e) {
            throw new CommandException(
                    ExitCode.FAILED, "issuer key " + file + ": " + e.getMessage());
        }
    }

    private static void write(Path out, String text, boolean force) {
        try {
            if (force) {
                Files.writeString(out, text);
            } else {
                Files.writeString(
                        out, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    ExitCode.FAILED, out + " exists; give --force to overwrite it");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write " + out + ": " + e);
        }
    }

    @Command(
            name = "show",
            description = "Show the license in FILE, or without FILE the controller's.",
            mixinStandardHelpOptions = true)
    int show(@Parameters(arity = "0..1", paramLabel = "FILE") @Nullable Path file) {
        JsonNode license = file == null ? fromController() : fromFile(file);
        if (!connection.printsJson(license)) {
            license.properties()
                    .forEach(field -> {
                        if (field.getValue().isValueNode()) {
                            shell.out()
                                    .println(field.getKey() + ": " + field.getValue().asString());
                        }
                    });
        }
        return ExitCode.OK;
    }

    private JsonNode fromController() {
        try (ApiClient api = connection.open()) {
            return api.get("/api/license");
        }
    }

    private static JsonNode fromFile(Path file) {
        return switch (License.parse(read(file))) {
            case License.Parsed.Good(License license) -> {
                LicenseClaims claims = license.claims();
                var fields = new LinkedHashMap<String, Object>();
                fields.put("id", claims.id());
                fields.put("topology_name", claims.topologyName());
                fields.put("controllers", claims.controllers());
                fields.put("clients", claims.clients());
                fields.put("overlay_subnet", claims.overlay().toString());
                fields.put("issued", claims.issued().toString());
                fields.put("expires", claims.expires().map(Instant::toString).orElse("never"));
                fields.put("issuer", license.issuer());
                yield ApiClient.JSON.valueToTree(fields);
            }
            case License.Parsed.Bad(String reason) ->
                    throw new CommandException(ExitCode.FAILED, file + ": " + reason);
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot read " + file);
        }
    }

    @Command(
            name = "upload",
            description = "Give a license to the controller and accept its default topology.",
            mixinStandardHelpOptions = true)
    int upload(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--subnet", paramLabel = "CIDR") @Nullable String subnet) {
        String text = read(file);
        try (ApiClient api = connection.open()) {
            api.putText("/api/license", text);
            JsonNode accepted =
                    api.put(
                            "/api/license/parameters",
                            subnet == null ? Map.of("default", true) : Map.of("subnet", subnet));
            api.awaitRestarted();
            if (!connection.printsJson(accepted)) {
                shell.out()
                        .println(
                                "licensed; overlay subnet "
                                        + accepted.at("/parameters/subnet").asString());
            }
        }
        return ExitCode.OK;
    }

    @Command(
            name = "upgrade",
            description =
                    "Give the controller a license with larger totals, and accept its new"
                            + " addresses. Do so on each controller, in the same way.",
            mixinStandardHelpOptions = true)
    int upgrade(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--clients",
                            paramLabel = "ADDRESSES",
                            description = "Of the new clientpacks. Default: the next free ones.")
                    @Nullable String clients,
            @Option(
                            names = "--managers",
                            paramLabel = "ADDRESSES",
                            description = "Of the new controllers. Default: the next free ones.")
                    @Nullable String managers) {
        String text = read(file);
        try (ApiClient api = connection.open()) {
            JsonNode upgrade = api.putText("/api/license/upgrade", text);
            if (!upgrade.path("finalized").asBoolean(false)) {
                api.put("/api/license/parameters", addresses(clients, managers));
            }
            if (!connection.printsJson(upgrade)) {
                shell.out()
                        .printf(
                                "upgraded; %d new clientpacks, %d new controllers%n",
                                upgrade.path("new_clientpacks").asInt(0),
                                upgrade.path("new_managers").asInt(0));
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> addresses(
            @Nullable String clients, @Nullable String managers) {
        if (clients == null && managers == null) {
            return Map.of("default", true);
        }
        var addresses = new LinkedHashMap<String, Object>();
        Optional.ofNullable(clients).ifPresent(each -> addresses.put("clients", each));
        Optional.ofNullable(managers).ifPresent(each -> addresses.put("managers", each));
        return addresses;
    }

    @Command(
            name = "repin",
            description =
                    "On the controller's machine: accept the issuer of this license from now on,"
                            + " for when the old issuer's key is lost.",
            mixinStandardHelpOptions = true)
    int repin(
            @Option(names = "--data", required = true, paramLabel = "DIR") Path data,
            @Parameters(paramLabel = "FILE") Path file) {
        return LocalResults.print(shell, launcher.repinLicense(data, read(file)));
    }
}
