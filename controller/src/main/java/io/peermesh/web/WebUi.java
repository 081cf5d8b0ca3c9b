package io.peermesh.web;

import io.peermesh.admin.Administration;
import io.peermesh.admin.Machine;
import io.peermesh.admin.ServerCertificate;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.runtime.Mesh;
import io.peermesh.web.session.Sessions;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The web UI as a whole: all its pages over the use cases. */
public final class WebUi implements Resource {
    private final Administration administration;
    private final Mesh mesh;
    private final Machine machine;
    private final ServerCertificate certificate;
    private final InstantSource clock;
    private final SecureRandom random;

    /** Over these use cases. */
    public WebUi(
            Administration administration,
            Mesh mesh,
            Machine machine,
            ServerCertificate certificate,
            InstantSource clock,
            SecureRandom random) {
        this.administration = administration;
        this.mesh = mesh;
        this.machine = machine;
        this.certificate = certificate;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void addTo(RouteTable routes) {
        var assets = new Assets();
        var sessions = new Sessions(clock, random);
        var frame = new Frame(administration, new Views(), assets.version());
        var door = new Door(routes, sessions, administration.users(), frame);
        var live = new LiveStreams(sessions, door);
        door.open("GET", "/assets/{version}/{name}", assets::answer);
        new LoginPage(administration.credentials(), administration.users(), sessions, frame)
                .addTo(door);
        var setup = new Setup(administration, frame);
        setup.addTo(door);
        new LicensePage(administration, clock, frame, setup).addTo(door);
        new KeysetPage(administration, clock, frame, live, setup).addTo(door);
        var peers = new PeerStates(administration, mesh);
        new PeeringPage(administration, peers, frame, live, setup).addTo(door);
        new JoinPage(administration, peers, clock, frame, live).addTo(door);
        new NamesPage(administration, frame).addTo(door);
        var packs = new Packs(administration.clientpacks(), mesh, clock);
        new ClientpacksPage(administration.clientpacks(), packs, frame, setup).addTo(door);
        new RoutesPage(administration.routes(), frame).addTo(door);
        new UsersPage(administration.users(), administration.credentials(), frame).addTo(door);
        new TokensPage(administration.tokens(), clock, frame).addTo(door);
        new RecordsPage(administration.audit(), clock, frame).addTo(door);
        new HistoryPage(administration, clock, frame, live).addTo(door);
        new CertificatePage(administration.certificate(certificate), clock, frame).addTo(door);
        new MeshPage(administration, clock, frame, live).addTo(door);
        new StatusPage(administration, mesh, machine, clock, frame, live).addTo(door);
    }
}
