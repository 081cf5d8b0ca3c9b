-- What an event says in figures. peer is 0 and texts are empty where an event has none; measures
-- are "name=number" pairs separated by blanks.
ALTER TABLE event ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN peer INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN measures TEXT NOT NULL DEFAULT '';
CREATE INDEX event_by_kind ON event (kind, id);
CREATE INDEX event_by_peer ON event (peer, id) WHERE peer > 0;
CREATE INDEX event_by_client ON event (client, id) WHERE client <> '';
