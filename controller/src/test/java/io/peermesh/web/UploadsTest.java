package io.peermesh.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.Actor;
import io.peermesh.admin.EventQuery;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Role;
import io.peermesh.http.TestApi;
import io.peermesh.http.server.InstalledCertificate;
import io.peermesh.http.server.TestTls;
import io.peermesh.http.server.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are uploaded, without a script: licenses and certificates. */
class UploadsTest {
    private static final String CERTIFICATE = "/system/certificate";

    @TempDir private Path other;
    private TestApi api;
    private TestBrowser browser;

    @BeforeEach
    void start(@TempDir Path directory) {
        api = new TestApi(directory);
        browser = new TestBrowser(api).loggedIn("admin", TestApi.PASSWORD);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** A key and a certificate for a name, made at a time. */
    private Map<String, String> pair(String name, Instant made) throws IOException {
        Path directory = Files.createTempDirectory(other, "pair");
        new InstalledCertificate(directory, List.of(name), made, new SecureRandom());
        return Map.of(
                "key_file", Files.readString(directory.resolve(TlsIdentity.KEY_FILE)),
                "certificate_file",
                        Files.readString(directory.resolve(TlsIdentity.CERTIFICATE_FILE)));
    }

    private String shown() throws IOException {
        try (var socket =
                (SSLSocket)
                        TestTls.trustingAll()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", api.port())) {
            socket.startHandshake();
            var leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName();
        }
    }

    private TestBrowser.Page replace(Map<String, String> fields) {
        browser.get(CERTIFICATE);
        return browser.upload(CERTIFICATE, fields);
    }

    @Test
    void aLicenseIsUploadedAsAFile() {
        browser.get("/topology/license");

        var sent =
                browser.upload(
                        "/topology/license",
                        Map.of("license", "", "license_file", TestApi.license()));

        assertThat(sent.location()).isEqualTo("/topology/license");
        assertThat(browser.get("/topology/license").html()).contains("Accept parameters");
    }

    @Test
    void anUploadNeedsTheFormOfOurPage() {
        browser.get("/topology/license");

        var sent =
                browser.upload(
                        "/topology/license",
                        Map.of("license_file", TestApi.license(), "form_token", "guess"));

        assertThat(sent.status()).isEqualTo(403);
        assertThat(browser.get("/topology/license").html()).doesNotContain("Accept parameters");
    }

    @Test
    void aReplacedCertificateIsSeenByTheNextConnectionAndKept() throws IOException {
        assertThat(shown()).contains("CN=localhost");
        var sent = replace(pair("vpn.example", TestApi.START));

        assertThat(sent.location()).isEqualTo(CERTIFICATE);
        assertThat(shown()).contains("CN=vpn.example");
        assertThat(browser.get(CERTIFICATE).html()).contains("CN=vpn.example");
        Path key = api.directory().resolve(TlsIdentity.KEY_FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(
                        new InstalledCertificate(
                                        api.directory(),
                                        List.of("x"),
                                        TestApi.START,
                                        new SecureRandom())
                                .view()
                                .names())
                .containsExactly("vpn.example");
        assertThat(api.administration.events().find(EventQuery.newest(1)).getFirst().text())
                .contains("The HTTPS certificate was replaced by admin: ");
    }

    @Test
    void aPairThatCannotBeUsedIsRefusedInWordsAndItsKeyNeverShown() throws IOException {
        Map<String, String> good = pair("a.example", TestApi.START);
        String key = good.getOrDefault("key_file", "");
        String chain = good.getOrDefault("certificate_file", "");
        String strange = pair("b.example", TestApi.START).getOrDefault("certificate_file", "");
        String old =
                pair("c.example", TestApi.START.minusSeconds(400_000_000))
                        .getOrDefault("certificate_file", "");
        String future =
                pair("d.example", TestApi.START.plusSeconds(400_000))
                        .getOrDefault("certificate_file", "");
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n";

        expectRefusal(key, strange, "is not that of the first certificate");
        expectRefusal(key, old, "the certificate expired at");
        expectRefusal(key, future, "is not valid before");
        expectRefusal(key, chain + strange, "certificate 2 did not issue the one before it");
        expectRefusal("", chain, "there is no private key");
        expectRefusal(chain, chain, "there is no private key");
        expectRefusal(key, "", "there must be 1 to 10 certificates");
        expectRefusal(key, key, "there must be 1 to 10 certificates");
        expectRefusal("-----BEGIN PRIVATE KEY-----\nAAAA\n", chain, "the private key is no PEM");
        expectRefusal(encrypted, chain, "private key");
        assertThat(shown()).contains("CN=localhost");
    }

    private void expectRefusal(String key, String chain, String words) {
        var sent = replace(Map.of("key", key, "certificate", chain));

        assertThat(sent.status()).isEqualTo(422);
        assertThat(sent.html())
                .contains("This key and certificate cannot be used: ", words)
                .doesNotContain(key.isEmpty() || key.equals(chain) ? "no such text" : key);
    }

    @Test
    void theApiReplacesItToo() throws IOException {
        Map<String, String> pair = pair("api.example", TestApi.START);
        String body =
                tools.jackson.databind.json.JsonMapper.shared()
                        .writeValueAsString(
                                Map.of(
                                        "key",
                                        pair.getOrDefault("key_file", ""),
                                        "certificate",
                                        pair.getOrDefault("certificate_file", "")));

        TestApi.Reply reply = api.call("PUT", "/api/mesh/v1/certificate", body);

        assertThat(reply.response().path("subject").asString("")).contains("CN=api.example");
        assertThat(reply.text()).doesNotContain("PRIVATE KEY");
        assertThat(api.call("PUT", "/api/mesh/v1/certificate", "{\"key\":\"x\"}").status())
                .isEqualTo(400);
        assertThat(shown()).contains("CN=api.example");
    }

    @Test
    void onlyAnAdministratorReplacesIt() throws IOException {
        Outcome<String> added = api.administration.users().add(Actor.LOCAL, "olga", Role.OPERATOR);
        String generated = ((Outcome.Done<String>) added).value();
        var operator = new TestBrowser(api).loggedIn("olga", generated);
        operator.get("/password");
        operator.post(
                "/password",
                Map.of(
                        "password", generated,
                        "new_password", "another password",
                        "repeated_password", "another password"));
        operator = new TestBrowser(api).loggedIn("olga", "another password");

        String html = operator.get(CERTIFICATE).html();
        operator.get("/password");
        var sent = operator.upload(CERTIFICATE, pair("x.example", TestApi.START));

        assertThat(html).contains("SHA-256").doesNotContain("Replace certificate");
        assertThat(sent.status()).isEqualTo(403);
        assertThat(shown()).contains("CN=localhost");
    }
}
