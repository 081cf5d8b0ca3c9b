package io.peermesh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.FetchUnreachableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the two sides of a keyset fetch reach each other. */
class HttpsFetchTransportTest {
    private final HttpsFetchTransport transport = new HttpsFetchTransport();

    @AfterEach
    void stop() {
        transport.close();
    }

    @Test
    void carriesAMessageToTheSourceAndItsAnswerBack(@TempDir Path directory) {
        try (var api = new TestApi(directory)) {
            byte[] answer =
                    transport.post(
                            "127.0.0.1",
                            api.port(),
                            FetchTransport.FETCH_PATH,
                            "junk".getBytes(StandardCharsets.UTF_8));

            assertThat(new String(answer, StandardCharsets.UTF_8)).startsWith("{");
        }
    }

    @Test
    void saysWhichSourceDoesNotAnswer() {
        assertThatThrownBy(() ->
                        transport.post("127.0.0.1", 1, FetchTransport.FETCH_PATH, new byte[0]))
                .isInstanceOf(FetchUnreachableException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void refusesWhatIsNoHost() {
        assertThatThrownBy(() ->
                        transport.post("no host", 8000, FetchTransport.FETCH_PATH, new byte[0]))
                .isInstanceOf(FetchUnreachableException.class);
    }
}
