package io.peermesh.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.demo.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The command of the README, as a new user runs it. */
@ExtendWith(NeedsNamespaces.class)
class DemoIT {
    @TempDir Path folder;

    @Test
    void everyStepOfTheDemonstrationSucceeds() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("pm"), Launcher.path());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");

        int exitCode = run(out, err, link.toString(), "demo", "--no-install", "--json");

        String said = Files.readString(out) + Files.readString(err);
        assertThat(exitCode).as(said).isZero();
        var result = new JsonMapper().readTree(Files.readString(out));
        assertThat(result.path("ok").asBoolean()).as(said).isTrue();
        assertThat(result.path("links").size()).isEqualTo(6);
        assertThat(result.path("clients").size()).isEqualTo(2);
    }

    private int run(Path out, Path err, String... command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(Launcher.ENVIRONMENT);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }
}
