CREATE SCHEMA inventory;

-- What is handed out. Quantities are whole numbers of the unit, a common code of UN/ECE Recommendation 20
-- (KGM kilogram, LTR litre, C62 piece): choose one small enough that nothing is ever half a unit.
CREATE TABLE inventory.items (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$'),
  name text NOT NULL CHECK (name <> ''),
  unit text NOT NULL CHECK (unit ~ '^[A-Z0-9]{1,3}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Where stock is: warehouses and service points, and the virtual places where it comes from and goes to, so
-- that every move has two sides and nothing appears or disappears.
CREATE TABLE inventory.locations (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^@?[A-Z0-9][A-Z0-9-]{0,11}$'),
  name text NOT NULL CHECK (name <> ''),
  kind text NOT NULL CHECK (kind IN ('warehouse', 'service_point', 'virtual')),
  area_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'virtual') = (area_id IS NULL)),
  CHECK ((kind = 'virtual') = (code LIKE '@%'))
);
CREATE INDEX locations_by_area ON inventory.locations (area_id);

-- core/inventory/ledger.ts knows these by their ids.
INSERT INTO inventory.locations (id, code, name, kind) VALUES
  ('00000000-0000-7000-8000-000000000001', '@SOURCE', 'Suppliers and donors', 'virtual'),
  ('00000000-0000-7000-8000-000000000002', '@PEOPLE', 'Beneficiaries', 'virtual'),
  ('00000000-0000-7000-8000-000000000003', '@LOSS', 'Lost, damaged or expired', 'virtual'),
  ('00000000-0000-7000-8000-000000000004', '@ADJUST', 'Differences found by counting', 'virtual');

-- The ledger. A move is never changed: what was wrong is put right by another move. Its cause (a delivery
-- note, a waybill, a redemption) moves an item between two places once.
CREATE TABLE inventory.moves (
  id uuid PRIMARY KEY,
  item_id uuid NOT NULL REFERENCES inventory.items (id),
  from_id uuid NOT NULL REFERENCES inventory.locations (id),
  to_id uuid NOT NULL REFERENCES inventory.locations (id),
  quantity bigint NOT NULL CHECK (quantity > 0),
  cause_kind text NOT NULL CHECK (cause_kind IN ('receipt', 'transfer', 'handover')),
  cause text NOT NULL CHECK (cause <> ''),
  moved_at timestamptz NOT NULL,
  CHECK (from_id <> to_id),
  CONSTRAINT moves_once UNIQUE (cause_kind, cause, item_id, from_id, to_id)
);

CREATE FUNCTION inventory.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'stock moves are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON inventory.moves
  FOR EACH STATEMENT EXECUTE FUNCTION inventory.refuse();

-- What is on hand at each place that is not virtual: always the sum of its moves, never less than nothing.
CREATE TABLE inventory.balances (
  location_id uuid NOT NULL REFERENCES inventory.locations (id),
  item_id uuid NOT NULL REFERENCES inventory.items (id),
  quantity bigint NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (location_id, item_id)
) WITH (fillfactor = 50);
