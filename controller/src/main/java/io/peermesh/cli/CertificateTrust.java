package io.peermesh.cli;

import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whether to trust a controller's certificate. In this order:
 *
 * <ol>
 *   <li>{@code --insecure}: any.
 *   <li>a fingerprint given or remembered: exactly that certificate.
 *   <li>an authority of this system vouches for it and for the host name: yes.
 *   <li>a controller on this machine (loopback): trusted and remembered, nobody is in between.
 *   <li>a person at the terminal is asked, and the answer remembered.
 *   <li>else no.
 * </ol>
 */
final class CertificateTrust extends X509ExtendedTrustManager {
    private final Shell shell;
    private final String host;
    private final String controller;
    private final Optional<String> expected;
    private final boolean insecure;
    private final KnownControllers known;
    private final X509ExtendedTrustManager system;
    private volatile @Nullable String refusal;

    /**
     * For one controller.
     *
     * @param expected the fingerprint that it must have
     */
    CertificateTrust(
            Shell shell, String host, int port, Optional<String> expected, boolean insecure) {
        this.shell = shell;
        this.host = host;
        this.controller = host + ":" + port;
        this.insecure = insecure;
        this.known = new KnownControllers(shell.configDirectory().resolve("known_controllers"));
        this.expected = expected.map(CertificateTrust::normalized);
        this.system = systemTrust();
    }

    private static String normalized(String fingerprint) {
        return fingerprint.replace(":", "").strip().toLowerCase(Locale.ROOT);
    }

    private static X509ExtendedTrustManager systemTrust() {
        try {
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no trust store", e);
        }
    }

    /** A client's context that asks this object. */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Why the last certificate was refused; empty when none was. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        if (insecure) {
            return;
        }
        String fingerprint = fingerprint(chain[0]);
        Optional<String> wanted = expected.or(() -> known.fingerprint(controller));
        if (wanted.isPresent()) {
            if (!wanted.get().equals(fingerprint)) {
                refuse(
                        controller
                                + " shows another certificate than before. Its fingerprint is "
                                + fingerprint
                                + ", expected was "
                                + wanted.get()
                                + ". If the controller was set up anew, remove its line from "
                                + known.file());
            }
            return;
        }
        if (!isVouchedFor(chain, type, engine)) {
            meet(fingerprint);
        }
    }

    private boolean isVouchedFor(X509Certificate[] chain, String type, SSLEngine engine) {
        try {
            system.checkServerTrusted(chain, type, engine);
            return true;
        } catch (CertificateException unknown) {
            return false;
        }
    }

    private void meet(String fingerprint) throws CertificateException {
        if (isThisMachine()) {
            known.remember(controller, fingerprint);
            return;
        }
        Optional<String> answer =
                shell.ask()
                        .apply(
                                "The certificate of "
                                        + controller
                                        + " is new here. Its SHA-256 fingerprint is\n  "
                                        + fingerprint
                                        + "\nTrust it from now on? [y/N] ");
        if (answer.map(text -> text.toLowerCase(Locale.ROOT).startsWith("y")).orElse(false)) {
            known.remember(controller, fingerprint);
            return;
        }
        refuse(
                "the certificate of "
                        + controller
                        + " is not trusted. If its fingerprint is right, give --fingerprint "
                        + fingerprint);
    }

    /** Only literals: a name could resolve to something else the next time. */
    private boolean isThisMachine() {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    private void refuse(String reason) throws CertificateException {
        refusal = reason;
        throw new CertificateException(reason);
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("only for connections with an engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("only for connections with an engine");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("only for servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("only for servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("only for servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
