package io.peermesh.admin;

import io.peermesh.admin.Configuration.Licensed;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.License;
import io.peermesh.license.LicenseClaims;
import io.peermesh.store.Licenses;
import java.util.ArrayList;
import java.util.Optional;

/**
 * A larger or later license in the place of an accepted one. It states the new totals, and comes
 * from the same issuer, for the same topology and overlay subnet; what exists keeps its addresses.
 * The present license stays in force until the new addresses are accepted.
 *
 * <p>Every controller is upgraded by itself; until then their topology checksums differ.
 */
final class LicenseUpgrades {
    private final Changes changes;

    LicenseUpgrades(Changes changes) {
        this.changes = changes;
    }

    /** The upgrade that waits for its addresses. */
    static Optional<UpgradeView> pending(Configuration now) {
        return now.license()
                .filter(each -> !each.row().pending().isEmpty())
                .flatMap(each -> parsed(each.row().pending()))
                .map(license -> view(now, license, false));
    }

    private static Optional<License> parsed(String text) {
        return License.parse(text) instanceof License.Parsed.Good(License license)
                ? Optional.of(license)
                : Optional.empty();
    }

    private static UpgradeView view(Configuration now, License license, boolean finalized) {
        Addressing addressing = now.addressing().orElseThrow();
        LicenseClaims claims = license.claims();
        return new UpgradeView(
                finalized,
                license.sha1(),
                Math.max(0, claims.clients() - addressing.clients().size()),
                Math.max(0, claims.controllers() - addressing.controllers().size()));
    }

    /** Takes an upgrade; the same again changes nothing. */
    Outcome<UpgradeView> upload(Actor actor, License license) {
        Configuration before = changes.current();
        if (before.isLicensed() && isInForce(before, license)) {
            return Outcome.done(new UpgradeView(true, license.sha1(), 0, 0));
        }
        return changes.change(
                actor,
                "upgrade-license",
                license.claims().id().toString(),
                tx -> {
                    Configuration now = changes.current();
                    Optional<Problem> problem = problem(now, license);
                    if (problem.isPresent()) {
                        return Outcome.refused(problem.get());
                    }
                    UpgradeView view = view(now, license, false);
                    if (view.newClients() + view.newControllers() == 0) {
                        enforce(tx.license(), now, license, now.addressing().orElseThrow());
                        return Outcome.done(new UpgradeView(true, license.sha1(), 0, 0));
                    }
                    tx.license().put(withPending(now.license().orElseThrow().row(), license));
                    return Outcome.done(view);
                });
    }

    private static boolean isInForce(Configuration now, License license) {
        return now.license().map(Licensed::license).equals(Optional.of(license));
    }

    private static Optional<Problem> problem(Configuration now, License license) {
        if (!now.isLicensed()) {
            return Optional.of(Problem.UNLICENSED);
        }
        Licensed present = now.license().orElseThrow();
        if (!present.row().issuer().equals(license.issuer())) {
            return Optional.of(LicenseAdmin.otherIssuer(present.row().issuer(), license));
        }
        LicenseClaims before = present.license().claims();
        LicenseClaims claims = license.claims();
        if (!before.topologyName().equals(claims.topologyName())) {
            return bad("it is for topology %s, this is %s", claims.topologyName(), before);
        }
        if (!before.overlay().equals(claims.overlay())) {
            return Optional.of(
                    Problem.argument(
                            "Bad license: its overlay subnet is "
                                    + claims.overlay()
                                    + ", the topology's license has "
                                    + before.overlay()
                                    + "; an upgrade cannot change it"));
        }
        return smaller(before, claims);
    }

    private static Optional<Problem> bad(String text, String name, LicenseClaims before) {
        return Optional.of(
                Problem.argument("Bad license: " + text.formatted(name, before.topologyName())));
    }

    private static Optional<Problem> smaller(LicenseClaims before, LicenseClaims claims) {
        return claims.controllers() >= before.controllers() && claims.clients() >= before.clients()
                ? Optional.empty()
                : Optional.of(
                        Problem.argument(
                                "Bad license: it is smaller than the present one: %d controllers"
                                                .formatted(claims.controllers())
                                        + " and %d clients instead of %d and %d; an upgrade states"
                                                .formatted(
                                                        claims.clients(),
                                                        before.controllers(),
                                                        before.clients())
                                        + " the new totals"));
    }

    private static Licenses.Row withPending(Licenses.Row row, License license) {
        return new Licenses.Row(
                row.text(),
                row.issuer(),
                row.uploaded(),
                row.parameters(),
                license.text(),
                row.upgrades());
    }

    /** Whether parameters now are those of an upgrade. */
    static boolean concerns(Configuration now) {
        return now.isLicensed()
                && now.license()
                        .map(Licensed::row)
                        .filter(row -> !row.pending().isEmpty() || !row.upgrades().isEmpty())
                        .isPresent();
    }

    /** Accepts the addresses of the upgrade that waits; a repetition changes nothing. */
    Outcome<Boolean> accept(Licenses licenses, ParametersRequest request) {
        Configuration now = changes.current();
        Addressing addressing = now.addressing().orElseThrow();
        Optional<License> waiting =
                now.license().map(each -> each.row().pending()).flatMap(LicenseUpgrades::parsed);
        if (waiting.isEmpty()) {
            return AddressingGrowth.holdsAll(addressing, request)
                    ? Outcome.done(false)
                    : Outcome.refused(LicenseAdmin.PARAMETERS_FINAL);
        }
        return AddressingGrowth.of(addressing, waiting.get().claims(), request)
                .map(grown -> {
                    enforce(licenses, now, waiting.get(), grown);
                    return true;
                });
    }

    private void enforce(
            Licenses licenses, Configuration now, License license, Addressing addressing) {
        Licenses.Row row = now.license().orElseThrow().row();
        var upgrades = new ArrayList<>(row.upgrades());
        upgrades.add(license.sha1());
        licenses.put(
                new Licenses.Row(
                        license.text(),
                        license.issuer(),
                        changes.now(),
                        AddressingText.format(addressing),
                        "",
                        upgrades));
    }
}
