package io.peermesh.store;

/** The aggregates within one transaction; valid only while the work that got it runs. */
public final class Transaction {
    private final Db db;

    Transaction(Db db) {
        this.db = db;
    }

    /** Fields of this controller alone. */
    public LocalFields local() {
        return new LocalFields(db);
    }

    /** The license. */
    public Licenses license() {
        return new Licenses(db);
    }

    /** The keyset and the last attempt to get one. */
    public Keysets keyset() {
        return new Keysets(db);
    }

    /** Configured peers. */
    public Peers peers() {
        return new Peers(db);
    }

    /** Routes. */
    public Routes routes() {
        return new Routes(db);
    }

    /** Topology-wide state. */
    public SharedState shared() {
        return new SharedState(db);
    }

    /** Passwords. */
    public Credentials credentials() {
        return new Credentials(db);
    }

    /** Users of the web UI besides the first. */
    public UiUsers uiUsers() {
        return new UiUsers(db);
    }

    /** API tokens. */
    public Tokens tokens() {
        return new Tokens(db);
    }

    /** Events. */
    public Events events() {
        return new Events(db);
    }

    /** How the mesh looked. */
    public MeshStates meshStates() {
        return new MeshStates(db);
    }

    /** How peer links were. */
    public LinkSamples linkSamples() {
        return new LinkSamples(db);
    }

    /** Audit rows. */
    public Audits audits() {
        return new Audits(db);
    }

    /** Downloads of clientpacks. */
    public Downloads downloads() {
        return new Downloads(db);
    }

    /** Differs from an earlier answer when another process has changed the state in between. */
    public long outsideVersion() {
        return db.queryOne("PRAGMA data_version", row -> row.getLong(1)).orElseThrow();
    }
}
