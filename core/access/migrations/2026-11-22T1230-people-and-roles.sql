-- The human behind a user, who may have several accounts; whom they report to; how to reach them.
ALTER TABLE access.users
  ADD COLUMN email text CHECK (email = lower(email)),
  ADD COLUMN person_id uuid,
  ADD COLUMN supervisor_id uuid REFERENCES access.users (id),
  ADD COLUMN version int NOT NULL DEFAULT 1;
UPDATE access.users SET person_id = id;
ALTER TABLE access.users ALTER COLUMN person_id SET NOT NULL;
CREATE INDEX users_by_person ON access.users (person_id);
CREATE INDEX users_by_email ON access.users (email);

-- An API client answers for nobody, or for the user who owns it.
ALTER TABLE access.clients
  ADD COLUMN owner_id uuid REFERENCES access.users (id),
  ADD COLUMN version int NOT NULL DEFAULT 1;

-- Roles made by administrators, beside the predefined ones of core/access/roles.ts, whose codes they cannot take.
CREATE TABLE access.roles (
  id uuid PRIMARY KEY,
  code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,59}$'),
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  permissions text[] NOT NULL,
  masks text[] NOT NULL DEFAULT '{}',
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Where a grant comes from: given by an administrator, or by the groups that an identity provider told of.
ALTER TABLE access.grants ADD COLUMN source text NOT NULL DEFAULT 'given';
