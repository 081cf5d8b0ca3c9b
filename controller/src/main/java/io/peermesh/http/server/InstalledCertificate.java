package io.peermesh.http.server;

import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The listener's key and certificate, in the data directory; can be replaced while it listens. */
public final class InstalledCertificate implements ServerCertificate {
    private final Path directory;
    private volatile InUse inUse;

    private record InUse(TlsIdentity identity, SSLContext context) {
        static InUse of(TlsIdentity identity) {
            return new InUse(identity, identity.sslContext());
        }
    }

    /**
     * Reads the files, or makes them.
     *
     * @param names host names and addresses that a new certificate is for
     */
    public InstalledCertificate(
            Path directory, List<String> names, Instant now, SecureRandom random) {
        this.directory = directory;
        this.inUse = InUse.of(TlsIdentity.open(directory, names, now, random));
    }

    /** For connections from now on. */
    public SSLContext sslContext() {
        return inUse.context();
    }

    @Override
    public View view() {
        return inUse.identity().view();
    }

    @Override
    public Outcome<View> check(String key, String chain, Instant now) {
        try {
            TlsIdentity identity = TlsIdentity.parse(key, chain);
            identity.requireUsable(now);
            return Outcome.done(identity.view());
        } catch (GeneralSecurityException | IOException unusable) {
            return Outcome.refused(
                    Problem.argument(
                            "This key and certificate cannot be used: " + unusable.getMessage()));
        }
    }

    @Override
    public void install(String key, String chain) {
        try {
            TlsIdentity identity = TlsIdentity.parse(key, chain);
            identity.store(directory);
            inUse = InUse.of(identity);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this key and certificate were checked before", e);
        } catch (IOException e) {
            throw new UncheckedIOException("TLS key and certificate in " + directory, e);
        }
    }
}
