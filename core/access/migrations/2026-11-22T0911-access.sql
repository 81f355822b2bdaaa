CREATE SCHEMA access;

CREATE TABLE access.users (
  id uuid PRIMARY KEY,
  username text NOT NULL CHECK (username = lower(username) AND username ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
  name text NOT NULL,
  password_hash text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_username UNIQUE (username)
);

CREATE TABLE access.clients (
  id uuid PRIMARY KEY,
  client_id text NOT NULL CHECK (client_id ~ '^[a-z0-9][a-z0-9._-]{1,59}$'),
  name text NOT NULL,
  secret_hash bytea NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT clients_client_id UNIQUE (client_id)
);

-- A role held by a user or a client, in the subtrees of some areas and in some programs (null: everywhere, all).
CREATE TABLE access.grants (
  id uuid PRIMARY KEY,
  holder_id uuid NOT NULL,
  role text NOT NULL,
  area_ids uuid[] CHECK (area_ids <> '{}'),
  program_ids uuid[] CHECK (program_ids <> '{}'),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX grants_by_holder ON access.grants (holder_id);

-- A sign-in. Only the hash of its token is kept.
CREATE TABLE access.sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES access.users (id),
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);

-- Failed sign-ins per name and address, to slow guessing down.
CREATE TABLE access.throttles (
  key text NOT NULL,
  period timestamptz NOT NULL,
  failures int NOT NULL,
  PRIMARY KEY (key, period)
);
