package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.LicenseCreation;
import io.peermesh.admin.LicenseView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.ParametersRequest;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.admin.UpgradeView;
import io.peermesh.http.server.Answer;
import io.peermesh.license.LicenseClaims;
import io.peermesh.web.view.LicensePageView;
import io.peermesh.web.view.Moment;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The license: upload, make one here, accept its parameters, upgrade. */
final class LicensePage {
    private final Administration administration;
    private final InstantSource clock;
    private final Frame frame;
    private final Setup setup;

    LicensePage(Administration administration, InstantSource clock, Frame frame, Setup setup) {
        this.administration = administration;
        this.clock = clock;
        this.frame = frame;
        this.setup = setup;
    }

    void addTo(Door door) {
        door.get("/topology/license", Role.READ_ONLY, visit -> page(visit, 200, ""))
                .post("/topology/license", Role.ADMIN, this::upload)
                .post("/topology/license/create", Role.ADMIN, this::create)
                .post("/topology/license/accept", Role.ADMIN, this::accept)
                .post("/topology/license/upgrade", Role.ADMIN, this::upgrade);
    }

    private Answer page(Visit visit, int status, String problem) {
        var parameters = new HashMap<String, Object>();
        parameters.put("steps", setup.steps());
        parameters.put("problem", problem);
        parameters.put("license", license());
        parameters.put("values", new Values(visit));
        parameters.put("defaultOverlay", LicenseClaims.DEFAULT_OVERLAY.toString());
        parameters.put("maxClients", LicenseClaims.MAX_CLIENTS);
        return frame.page(visit, status, frame.shell(visit, "License"), "license", parameters);
    }

    private Optional<LicensePageView> license() {
        return administration.license().view() instanceof Outcome.Done<LicenseView>(var license)
                ? Optional.of(view(license))
                : Optional.empty();
    }

    private LicensePageView view(LicenseView license) {
        return new LicensePageView(
                license.finalized(),
                license.topologyName(),
                license.overlay().toString(),
                license.virtualAddress().toString(),
                license.controllers().stream()
                        .map(each ->
                                new LicensePageView.Controller(
                                        each.id(),
                                        each.overlayAddress().toString(),
                                        Integer.toString(each.asn())))
                        .toList(),
                clients(license),
                license.issuer(),
                Moment.of(license.uploadedAt(), clock.instant()),
                license.expires().map(at -> Moment.of(at, clock.instant())),
                license.expired(),
                license.pendingUpgrade().isPresent());
    }

    private static String clients(LicenseView license) {
        int count = license.clients().size();
        return count == 0
                ? "none"
                : count
                        + " (from "
                        + license.clients().getFirst()
                        + " to "
                        + license.clients().getLast()
                        + ")";
    }

    private Answer upload(Visit visit) {
        return after(
                visit,
                administration.license().upload(visit.actor(), visit.fileOrField("license")),
                "The license is uploaded. Look at its parameters, then accept them.");
    }

    private Answer accept(Visit visit) {
        boolean defaults = !visit.field("addressing").equals("custom");
        var request =
                new ParametersRequest(
                        defaults,
                        given(visit, "subnet"),
                        given(visit, "managers"),
                        given(visit, "asns"),
                        given(visit, "clients"),
                        given(visit, "virtual_address"));
        return switch (administration.license().acceptParameters(visit.actor(), request)) {
            case Outcome.Refused<LicenseView>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<LicenseView> _ -> {
                visit.session().tell("The parameters are accepted.");
                yield Replies.redirect(
                        setup.steps().isEmpty() ? "/topology/license" : "/topology/keyset");
            }
        };
    }

    private static Optional<String> given(Visit visit, String name) {
        return Optional.of(visit.field(name)).filter(text -> !text.isEmpty());
    }

    private Answer upgrade(Visit visit) {
        return switch (administration
                .license()
                .upgrade(visit.actor(), visit.fileOrField("license"))) {
            case Outcome.Refused<UpgradeView>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<UpgradeView> _ -> {
                visit.session().tell("The larger license is uploaded.");
                yield Replies.redirect("/topology/license");
            }
        };
    }

    private Answer after(Visit visit, Outcome<LicenseView> outcome, String done) {
        return switch (outcome) {
            case Outcome.Refused<LicenseView>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<LicenseView> _ -> {
                visit.session().tell(done);
                yield Replies.redirect("/topology/license");
            }
        };
    }

    /** The only page that ever shows the issuer key: nothing is kept to show it again. */
    private Answer create(Visit visit) {
        var wish =
                new LicenseCreation.Wish(
                        visit.field("topology_name"),
                        visit.field("controllers"),
                        visit.field("clients"),
                        visit.field("overlay"),
                        visit.field("expires"));
        return switch (administration.licenseCreation().create(visit.actor(), wish)) {
            case Outcome.Refused<LicenseCreation.Created>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<LicenseCreation.Created>(LicenseCreation.Created created) ->
                    frame.page(
                            visit,
                            "License created",
                            "license-created",
                            Map.of(
                                    "issuerKey",
                                    created.issuerKey(),
                                    "issuerKeyUrl",
                                    "data:text/plain;base64,"
                                            + Base64.getEncoder()
                                                    .encodeToString(
                                                            created.issuerKey()
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .US_ASCII)),
                                    "steps",
                                    setup.steps()));
        };
    }
}
