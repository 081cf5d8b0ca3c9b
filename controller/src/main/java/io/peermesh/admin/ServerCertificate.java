package io.peermesh.admin;

import java.time.Instant;
import java.util.List;

/** Key and certificate chain of the HTTPS listener, which implements this. Safe from any thread. */
public interface ServerCertificate {
    /**
     * What a certificate says.
     *
     * @param names host names and addresses that it is for
     * @param fingerprint SHA-256, 64 hex digits; what a user compares
     */
    record View(
            String subject,
            String issuer,
            List<String> names,
            Instant from,
            Instant until,
            String fingerprint) {
        /** Copies the list. */
        public View {
            names = List.copyOf(names);
        }

        /** Whether nobody else vouches for it. */
        public boolean isSelfSigned() {
            return subject.equals(issuer);
        }
    }

    /** The one that is in use. */
    View view();

    /**
     * Whether another one could be used.
     *
     * @param key private key, PEM
     * @param chain certificates, PEM, the server's first
     */
    Outcome<View> check(String key, String chain, Instant now);

    /** Keeps and uses one that was checked: connections from now on see it. */
    void install(String key, String chain);
}
