package io.peermesh.admin;

import io.peermesh.admin.Configuration.Licensed;
import io.peermesh.ip.IpAddress;
import io.peermesh.license.Addressing;
import io.peermesh.license.AddressingText;
import io.peermesh.license.License;
import io.peermesh.license.LicenseClaims;
import io.peermesh.store.Licenses;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** License and its parameters; accepting the parameters is final. */
public final class LicenseAdmin {
    static final Problem PARAMETERS_FINAL =
            Problem.argument(
                    "Other license parameters are accepted already, and they are final; this"
                            + " controller would have to be reset.");

    private final Changes changes;
    private final Settings settings;
    private final EventLog events;
    private final RestartSignal restartSignal;
    private final LicenseUpgrades upgrades;

    LicenseAdmin(Changes changes, Settings settings, EventLog events, RestartSignal restartSignal) {
        this.changes = changes;
        this.settings = settings;
        this.events = events;
        this.restartSignal = restartSignal;
        this.upgrades = new LicenseUpgrades(changes);
    }

    /** Refused with {@link Problem#UNLICENSED} before an upload. */
    public Outcome<LicenseView> view() {
        changes.refresh(); // the issuer may have been replaced from a local shell
        Configuration now = changes.current();
        return now.license().isEmpty()
                ? Outcome.refused(Problem.UNLICENSED)
                : Outcome.done(view(now));
    }

    private LicenseView view(Configuration now) {
        Licensed licensed = now.license().orElseThrow();
        LicenseClaims claims = licensed.license().claims();
        Addressing byDefault = byDefault(claims);
        Addressing addressing = now.addressing().orElse(byDefault);
        return new LicenseView(
                now.isLicensed(),
                !addressing.equals(byDefault),
                now.topologyName(),
                addressing.overlay(),
                addressing.virtualAddress(),
                IntStream.rangeClosed(1, addressing.controllers().size())
                        .mapToObj(id ->
                                new LicenseView.Controller(
                                        id,
                                        addressing.asns().get(id - 1),
                                        addressing.controller(id)))
                        .toList(),
                addressing.clients(),
                licensed.license().sha1(),
                licensed.row().uploaded(),
                licensed.row().issuer(),
                claims.expires(),
                claims.isExpired(changes.now()),
                licensed.row().upgrades(),
                LicenseUpgrades.pending(now));
    }

    private static Addressing byDefault(LicenseClaims claims) {
        return Addressing.byDefault(claims.overlay(), claims.controllers(), claims.clients());
    }

    /** Takes a license file; the same file again changes nothing. */
    public Outcome<LicenseView> upload(Actor actor, String text) {
        return parse(text).then(license -> upload(actor, license));
    }

    private Outcome<License> parse(String text) {
        return switch (License.parse(text)) {
            case License.Parsed.Bad(String reason) ->
                    Outcome.refused(Problem.argument("Bad license: " + reason));
            case License.Parsed.Good(License license) when isExpired(license) ->
                    Outcome.refused(
                            Problem.argument(
                                    "Bad license: it expired on "
                                            + license.claims().expires().orElseThrow()));
            case License.Parsed.Good(License license) -> Outcome.done(license);
        };
    }

    private boolean isExpired(License license) {
        return license.claims().isExpired(changes.now());
    }

    private Outcome<LicenseView> upload(Actor actor, License license) {
        Configuration before = changes.current();
        if (isPresent(before, license)) {
            return view();
        }
        return changes.<Boolean>change(
                        actor,
                        "upload-license",
                        license.claims().id().toString(),
                        tx -> {
                            Optional<Problem> problem = uploadProblem(changes.current(), license);
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            tx.license()
                                    .put(
                                            Licenses.Row.first(
                                                    license.text(),
                                                    license.issuer(),
                                                    changes.now(),
                                                    ""));
                            return Outcome.done(true);
                        })
                .then(_ -> {
                    noteLicense("accepted", license);
                    return view();
                });
    }

    private static boolean isPresent(Configuration configuration, License license) {
        return configuration.license().map(Licensed::license).equals(Optional.of(license));
    }

    private static Optional<Problem> uploadProblem(Configuration now, License license) {
        Optional<String> pinned = now.license().map(each -> each.row().issuer());
        if (pinned.isPresent() && !pinned.get().equals(license.issuer())) {
            return Optional.of(otherIssuer(pinned.get(), license));
        }
        return now.isLicensed()
                ? Optional.of(
                        Problem.argument(
                                "A license is accepted already; its parameters are final. A larger"
                                        + " one is an upgrade: PUT /license/upgrade."))
                : Optional.empty();
    }

    static Problem otherIssuer(String pinned, License license) {
        return Problem.argument(
                "Bad license: it was issued with the key "
                        + license.issuer()
                        + ", but this controller trusts only "
                        + pinned
                        + ", the issuer of its first license. If that key is lost, run"
                        + " \u201cpeermesh license repin\u201d on this machine.");
    }

