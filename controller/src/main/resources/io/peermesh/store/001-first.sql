-- One row per field of this controller alone: installation, names, own id, client endpoint.
CREATE TABLE local_field (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- At most one. parameters is empty until they are accepted; issuer is the pinned fingerprint.
CREATE TABLE license (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    text       TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    uploaded   INTEGER NOT NULL,
    parameters TEXT NOT NULL
) STRICT;

-- At most one. stretched is the security token after scrypt: equivalent to a password.
CREATE TABLE keyset (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    uuid       TEXT NOT NULL,
    generation INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    secret     BLOB NOT NULL CHECK (length(secret) = 32),
    salt       BLOB NOT NULL,
    cost       TEXT NOT NULL,
    stretched  BLOB NOT NULL
) STRICT;

-- The last attempt to generate or fetch a keyset. reason is empty while it runs.
CREATE TABLE keyset_attempt (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    started  INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT;

CREATE TABLE peer (
    controller_id INTEGER PRIMARY KEY CHECK (controller_id BETWEEN 1 AND 10),
    host          TEXT NOT NULL,
    outer_mtu     INTEGER NOT NULL
) STRICT;

CREATE TABLE route (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    cidr        TEXT NOT NULL,
    description TEXT NOT NULL,
    interface   TEXT NOT NULL,
    gateway     TEXT NOT NULL,
    tunnel      TEXT NOT NULL,
    table_name  TEXT NOT NULL,
    advertise   INTEGER NOT NULL,
    metric      INTEGER NOT NULL,
    enabled     INTEGER NOT NULL
) STRICT;

-- Topology-wide state, last writer wins per key.
CREATE TABLE shared (
    key           TEXT PRIMARY KEY,
    value         TEXT NOT NULL,
    counter       INTEGER NOT NULL,
    controller_id INTEGER NOT NULL
) STRICT;

-- face is 'api' or 'ui'; hash names its own cost and salt.
CREATE TABLE credential (
    face     TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    hash     TEXT NOT NULL,
    enabled  INTEGER NOT NULL
) STRICT;

-- hash is the SHA-256 of a token with 256 random bits.
CREATE TABLE token (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    hash           BLOB NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    created        INTEGER NOT NULL,
    expires        INTEGER NOT NULL,
    created_source TEXT NOT NULL,
    lifetime       INTEGER NOT NULL,
    refreshes      INTEGER NOT NULL,
    used           INTEGER NOT NULL,
    used_source    TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    actor  TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL
) STRICT;

-- What the last download of a clientpack from this controller contained.
CREATE TABLE download (
    address TEXT PRIMARY KEY,
    digest  TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
