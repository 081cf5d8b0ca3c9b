package io.peermesh.admin;

import io.peermesh.keyset.FetchClient;
import io.peermesh.keyset.FetchRefusal;
import io.peermesh.keyset.FetchServer;
import io.peermesh.keyset.FetchTransport;
import io.peermesh.keyset.Handout;
import io.peermesh.keyset.JoinClient;
import io.peermesh.keyset.JoinServer;
import io.peermesh.keyset.ScryptCost;
import io.peermesh.keyset.StretchedToken;
import io.peermesh.node.Report;
import io.peermesh.runtime.Mesh;
import io.peermesh.store.Keysets;
import io.peermesh.store.Store;
import io.peermesh.store.StoreException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * All use cases of one controller. After each committed change the mesh is given a new plan: the
 * store first, the mesh second; a restart is the same path. Safe from any thread.
 */
public final class Administration {
    private final Changes changes;
    private final EventLog events;
    private final AuditLog audit;
    private final ConfigAdmin config;
    private final LicenseAdmin license;
    private final LicenseCreation licenseCreation;
    private final KeysetAdmin keyset;
    private final FetchServer fetchServer;
    private final JoinAdmin join;
    private final JoinServer joinServer;
    private final PeeringAdmin peering;
    private final PeeringTable peeringTable;
    private final ConnectionTest connectionTest;
    private final RouteAdmin routes;
    private final ClientpackAdmin clientpacks;
    private final EndpointAdmin endpoints;
    private final CredentialAdmin credentials;
    private final UserAdmin users;
    private final TokenAdmin tokens;
    private final StatusAdmin status;
    private final LinkHistory linkHistory;
    private final MemberAdmin member;
    private final Resilience resilience;
    private final DrainAdmin drain;
    private final DrillAdmin drills;
    private final MeshRecorder recorder;
    private final MeshHistory meshHistory;
    private final MoveTimes moveTimes = new MoveTimes();
    private final MeshReports reports;

    /**
     * Wires the use cases and reads what is stored; the mesh is told nothing before {@link #start}.
     *
     * @param background runs keyset generation, fetches and the writing of events; must not block
     *     the caller for long
     * @param pause lets a join wait
     */
    public Administration(
            Store store,
            Mesh mesh,
            InstantSource clock,
            SecureRandom random,
            Settings settings,
            RestartSignal restartSignal,
            FetchTransport fetchTransport,
            Executor background,
            Pause pause) {
        this.changes = new Changes(store, mesh, clock, random, settings);
        this.events = new EventLog(store, clock, background);
        this.audit = new AuditLog(store);
        this.config = new ConfigAdmin(changes, settings);
        this.license = new LicenseAdmin(changes, settings, events, restartSignal);
        this.licenseCreation = new LicenseCreation(changes, license, random);
        var client = new FetchClient(fetchTransport, random);
        var work = new KeysetWork(changes, settings, events, client, restartSignal, random);
        this.keyset = new KeysetAdmin(changes, settings, events, work, background);
        this.fetchServer = new FetchServer(this::lot, new ExchangeEvents(events), clock, random);
        this.peering = new PeeringAdmin(changes, mesh, settings);
        this.peeringTable = new PeeringTable(changes, settings);
        var desk = new JoinDesk(changes, mesh, settings, peering, events);
        this.joinServer = new JoinServer(desk::keyset, desk, clock, random);
        var joinClient = new JoinClient(fetchTransport, random);
        this.join =
                new JoinAdmin(
                        keyset,
                        new JoinWork(changes, settings, events, work, client, joinClient, pause));
        this.connectionTest = new ConnectionTest(changes, mesh, InetAddress::getAllByName);
        this.routes = new RouteAdmin(changes, mesh);
        this.resilience = new Resilience(changes, mesh);
        this.clientpacks = new ClientpackAdmin(changes, mesh, settings, events, resilience);
        this.endpoints = new EndpointAdmin(changes, mesh, settings);
        this.credentials =
                new CredentialAdmin(changes, settings, events, random, new LoginThrottle());
        this.users = new UserAdmin(changes, credentials);
        this.tokens = new TokenAdmin(changes, random);
        this.status = new StatusAdmin(changes, mesh);
        this.member = new MemberAdmin(changes);
        this.drain = new DrainAdmin(changes, mesh, resilience, events);
        this.drills = new DrillAdmin(changes, mesh, resilience, events);
        this.linkHistory = new LinkHistory(changes, events);
        this.recorder = new MeshRecorder(changes, status);
        this.meshHistory = new MeshHistory(changes);
        this.reports =
                new MeshReports(changes, events, moveTimes, new MemberNews(changes, settings));
    }

