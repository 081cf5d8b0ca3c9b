package io.peermesh.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** Options of every command that speaks to a controller. A password is never an argument. */
final class Connection {
    private static final String DEFAULT_URL = "https://127.0.0.1:8000";
    private static final int DEFAULT_PORT = 8000;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description =
                    "The controller, such as https://10.0.0.1:8000 or only 10.0.0.1. Environment:"
                            + " PEERMESH_URL. Default: "
                            + DEFAULT_URL)
    private @Nullable String url;

    @Option(
            names = "--password-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description =
                    "File that holds the API password. Environment: PEERMESH_PASSWORD_FILE. Without"
                            + " it, and without PEERMESH_TOKEN, the password is asked for.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--fingerprint",
            scope = ScopeType.INHERIT,
            paramLabel = "SHA256",
            description = "The certificate that the controller must show. PEERMESH_FINGERPRINT.")
    private @Nullable String fingerprint;

    @Option(
            names = "--insecure",
            scope = ScopeType.INHERIT,
            description = "Accept any certificate: whoever is in between can read the password.")
    private boolean insecure;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the API's answer as JSON.")
    private boolean json;

    private final Shell shell;

    Connection(Shell shell) {
        this.shell = shell;
    }

    Shell shell() {
        return shell;
    }

    /** Whether the answer shall be printed as JSON; does so if it shall. */
    boolean printsJson(JsonNode response) {
        if (json) {
            shell.out().println(response.toPrettyString());
        }
        return json;
    }

    /** Whether answers shall be printed as JSON. */
    boolean isJson() {
        return json;
    }

    /** Logs in with the first request. */
    ApiClient open() {
        URI base = base();
        Optional<String> expected =
                Optional.ofNullable(fingerprint).or(() -> shell.variable("PEERMESH_FINGERPRINT"));
        String host = base.getHost().replaceAll("[\\[\\]]", "");
        return new ApiClient(
                base,
                credentials(),
                new CertificateTrust(shell, host, base.getPort(), expected, insecure));
    }

    private URI base() {
        String text =
                Optional.ofNullable(url)
                        .or(() -> shell.variable("PEERMESH_URL"))
                        .orElse(DEFAULT_URL);
        try {
            URI uri = URI.create(text.contains("://") ? text : "https://" + text);
            if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
                throw usage(text);
            }
            int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
            return new URI("https", null, uri.getHost(), port, "/", null, null);
        } catch (IllegalArgumentException | java.net.URISyntaxException e) {
            throw usage(text);
        }
    }

    private static CommandException usage(String url) {
        return new CommandException(
                ExitCode.USAGE, "--url must look like https://HOST[:PORT], not " + url);
    }

    private Map<String, String> credentials() {
        var headers = new LinkedHashMap<String, String>();
        Optional<String> token = shell.variable("PEERMESH_TOKEN");
        if (token.isPresent()) {
            headers.put("api-token", token.get());
            return headers;
        }
        byte[] basic = ("api:" + password()).getBytes(StandardCharsets.UTF_8);
        headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(basic));
        return headers;
    }

    private String password() {
        Optional<Path> file =
                Optional.ofNullable(passwordFile)
                        .or(() -> shell.variable("PEERMESH_PASSWORD_FILE").map(Path::of));
        if (file.isPresent()) {
            return readLine(file.get());
        }
        return shell.askSecret()
                .apply("API password: ")
                .orElseThrow(() ->
                        new CommandException(
                                ExitCode.UNAUTHORIZED,
                                "no credential: give --password-file, or set"
                                        + " PEERMESH_PASSWORD_FILE or PEERMESH_TOKEN"));
    }

    /** The first line of a file that holds a secret. */
    static String readLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "cannot read " + file);
        }
    }
}
