package io.peermesh.web;

import io.peermesh.admin.Role;
import io.peermesh.http.server.TlsIdentity;
import io.peermesh.web.view.Moment;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** <i>HTTPS certificate</i>: what browsers and other controllers see, and how to replace it. */
final class CertificatePage {
    private final TlsIdentity identity;
    private final InstantSource clock;
    private final Frame frame;

    CertificatePage(TlsIdentity identity, InstantSource clock, Frame frame) {
        this.identity = identity;
        this.clock = clock;
        this.frame = frame;
    }

    void addTo(Door door) {
        door.get(
                "/system/certificate",
                Role.READ_ONLY,
                visit -> {
                    Instant now = clock.instant();
                    TlsIdentity.Description certificate = identity.description();
                    return frame.page(
                            visit,
                            "HTTPS certificate",
                            "certificate",
                            Map.of(
                                    "certificate",
                                    certificate,
                                    "selfSigned",
                                    certificate.subject().equals(certificate.issuer()),
                                    "fingerprint",
                                    identity.fingerprint(),
                                    "from",
                                    Moment.of(certificate.from(), now),
                                    "until",
                                    Moment.of(certificate.until(), now),
                                    "keyFile",
                                    TlsIdentity.KEY_FILE,
                                    "certificateFile",
                                    TlsIdentity.CERTIFICATE_FILE));
                });
    }
}
