-- Two who rename an item or a place at once do not overwrite each other.
ALTER TABLE inventory.items ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE inventory.locations ADD COLUMN version int NOT NULL DEFAULT 1;
