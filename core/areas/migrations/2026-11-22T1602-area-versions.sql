-- Two who change an area at once do not overwrite each other.
ALTER TABLE areas.areas ADD COLUMN version int NOT NULL DEFAULT 1;
