-- What other modules may join: what can be handed out, and where.

CREATE VIEW inventory.catalogue AS
SELECT id, code, name, unit
FROM inventory.items;

CREATE VIEW inventory.points AS
SELECT id, code, name, area_id
FROM inventory.locations
WHERE kind = 'service_point';
