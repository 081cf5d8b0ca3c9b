package io.peermesh.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A TLS context that gives each accepted socket its time-out before the handshake. Helidon 4.5 sets
 * none, so that a caller who connects and stays silent would hold a connection for ever; this is
 * the one place that it passes with the plain socket in hand, on the connection's own thread.
 */
final class ListenerTls extends SSLContext {
    /**
     * Guards this context.
     *
     * @param current gives what each accepted socket shall use
     * @param read silence after which a read fails
     * @param accepted called for each connection, on its thread
     */
    ListenerTls(Supplier<SSLContext> current, Duration read, Runnable accepted) {
        this(current, current.get(), read, accepted);
    }

    private ListenerTls(
            Supplier<SSLContext> current, SSLContext context, Duration read, Runnable accepted) {
        super(
                new Spi(context, new Factory(current, context.getSocketFactory(), read, accepted)),
                context.getProvider(),
                context.getProtocol());
    }

    private static final class Factory extends SSLSocketFactory {
        private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

        private final Supplier<SSLContext> current;
        private final SSLSocketFactory factory;
        private final int readMillis;
        private final Runnable accepted;

        Factory(
                Supplier<SSLContext> current,
                SSLSocketFactory factory,
                Duration read,
                Runnable accepted) {
            this.current = current;
            this.factory = factory;
            this.readMillis = Math.toIntExact(read.toMillis());
            this.accepted = accepted;
        }

        @Override
        public Socket createSocket(Socket plain, InputStream consumed, boolean autoClose)
                throws IOException {
            accepted.run();
            plain.setSoTimeout(readMillis);
            var socket =
                    (SSLSocket)
                            current.get()
                                    .getSocketFactory()
                                    .createSocket(plain, consumed, autoClose);
            socket.setEnabledProtocols(PROTOCOLS);
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket plain, String host, int port, boolean autoClose) {
            throw onlyForAccepted();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw onlyForAccepted();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) {
            throw onlyForAccepted();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw onlyForAccepted();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
            throw onlyForAccepted();
        }

        private static UnsupportedOperationException onlyForAccepted() {
            return new UnsupportedOperationException("only for accepted sockets");
        }
    }

    private static final class Spi extends SSLContextSpi {
        private final SSLContext context;
        private final SSLSocketFactory factory;

        Spi(SSLContext context, SSLSocketFactory factory) {
            this.context = context;
            this.factory = factory;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
                throws KeyManagementException {
            context.init(keys, trust, random);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return factory;
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return context.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return context.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return context.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }
    }
}