    /**
     * Takes a license file with new totals in the place of the accepted license: at once when it
     * needs no new addresses, else with {@link #acceptParameters}.
     */
    public Outcome<UpgradeView> upgrade(Actor actor, String text) {
        return parse(text).then(license -> upgrade(actor, license));
    }

    private Outcome<UpgradeView> upgrade(Actor actor, License license) {
        Optional<Licensed> before = changes.current().license();
        Outcome<UpgradeView> outcome = upgrades.upload(actor, license);
        if (!changes.current().license().equals(before)) {
            noteLicense("uploaded as an upgrade", license);
        }
        return outcome;
    }

    private void noteLicense(String what, License license) {
        events.record(
                EventKind.LICENSE_CHANGED,
                "license",
                "License for "
                        + license.claims().topologyName()
                        + " "
                        + what
                        + ": "
                        + license.claims().controllers()
                        + " controllers, "
                        + license.claims().clients()
                        + " clients, issuer "
                        + license.issuer());
    }

    /**
     * Accepts parameters, then signals the restart; the same again changes nothing, and signals.
     */
    public Outcome<LicenseView> acceptParameters(Actor actor, ParametersRequest request) {
        Outcome<LicenseView> outcome =
                changes.<Boolean>change(
                                actor, "accept-license", "", tx -> accept(tx.license(), request))
                        .then(_ -> view());
        if (outcome instanceof Outcome.Done<LicenseView>) {
            restartSignal.restarting("license parameters accepted");
        }
        return outcome;
    }

    private Outcome<Boolean> accept(Licenses licenses, ParametersRequest request) {
        Configuration now = changes.current();
        if (now.license().isEmpty()) {
            return Outcome.refused(Problem.UNLICENSED);
        }
        if (LicenseUpgrades.concerns(now)) {
            return upgrades.accept(licenses, request);
        }
        Licensed licensed = now.license().get();
        return addressing(licensed.license().claims(), request)
                .then(addressing -> {
                    if (now.isLicensed()) {
                        return now.addressing().equals(Optional.of(addressing))
                                ? Outcome.done(false)
                                : Outcome.refused(PARAMETERS_FINAL);
                    }
                    Optional<Problem> problem =
                            Prerequisites.unexpired(now, changes.now())
                                    .or(() -> underlayProblem(addressing));
                    if (problem.isPresent()) {
                        return Outcome.refused(problem.get());
                    }
                    licenses.put(
                            Licenses.Row.first(
                                    licensed.row().text(),
                                    licensed.row().issuer(),
                                    licensed.row().uploaded(),
                                    AddressingText.format(addressing)));
                    return Outcome.done(true);
                });
    }

    /** Packets to peers would enter the tunnels that carry them. */
    private Optional<Problem> underlayProblem(Addressing addressing) {
        return IpAddress.parse(settings.privateAddress())
                .filter(addressing.overlay()::contains)
                .map(own ->
                        Problem.argument(
                                "invalid subnet field: the overlay subnet "
                                        + addressing.overlay()
                                        + " contains this controller's own underlay address "
                                        + own));
    }

    private static Outcome<Addressing> addressing(LicenseClaims claims, ParametersRequest request) {
        return request.useDefaults()
                ? Outcome.done(byDefault(claims))
                : CustomAddressing.of(claims, request);
    }

    /**
     * Pins the issuer of this license instead of the present one: for an issuer whose key is lost.
     */
    public Outcome<LicenseView> repin(Actor actor, String text) {
        if (!actor.equals(Actor.LOCAL)) {
            return Outcome.refused(
                    Problem.prerequisite(
                            "The issuer can only be replaced from a shell on this machine: run"
                                    + " \u201cpeermesh license repin\u201d there."));
        }
        return parse(text).then(license -> repin(actor, license));
    }

    private Outcome<LicenseView> repin(Actor actor, License license) {
        return changes.<Boolean>change(
                        actor,
                        "repin-license",
                        license.issuer(),
                        tx -> {
                            Optional<Problem> problem = repinProblem(changes.current(), license);
                            if (problem.isPresent()) {
                                return Outcome.refused(problem.get());
                            }
                            Licenses.Row row = changes.current().license().orElseThrow().row();
                            tx.license()
                                    .put(
                                            new Licenses.Row(
                                                    license.text(),
                                                    license.issuer(),
                                                    changes.now(),
                                                    row.parameters(),
                                                    "",
                                                    row.upgrades()));
                            return Outcome.done(true);
                        })
                .then(_ -> {
                    noteLicense("with a new issuer pinned", license);
                    return view();
                });
    }

    private static Optional<Problem> repinProblem(Configuration now, License license) {
        if (now.license().isEmpty()) {
            return Optional.of(Problem.UNLICENSED);
        }
        List<String> lacking =
                now.addressing()
                        .map(each -> CustomAddressing.excess(license.claims(), each))
                        .orElse(List.of());
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.argument("Bad license: " + lacking.getFirst()));
    }
}
