package io.peermesh.http.mesh;

import io.peermesh.admin.CertificateAdmin;
import io.peermesh.admin.ServerCertificate;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import java.util.List;

/** {@code /api/mesh/v1/certificate}: what the HTTPS listener shows, and another one. */
public final class CertificateResource implements Resource {
    private final CertificateAdmin certificate;

    /** Over this use case. */
    public CertificateResource(CertificateAdmin certificate) {
        this.certificate = certificate;
    }

    @Override
    public void addTo(RouteTable routes) {
        String path = "/api/mesh/v1/certificate";
        routes.add("GET", path, _ -> Answer.ok(body(certificate.view())));
        routes.add("PUT", path, this::replace);
    }

    private Answer replace(Request request) {
        Parameters given = request.parameters();
        return Answer.of(
                certificate.replace(
                        request.actor(),
                        given.requiredText("key"),
                        given.requiredText("certificate")),
                CertificateResource::body);
    }

    private record Body(
            String subject,
            String issuer,
            List<String> names,
            String notBefore,
            String notAfter,
            String sha256Fingerprint,
            boolean selfSigned) {}

    private static Body body(ServerCertificate.View view) {
        return new Body(
                view.subject(),
                view.issuer(),
                view.names(),
                view.from().toString(),
                view.until().toString(),
                view.fingerprint(),
                view.isSelfSigned());
    }
}
