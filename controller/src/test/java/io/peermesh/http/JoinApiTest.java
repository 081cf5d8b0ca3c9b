package io.peermesh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Joining over the API, between two real servers. */
class JoinApiTest {
    private static final String PATH = "/api/mesh/v1/join";

    @TempDir Path directory;
    private TestApi first;
    private TestApi further;

    @BeforeEach
    void start() {
        first = new TestApi(directory.resolve("first"));
        further = new TestApi(directory.resolve("further"));
    }

    @AfterEach
    void stop() {
        first.close();
        further.close();
    }

    private JsonNode join(String token, String address) {
        TestApi.expect(
                further.call(
                        "POST",
                        PATH,
                        """
                        {"source": "127.0.0.1:%d", "token": "%s", "address": "%s", "name": "b"}
                        """
                                .formatted(first.port(), token, address)));
        return further.awaitJoin();
    }

    @Test
    void joinsAMeshOfWhichTheFirstControllerHasOnlyItsKeyset() {
        first.withKeyset();
        assertThat(further.get(PATH).response().toString())
                .isEqualTo("{\"state\":\"none\",\"steps\":[]}");

        JsonNode joined = join(TestApi.TOKEN, "b.example.net");

        assertThat(joined.path("state").asString()).isEqualTo("joined");
        assertThat(joined.path("controller_id").asInt()).isEqualTo(2);
        assertThat(joined.path("source").asString()).isEqualTo("127.0.0.1:" + first.port());
        assertThat(joined.path("steps").valueStream().map(step -> step.path("name").asString()))
                .containsExactly("fetch", "id", "announce", "peer");
        assertThat(joined.path("steps").toString()).doesNotContain("open", "running", "failed");
        assertThat(first.get("/api/peering").response().at("/controllers/1/self").asBoolean(false))
                .isTrue();
        assertThat(first.get("/api/peering").response().at("/controllers/2/address").asString())
                .isEqualTo("b.example.net");
        assertThat(further.get("/api/config").response().path("controller_name").asString())
                .isEqualTo("b");
        assertThat(further.get("/api/config").status()).isEqualTo(200); // no restart to wait for
    }

    @Test
    void tellsWhyItFailed() {
        first.withKeyset();

        JsonNode failed = join("not the right one", "b.example.net");
        JsonNode seen = join(TestApi.TOKEN, "");

        assertThat(failed.path("state").asString()).isEqualTo("failed");
        assertThat(failed.at("/failure/reason").asString()).isEqualTo("refused-token");
        assertThat(failed.at("/steps/0/state").asString()).isEqualTo("failed");
        assertThat(failed.toString()).doesNotContain("not the right one");
        assertThat(seen.at("/failure/reason").asString()).isEqualTo("address");
        assertThat(seen.at("/failure/message").asString()).contains("it was seen from 127.0.0.1");
        assertThat(seen.at("/steps/2/state").asString()).isEqualTo("failed");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThat(further.call("POST", PATH, "{}").message()).isEqualTo("token is missing");
        assertThat(further.call("POST", PATH, "{\"token\": \"x\"}").message())
                .isEqualTo("source is missing");
        first.ready();
        var reply = first.call("POST", PATH, "{\"token\": \"x\", \"source\": \"10.0.0.9\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).startsWith("This controller has a keyset already");
    }
}
