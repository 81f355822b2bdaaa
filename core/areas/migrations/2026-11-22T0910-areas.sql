CREATE SCHEMA areas;

-- A typed hierarchy, country to village. `code` is the P-code.
CREATE TABLE areas.areas (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,19}$'),
  parent_id uuid REFERENCES areas.areas (id),
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 9),
  name text NOT NULL CHECK (name <> ''),
  names jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((level = 0) = (parent_id IS NULL))
);
CREATE INDEX areas_by_parent ON areas.areas (parent_id);

-- Every area with each of its ancestors, itself included: what the row filter and `within` join.
CREATE TABLE areas.closure (
  ancestor_id uuid NOT NULL REFERENCES areas.areas (id),
  area_id uuid NOT NULL REFERENCES areas.areas (id),
  PRIMARY KEY (ancestor_id, area_id)
);
CREATE INDEX closure_by_area ON areas.closure (area_id, ancestor_id);
