package io.peermesh.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peermesh.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Forms with files. */
class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=----xyz";
    private static final String FORM =
            "------xyz\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\nsecret\r\n"
                    + "------xyz\r\nContent-Disposition: form-data; name=\"license_file\";"
                    + " filename=\"my name=\r\\\"x\"\r\nContent-Type: text/plain\r\n\r\n"
                    + "-----BEGIN\r\nÄ--xyz\r\n\r\nEND\r\n\r\n------xyz\r\n"
                    + "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n------xyz--\r\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsFieldsAndFiles() {
        assertThat(Multipart.parse(TYPE, bytes(FORM.replace("my name=\r\\\"x", "name.txt"))))
                .isEqualTo(
                        Map.of(
                                "form_token",
                                "secret",
                                "license_file",
                                "-----BEGIN\r\nÄ--xyz\r\n\r\nEND\r\n",
                                "empty",
                                ""));
    }

    @Test
    void theBoundaryMayBeQuoted() {
        String form = "--a b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--a b--";

        assertThat(Multipart.parse("Multipart/Form-Data; boundary=\"a b\"", bytes(form)))
                .isEqualTo(Map.of("x", "1"));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = bytes(FORM.replace("my name=\r\\\"x", "name.txt"));
        for (int length = 0; length < whole.length - "--\r\n".length(); length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Multipart.parse(TYPE, part)).isInstanceOf(BadArgument.class);
        }
    }

    @Test
    void whatIsNoFormIsRefused() {
        for (String type : List.of("", "multipart/form-data", "multipart/form-data; boundary=")) {
            assertThatThrownBy(() -> Multipart.parse(type, bytes(FORM)))
                    .isInstanceOf(BadArgument.class);
        }
        String nameless = "------xyz\r\nContent-Disposition: attachment\r\n\r\n1\r\n------xyz--";
        assertThatThrownBy(() -> Multipart.parse(TYPE, bytes(nameless)))
                .isInstanceOf(BadArgument.class);
    }

    @Test
    void tooManyPartsAndTooLongHeadersAreRefused() {
        String part = "------xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        String end = "------xyz--";

        assertThat(Multipart.parse(TYPE, bytes(part.repeat(Multipart.MAX_PARTS) + end))).hasSize(1);
        assertThatThrownBy(() ->
                        Multipart.parse(TYPE, bytes(part.repeat(Multipart.MAX_PARTS + 1) + end)))
                .isInstanceOf(BadArgument.class);
        String longName = part.replace("\"a\"", "\"" + "a".repeat(2048) + "\"");
        assertThatThrownBy(() -> Multipart.parse(TYPE, bytes(longName + end)))
                .isInstanceOf(BadArgument.class);
    }

    @Test
    void survivesNonsense() {
        Seeds.each(
                300,
                seed -> {
                    var random = new SplittableRandom(seed);
                    byte[] body = bytes(FORM);
                    for (int i = 0; i < 6; i++) {
                        body[random.nextInt(body.length)] = (byte) random.nextInt();
                    }
                    try {
                        assertThat(Multipart.parse(TYPE, body)).isNotNull();
                    } catch (BadArgument refused) {
                        assertThat(refused).hasMessageContaining("not a valid form");
                    }
                });
    }
}
