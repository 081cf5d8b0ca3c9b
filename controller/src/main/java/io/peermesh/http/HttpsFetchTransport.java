package io.peermesh.http;

import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.FetchUnreachableException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Carries a keyset fetch or a join over HTTPS. The source's certificate is not checked, it is
 * self-signed as a rule: the exchange proves both sides to each other and encrypts the keyset by
 * itself.
 */
public final class HttpsFetchTransport implements FetchTransport, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** Longer answers fail unread. */
    private static final HttpResponse.BodyHandler<byte[]> ANSWER =
            HttpResponse.BodyHandlers.limiting(
                    HttpResponse.BodyHandlers.ofByteArray(), FetchTransport.MAX_ANSWER_BYTES);

    private final HttpClient client;

    /** Without a connection yet. */
    public HttpsFetchTransport() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            client =
                    HttpClient.newBuilder()
                            .sslContext(context)
                            .connectTimeout(CONNECT_TIMEOUT)
                            .version(HttpClient.Version.HTTP_1_1)
                            .proxy(HttpClient.Builder.NO_PROXY)
                            .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    @Override
    public byte[] post(String host, int port, String path, byte[] message) {
        String where = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        try {
            var request =
                    HttpRequest.newBuilder(URI.create("https://" + where + path))
                            .timeout(ANSWER_TIMEOUT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                            .build();
            HttpResponse<byte[]> response =
                    client.sendAsync(request, ANSWER)
                            .get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new FetchUnreachableException(
                        where
                                + " answered with HTTP status "
                                + response.statusCode()
                                + "; is it a Peermesh controller?");
            }
            return response.body();
        } catch (ExecutionException e) {
            throw new FetchUnreachableException(
                    "no answer from " + where + ": " + reason(e.getCause()));
        } catch (TimeoutException e) {
            throw new FetchUnreachableException(
                    "no answer from " + where + " in " + ANSWER_TIMEOUT.toSeconds() + " s");
        } catch (IllegalArgumentException e) {
            throw new FetchUnreachableException("not an address: " + where);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchUnreachableException("interrupted while waiting for " + where);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            String message = at.getMessage();
            if (message != null) {
                return message;
            }
        }
        return String.valueOf(cause); // such as a bare ConnectException
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Accepts all: see the class comment. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
