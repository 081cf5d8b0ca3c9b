package io.peermesh.admin;

/** The certificate that browsers and other controllers see. */
public final class CertificateAdmin {
    private final Changes changes;
    private final EventLog events;
    private final ServerCertificate server;

    CertificateAdmin(Changes changes, EventLog events, ServerCertificate server) {
        this.changes = changes;
        this.events = events;
        this.server = server;
    }

    /** The one that is in use. */
    public ServerCertificate.View view() {
        return server.view();
    }

    /**
     * Replaces key and certificate; connections that are open go on with the old ones.
     *
     * @param key private key, PEM; never kept anywhere but in the server's file
     * @param chain certificates, PEM, the server's first
     */
    public Outcome<ServerCertificate.View> replace(Actor actor, String key, String chain) {
        Outcome<ServerCertificate.View> outcome =
                server.check(key, chain, changes.now())
                        .then(view ->
                                changes.change(
                                        actor,
                                        "replace-certificate",
                                        view.fingerprint(),
                                        _ -> Outcome.done(view)));
        if (outcome instanceof Outcome.Done<ServerCertificate.View>(var view)) {
            server.install(key, chain);
            events.record(
                    EventKind.CERTIFICATE_CHANGED,
                    "controller",
                    "The HTTPS certificate was replaced by "
                            + actor.name()
                            + ": "
                            + view.subject()
                            + ", SHA-256 "
                            + view.fingerprint()
                            + ".");
        }
        return outcome;
    }
}
