package io.peermesh.keyset;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Carries a fetch over HTTPS. The certificate is not checked, on purpose: controllers have
 * self-signed ones, and the exchange authenticates the source by the token, whoever is in between.
 */
public final class HttpFetchTransport implements FetchTransport, AutoCloseable {
    /** Longest answer that is read, bytes: the shared state of a large topology. */
    static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final HttpClient client;

    /** A transport with a pool of connections of its own. */
    public HttpFetchTransport(SecureRandom random) {
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .sslContext(anyCertificate(random))
                        .build();
    }

    @Override
    public byte[] post(String host, int port, byte[] message) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    new URI("https", null, literal(host), port, PATH, null, null))
                            .timeout(ANSWER)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                            .build();
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            return body(response);
        } catch (IOException | URISyntaxException e) {
            throw new FetchUnreachableException(reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchUnreachableException("interrupted");
        }
    }

    private static String literal(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static byte[] body(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw new FetchUnreachableException(
                        "it answered with HTTP status " + response.statusCode());
            }
            byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                throw new FetchUnreachableException("its answer is too long");
            }
            return bytes;
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName() + (message == null ? "" : " (" + message + ")");
    }

    /** Ends the pool of connections. */
    @Override
    public void close() {
        client.close();
    }

    private static SSLContext anyCertificate(SecureRandom random) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, random);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Trusts everyone; the extended form also keeps the JDK from comparing host names. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
