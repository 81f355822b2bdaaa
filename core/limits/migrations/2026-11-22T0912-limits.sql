CREATE SCHEMA limits;

-- Requests counted per key and window. Lost in a crash, and that is fine.
CREATE UNLOGGED TABLE limits.windows (
  key text NOT NULL,
  started timestamptz NOT NULL,
  taken int NOT NULL,
  PRIMARY KEY (key, started)
);
