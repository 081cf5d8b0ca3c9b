package io.peermesh.web;

import io.peermesh.admin.CertificateAdmin;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Problem;
import io.peermesh.admin.Role;
import io.peermesh.admin.ServerCertificate;
import io.peermesh.http.server.Answer;
import io.peermesh.web.view.Moment;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** <i>HTTPS certificate</i>: what browsers and other controllers see, and another one. */
final class CertificatePage {
    private static final String PATH = "/system/certificate";

    private final CertificateAdmin certificate;
    private final InstantSource clock;
    private final Frame frame;

    CertificatePage(CertificateAdmin certificate, InstantSource clock, Frame frame) {
        this.certificate = certificate;
        this.clock = clock;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get(PATH, Role.READ_ONLY, visit -> page(visit, 200, ""))
                .post(PATH, Role.ADMIN, this::replace);
    }

    private Answer page(Visit visit, int status, String problem) {
        Instant now = clock.instant();
        ServerCertificate.View view = certificate.view();
        return frame.page(
                visit,
                status,
                frame.shell(visit, "HTTPS certificate"),
                "certificate",
                Map.of(
                        "certificate",
                        view,
                        "from",
                        Moment.of(view.from(), now),
                        "until",
                        Moment.of(view.until(), now),
                        "problem",
                        problem,
                        "values",
                        new Values(visit)));
    }

    private Answer replace(Visit visit) {
        return switch (certificate.replace(
                visit.actor(), visit.fileOrField("key"), visit.fileOrField("certificate"))) {
            case Outcome.Refused<ServerCertificate.View>(Problem problem) ->
                    page(visit, 422, Sentence.of(problem));
            case Outcome.Done<ServerCertificate.View> _ -> {
                visit.session()
                        .tell("Replaced. New connections see it; yours goes on with the old one.");
                yield Replies.redirect(PATH);
            }
        };
    }
}
