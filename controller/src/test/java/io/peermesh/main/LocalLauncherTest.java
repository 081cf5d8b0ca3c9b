package io.peermesh.main;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.cli.Launcher;
import io.peermesh.http.TestApi;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from a shell on the controller's machine. */
class LocalLauncherTest {
    private final Launcher launcher = new LocalLauncher();

    @Test
    void resetsThePasswordWhileTheControllerRuns(@TempDir Path directory) {
        try (var api = new TestApi(directory)) {
            String text = ((Launcher.Result.Done) launcher.resetPassword(directory)).text();
            String password = text.substring(text.lastIndexOf(' ') + 1);

            assertThat(api.get("/api/config").status()).isEqualTo(401);
            assertThat(
                            api.send(
                                            "GET",
                                            "/api/config",
                                            "",
                                            "application/json",
                                            "Authorization",
                                            TestApi.basic(password))
                                    .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void saysThatADirectoryHoldsNoState(@TempDir Path directory) {
        assertThat(launcher.resetPassword(directory)).isInstanceOf(Launcher.Result.Refused.class);
    }
}