    /** Gives the mesh the stored plan, and notes the start. */
    public void start() {
        keyset.begin();
        changes.start();
        events.record(EventKind.CONTROLLER_STARTED, "controller", "The controller started.");
    }

    /** Takes what the mesh tells; may wait for the disk. */
    public void onReport(Report report) {
        reports.on(report);
    }

    private Optional<FetchServer.Lot> lot() {
        Configuration now = changes.current();
        if (!now.isLicensed() || now.keyset().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FetchServer.Lot(token(now.keyset().get()), this::handout));
    }

    private static StretchedToken token(Keysets.Row row) {
        ScryptCost cost =
                ScryptCost.parse(row.cost())
                        .orElseThrow(
                                () -> new StoreException("the stored token's cost cannot be read"));
        return new StretchedToken(row.salt(), cost, row.stretched());
    }

    private Handout handout() {
        Configuration now = changes.current();
        return new Handout(
                now.keyset().orElseThrow().keyset(),
                now.license().orElseThrow().row().text(),
                now.license().orElseThrow().row().parameters(),
                now.shared().all());
    }

    /** Notes every end of an exchange as an event. */
    private record ExchangeEvents(EventLog events) implements FetchServer.Listener {
        @Override
        public void onHandedOut(String source) {
            events.record(EventKind.KEYSET_HANDED_OUT, source, source + " has fetched the keyset.");
        }

        @Override
        public void onRefused(String source, FetchRefusal reason) {
            events.recordProvoked(
                    EventKind.KEYSET_REFUSED,
                    source,
                    source + " tried to fetch the keyset, and was refused: " + reason.text());
        }
    }

    /** Names. */
    public ConfigAdmin config() {
        return config;
    }

    /** License. */
    public LicenseAdmin license() {
        return license;
    }

    /** A first license, made here. */
    public LicenseCreation licenseCreation() {
        return licenseCreation;
    }

    /** Keyset. */
    public KeysetAdmin keyset() {
        return keyset;
    }

    /** The side of a keyset fetch that has the keyset. */
    public FetchServer fetchServer() {
        return fetchServer;
    }

    /** Joining a mesh. */
    public JoinAdmin join() {
        return join;
    }

    /** The side of a join that is in the mesh already. */
    public JoinServer joinServer() {
        return joinServer;
    }

    /** Own id and peers. */
    public PeeringAdmin peering() {
        return peering;
    }

    /** Own id and peers, all at once. */
    public PeeringTable peeringTable() {
        return peeringTable;
    }

    /** Whether a peer can be reached. */
    public ConnectionTest connectionTest() {
        return connectionTest;
    }

    /** Routes. */
    public RouteAdmin routes() {
        return routes;
    }

    /** Clientpacks. */
    public ClientpackAdmin clientpacks() {
        return clientpacks;
    }

    /** Client endpoints. */
    public EndpointAdmin endpoints() {
        return endpoints;
    }

    /** Passwords. */
    public CredentialAdmin credentials() {
        return credentials;
    }

    /** Users of the web UI. */
    public UserAdmin users() {
        return users;
    }

    /** API tokens. */
    public TokenAdmin tokens() {
        return tokens;
    }

    /** Running state. */
    public StatusAdmin status() {
        return status;
    }

    /** What happened. */
    public EventLog events() {
        return events;
    }

    /** This controller's share of the clients, and its probes. */
    public MemberAdmin member() {
        return member;
    }

    /** Emptying this controller. */
    public DrainAdmin drain() {
        return drain;
    }

    /** Failover drills. */
    public DrillAdmin drills() {
        return drills;
    }

    /** What would happen if something failed now. */
    public Resilience resilience() {
        return resilience;
    }

    /** When links went up and down. */
    public LinkHistory linkHistory() {
        return linkHistory;
    }

    /** Writes down how the mesh looks; to be asked to look again and again. */
    public MeshRecorder recorder() {
        return recorder;
    }

    /** How the mesh looked. */
    public MeshHistory meshHistory() {
        return meshHistory;
    }

    /** How long links and clients took to move. */
    public MoveTimes moveTimes() {
        return moveTimes;
    }

    /** The certificate of the server that serves this administration. */
    public CertificateAdmin certificate(ServerCertificate server) {
        return new CertificateAdmin(changes, events, server);
    }

    /** Who changed what. */
    public AuditLog audit() {
        return audit;
    }
}
