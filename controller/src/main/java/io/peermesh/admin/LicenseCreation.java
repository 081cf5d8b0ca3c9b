package io.peermesh.admin;

import io.peermesh.ip.Prefix;
import io.peermesh.license.LicenseClaims;
import io.peermesh.license.LicenseIssuer;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues the first license of a topology on the controller itself, with an issuer key that is made
 * for it, answered once and not kept.
 */
public final class LicenseCreation {
    private final Changes changes;
    private final LicenseAdmin licenses;
    private final SecureRandom random;

    LicenseCreation(Changes changes, LicenseAdmin licenses, SecureRandom random) {
        this.changes = changes;
        this.licenses = licenses;
        this.random = random;
    }

    /**
     * What to allow, as typed.
     *
     * @param overlay CIDR; empty for the usual one
     * @param expires such as 2030-12-31, its end in UTC; empty for never
     */
    public record Wish(
            String topologyName,
            String controllers,
            String clients,
            String overlay,
            String expires) {}

    /** The license, and the key that can issue the next ones. */
    public record Created(LicenseView license, String licenseText, String issuerKey) {
        @Override
        public String toString() {
            return "Created[" + license.sha1() + "]"; // the key is secret
        }
    }

    /** Issues and uploads. Refused when there is a license: only its issuer makes the next. */
    public Outcome<Created> create(Actor actor, Wish wish) {
        if (changes.current().license().isPresent()) {
            return Outcome.refused(
                    Problem.argument(
                            "There is a license already; a new one must come from its issuer."));
        }
        return claims(wish)
                .then(claims -> {
                    LicenseIssuer issuer = LicenseIssuer.ephemeral(random);
                    String text = issuer.issue(claims);
                    return licenses.upload(actor, text)
                            .map(license -> new Created(license, text, issuer.keyText()));
                });
    }

    private Outcome<LicenseClaims> claims(Wish wish) {
        Optional<Prefix> overlay =
                wish.overlay().isEmpty()
                        ? Optional.of(LicenseClaims.DEFAULT_OVERLAY)
                        : Prefix.parse(wish.overlay());
        if (overlay.isEmpty()) {
            return Outcome.refused(
                    Problem.argument(
                            "the overlay subnet must be like 10.0.0.0/24, not "
                                    + ConfigAdmin.printable(wish.overlay())));
        }
        try {
            var claims =
                    new LicenseClaims(
                            UUID.randomUUID(),
                            wish.topologyName(),
                            number("controllers", wish.controllers()),
                            number("clients", wish.clients()),
                            overlay.get(),
                            changes.now().truncatedTo(ChronoUnit.SECONDS),
                            wish.expires().isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(endOf(wish.expires())));
            return claims.fault()
                    .<Outcome<LicenseClaims>>map(fault -> Outcome.refused(Problem.argument(fault)))
                    .orElseGet(() -> Outcome.done(claims));
        } catch (IllegalArgumentException e) {
            return Outcome.refused(Problem.argument(String.valueOf(e.getMessage())));
        }
    }

    private static int number(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the number of " + name + " must be an integer", e);
        }
    }

    private static Instant endOf(String date) {
        try {
            return LocalDate.parse(date).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the expiry must be like 2030-12-31", e);
        }
    }
}
