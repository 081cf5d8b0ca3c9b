package io.peermesh.web;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import io.peermesh.http.server.TestTls;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of a browser as forms need: it keeps cookies, and the token of the last form it saw. */
final class TestBrowser {
    private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]*)\"");

    private final HttpClient client =
            HttpClient.newBuilder().sslContext(TestTls.trustingAll()).build();
    private final String root;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String formToken = "";

    TestBrowser(TestApi api) {
        this.root = "https://127.0.0.1:" + api.port();
    }

    /** Logged in as a new user of this role, who has chosen a password. */
    static TestBrowser of(TestApi api, Role role) {
        String name = "user-" + role.label();
        Outcome<String> added = api.administration.users().add(Actor.LOCAL, name, role);
        String generated = ((Outcome.Done<String>) added).value();
        var user = new TestBrowser(api).loggedIn(name, generated);
        user.get("/password");
        user.post(
                "/password",
                Map.of(
                        "password",
                        generated,
                        "new_password",
                        "chosen password",
                        "repeated_password",
                        "chosen password"));
        return user;
    }

    /** What came back; redirects are not followed. */
    record Page(int status, String location, String html, HttpResponse<String> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** Logs in. */
    TestBrowser loggedIn(String user, String password) {
        get("/login");
        Page answer = post("/login", Map.of("user", user, "password", password));
        if (answer.status() != 303) {
            throw new AssertionError(answer.status() + " " + answer.html());
        }
        return this;
    }

    Page get(String path) {
        return send(request(path).GET());
    }

    /** Sends a form with the token of the last page. */
    Page post(String path, Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        all.putIfAbsent("form_token", formToken);
        return postExactly(path, all, Map.of("Origin", root));
    }

    /** Sends a form with nothing added. */
    Page postExactly(String path, Map<String, String> fields, Map<String, String> headers) {
        String body =
                fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        HttpRequest.Builder request =
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request);
    }

    /** Sends a form with the token of the last page, as browsers send those with files. */
    Page upload(String path, Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        all.putIfAbsent("form_token", formToken);
        var body = new StringBuilder();
        all.forEach((name, value) ->
                body.append("--boundary\r\nContent-Disposition: form-data; name=\"")
                        .append(name)
                        .append(name.endsWith("_file") ? "\"; filename=\"a.pem\"" : "\"")
                        .append("\r\n\r\n")
                        .append(value)
                        .append("\r\n"));
        body.append("--boundary--\r\n");
        return send(
                request(path)
                        .header("Content-Type", "multipart/form-data; boundary=boundary")
                        .header("Origin", root)
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private Page send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            Matcher token = TOKEN.matcher(response.body());
            if (token.find()) {
                formToken = token.group(1);
            }
            return new Page(
                    response.statusCode(),
                    response.headers().firstValue("Location").orElse(""),
                    response.body(),
                    response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What comes back, as it is sent. */
    byte[] getBytes(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).GET();
        headers.forEach(request::header);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A stream, as it comes. */
    Reader stream(String path) {
        try {
            return new InputStreamReader(
                    client.send(
                                    request(path).GET().build(),
                                    HttpResponse.BodyHandlers.ofInputStream())
                            .body(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String header) {
        String pair = header.substring(0, header.indexOf(';'));
        int equals = pair.indexOf('=');
        cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    /** The token of the last form. */
    String formToken() {
        return formToken;
    }

    /** The cookie of the session, as it would be stolen. */
    Optional<String> sessionCookie() {
        return cookies.entrySet().stream()
                .filter(each -> each.getKey().matches("__Host-peermesh-[0-9]+"))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
