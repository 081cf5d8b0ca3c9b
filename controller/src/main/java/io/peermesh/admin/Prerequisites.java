package io.peermesh.admin;

import io.peermesh.license.LicenseClaims;
import java.time.Instant;
import java.util.Optional;

/** What must be so before a request is looked at. */
final class Prerequisites {
    private Prerequisites() {}

    /** License and its parameters are accepted. */
    static Optional<Problem> license(Configuration configuration) {
        return configuration.isLicensed() ? Optional.empty() : Optional.of(Problem.UNLICENSED);
    }

    /** The same, and a keyset is present. */
    static Optional<Problem> keyset(Configuration configuration) {
        if (!configuration.isLicensed()) {
            return Optional.of(Problem.UNLICENSED);
        }
        return configuration.keyset().isPresent()
                ? Optional.empty()
                : Optional.of(
                        Problem.prerequisite(
                                "There is no keyset yet: generate one, or fetch it from a"
                                        + " controller that has it."));
    }

    /** Expiry blocks additions, and nothing else. */
    static Optional<Problem> unexpired(Configuration configuration, Instant now) {
        Optional<LicenseClaims> claims =
                configuration.license().map(each -> each.license().claims());
        if (claims.isEmpty() || !claims.get().isExpired(now)) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.prerequisite(
                        "The license expired on "
                                + claims.get().expires().orElseThrow()
                                + ". What is connected stays connected; additions need a new"
                                + " license."));
    }
}
