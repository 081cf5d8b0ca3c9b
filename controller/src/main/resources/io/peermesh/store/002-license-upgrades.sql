-- pending is an uploaded upgrade whose parameters are not accepted yet; empty for none.
ALTER TABLE license ADD COLUMN pending TEXT NOT NULL DEFAULT '';
-- SHA-1 of each accepted upgrade, oldest first, separated by blanks.
ALTER TABLE license ADD COLUMN upgrades TEXT NOT NULL DEFAULT '';
