package io.peermesh.license;

import java.nio.file.Path;
import java.security.SecureRandom;

/** Issues licenses with the operator's own key. */
@SuppressWarnings("DoNotCallSuggester") // the bodies land next
public final class LicenseIssuer {
    LicenseIssuer() {}

    /** Reads the operator's key file, or makes it (mode 0600) when there is none. */
    public static LicenseIssuer open(Path keyFile, SecureRandom random) {
        throw new UnsupportedOperationException(keyFile + " " + random);
    }

    /** A signed license file. */
    public String issue(LicenseClaims claims) {
        throw new UnsupportedOperationException(claims.toString());
    }

    /** The fingerprint that controllers pin. */
    public String fingerprint() {
        throw new UnsupportedOperationException();
    }
}
