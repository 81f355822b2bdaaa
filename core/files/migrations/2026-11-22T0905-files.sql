CREATE SCHEMA files;

-- Files live in the database in chunks, so that every process of every machine sees them.
CREATE TABLE files.files (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 bytea NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE files.chunks (
  file_id uuid NOT NULL,
  position int NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (file_id, position)
);
ALTER TABLE files.chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
