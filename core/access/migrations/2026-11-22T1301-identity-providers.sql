-- Providers of single sign-on (OpenID Connect). The client secret is sealed under the master key, bound to its row.
-- `makes_accounts`: whether somebody unknown gets an account at their first sign-in.
CREATE TABLE access.identity_providers (
  id uuid PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),
  name text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  secret_sealed bytea NOT NULL,
  scopes text[] NOT NULL,
  username_claim text NOT NULL,
  group_claim text NOT NULL,
  makes_accounts boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('active', 'disabled')),
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  CONSTRAINT identity_providers_code UNIQUE (code)
);

-- What the groups that a provider tells of are granted, as in access.grants.
CREATE TABLE access.identity_provider_mappings (
  provider_id uuid NOT NULL REFERENCES access.identity_providers (id),
  position int NOT NULL,
  group_name text NOT NULL,
  role text NOT NULL,
  area_ids uuid[] CHECK (area_ids <> '{}'),
  program_ids uuid[] CHECK (program_ids <> '{}'),
  PRIMARY KEY (provider_id, position)
);

-- Who is whom: a subject of a provider is a user here. A name or an email that is the same proves nothing.
CREATE TABLE access.identities (
  provider_id uuid NOT NULL REFERENCES access.identity_providers (id),
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES access.users (id),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (provider_id, subject),
  CONSTRAINT identities_user UNIQUE (user_id, provider_id)
);

-- Sign-ins on their way to a provider and back, for minutes. The state and the browser that may come back with it are
-- kept as hashes; what only this side knows (nonce, PKCE verifier) is sealed.
CREATE TABLE access.identity_sign_ins (
  state_hash bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  provider_id uuid NOT NULL REFERENCES access.identity_providers (id),
  secrets_sealed bytea NOT NULL,
  return_to text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX identity_sign_ins_by_end ON access.identity_sign_ins (expires_at);
