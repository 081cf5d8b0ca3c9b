-- How the mesh looked: a row holds from at to until. changed: controllers or links differ from the
-- row before, not only figures. up of links were up. state is text of the administration.
CREATE TABLE mesh_state (
    at      INTEGER PRIMARY KEY,
    until   INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    up      INTEGER NOT NULL,
    links   INTEGER NOT NULL,
    state   TEXT NOT NULL
) STRICT;
-- How a peer link was within the minute that begins at at.
CREATE TABLE link_sample (
    peer            INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    rtt_micros      INTEGER NOT NULL,
    rtt_most_micros INTEGER NOT NULL,
    loss_ppm        INTEGER NOT NULL,
    PRIMARY KEY (peer, at)
) STRICT, WITHOUT ROWID;
