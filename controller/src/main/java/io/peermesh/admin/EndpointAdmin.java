package io.peermesh.admin;

import io.peermesh.admin.Configuration.Field;
import io.peermesh.keyset.SourceAddress;
import io.peermesh.runtime.Mesh;
import java.util.List;
import java.util.Optional;

/** Where clients reach each controller: HOST:PORT; part of the topology-wide state. */
public final class EndpointAdmin {
    private final Changes changes;
    private final Mesh mesh;
    private final Settings settings;

    EndpointAdmin(Changes changes, Mesh mesh, Settings settings) {
        this.changes = changes;
        this.mesh = mesh;
        this.settings = settings;
    }

    /** One per controller that is known, by id. */
    public List<Endpoint> list() {
        return List.copyOf(
                ClientEndpoints.all(changes.current(), settings, mesh.status()).values());
    }

    /** Sets this controller's, as HOST or HOST:PORT; empty returns to the default. */
    public Outcome<List<Endpoint>> assignOwn(Actor actor, String endpoint) {
        String text = endpoint.strip();
        Optional<SourceAddress> parsed = SourceAddress.parse(text, ClientEndpoints.DEFAULT_PORT);
        if (!text.isEmpty() && parsed.isEmpty()) {
            return Outcome.refused(
                    Problem.argument(
                            "endpoint is invalid: "
                                    + ConfigAdmin.printable(text)
                                    + " has not the form HOST, HOST:PORT or [IPv6]:PORT"));
        }
        String normal = parsed.map(SourceAddress::toString).orElse("");
        return changes.<Boolean>change(
                        actor,
                        "assign-client-endpoint",
                        normal,
                        tx -> {
                            Configuration now = changes.current();
                            tx.local().put(Field.CLIENT_ENDPOINT, normal);
                            if (now.selfId().isPresent()) {
                                int id = now.selfId().getAsInt();
                                String key = SharedFields.endpoint(id);
                                if (!normal.isEmpty() || now.shared().find(key).isPresent()) {
                                    tx.shared().write(key, normal, id);
                                }
                            }
                            return Outcome.done(true);
                        })
                .map(_ -> list());
    }

    /**
     * A client endpoint.
     *
     * @param endpoint HOST:PORT, IPv6 in brackets
     * @param configured false for a default taken from the underlay address
     */
    public record Endpoint(int controllerId, String endpoint, boolean configured) {}
}
