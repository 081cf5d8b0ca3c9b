package io.peermesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.http.TestApi;
import io.peermesh.ip.Endpoint;
import io.peermesh.node.NodeStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code peermesh join} against two real servers. */
class JoinCommandTest {
    @TempDir Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private Optional<String> answer = Optional.empty();
    private TestApi first;
    private TestApi further;

    @BeforeEach
    void start() throws IOException {
        first = new TestApi(directory.resolve("first")).withKeyset();
        further = new TestApi(directory.resolve("further"));
        Path password = directory.resolve("password");
        Files.writeString(password, TestApi.PASSWORD + "\n");
        environment.put("HOME", directory.toString());
        environment.put("PEERMESH_URL", "https://127.0.0.1:" + further.port());
        environment.put("PEERMESH_PASSWORD_FILE", password.toString());
    }

    @AfterEach
    void stop() {
        first.close();
        further.close();
    }

    private int join(String... more) {
        var args = new ArrayList<>(List.of("join", "127.0.0.1:" + first.port()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var shell =
                new Shell(
                        new PrintWriter(out),
                        new PrintWriter(err),
                        environment,
                        false,
                        _ -> answer,
                        _ -> answer);
        return Cli.run(args, shell, new NoLauncher(), List.of());
    }

    private static final class NoLauncher implements Launcher {
        @Override
        public int controller(ControllerOptions options) {
            return 0;
        }

        @Override
        public Result resetPassword(Path dataDirectory) {
            return new Result.Done("");
        }

        @Override
        public Result repinLicense(Path dataDirectory, String licenseText) {
            return new Result.Done("");
        }
    }

    private static NodeStatus.Link link(NodeStatus.LinkState state, String reason) {
        return new NodeStatus.Link(
                1,
                state,
                reason,
                Endpoint.parse("127.0.0.1:1195"),
                420_000,
                0,
                NodeStatus.Health.UNKNOWN,
                0,
                0,
                "AES-256-GCM",
                0,
                0,
                0,
                0);
    }

    private void linkIs(NodeStatus.LinkState state, String reason) {
        further.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                List.of(link(state, reason)),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty()));
    }

    @Test
    void printsEachStepAndHowTheLinksComeUp() throws IOException {
        Path token = directory.resolve("token");
        Files.writeString(token, TestApi.TOKEN + "\n");
        linkIs(NodeStatus.LinkState.UP, "");

        int code = join("--token-file", token.toString(), "--address", "b.example", "--name", "b");

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "Fetch license and keyset: from 127.0.0.1:" + first.port(),
                        "Take a controller id: 2 of 4",
                        "Announce this controller: as reachable at b.example",
                        "Peer with the others: its peer is controller 1",
                        "controller 1 (127.0.0.1): up, round trip 0.42 ms");
    }

    @Test
    void asksForTheTokenAndSaysWhichLinkIsNotUpYet() {
        answer = Optional.of(TestApi.TOKEN);
        linkIs(NodeStatus.LinkState.CONNECTING, "no answer from 127.0.0.1:1195");

        assertThat(join("--address", "b.example", "--wait", "0")).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("controller 1 (127.0.0.1): connecting (no answer from 127.0.0.1:1195)")
                .contains("Is UDP 1195-1203 open between the controllers?");
    }

    @Test
    void saysWhyItFailedAndWhatToDo() {
        environment.put("PEERMESH_SECURITY_TOKEN", "another long token");

        assertThat(join()).isEqualTo(1);
        assertThat(err.toString())
                .contains("refused the security token; it must be the one that the keyset was");
        assertThat(out.toString()).isEmpty();

        environment.put("PEERMESH_SECURITY_TOKEN", TestApi.TOKEN);
        assertThat(join()).isEqualTo(1);
        assertThat(out.toString()).contains("Take a controller id: 2 of 4");
        assertThat(err.toString()).contains("it was seen from 127.0.0.1", "Give the address");
    }

    @Test
    void wantsATokenButNotAsAnArgument() {
        assertThat(join()).isEqualTo(2);
        assertThat(err.toString()).contains("no security token: give --token-file");
        assertThat(join("--token", TestApi.TOKEN)).isEqualTo(2);
        assertThat(run("join", "--help")).isZero();
        assertThat(out.toString()).contains("--token-file", "--address", "PEERMESH_SECURITY_TOKEN");
    }

    @Test
    void printsTheAnswerAsJson() {
        environment.put("PEERMESH_SECURITY_TOKEN", TestApi.TOKEN);

        assertThat(join("--address", "b.example", "--json")).as(err.toString()).isZero();

        JsonNode json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.path("state").asString()).isEqualTo("joined");
        assertThat(json.path("controller_id").asInt()).isEqualTo(2);
    }

    @Test
    void theShellCompletesIt() {
        assertThat(run("completion")).isZero();

        assertThat(out.toString()).contains("picocli_peermesh_join").contains("--token-file");
    }
}
