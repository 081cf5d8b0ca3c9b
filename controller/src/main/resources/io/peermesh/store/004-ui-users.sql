-- generated: nobody has chosen this password yet, so the UI asks for another.
ALTER TABLE credential ADD COLUMN generated INTEGER NOT NULL DEFAULT 0;
-- Users of the web UI besides the first one, which is in credential and always an administrator.
CREATE TABLE ui_user (
    name      TEXT PRIMARY KEY,
    hash      TEXT NOT NULL,
    role      TEXT NOT NULL,
    enabled   INTEGER NOT NULL,
    generated INTEGER NOT NULL
) STRICT;
