-- Secrets of API clients: a new one comes into use before the old one goes. Only hashes are kept; `hint` is how a
-- secret ends (unknown of those made before this table).
CREATE TABLE access.client_secrets (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL,
  client_id uuid NOT NULL REFERENCES access.clients (id),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  hint text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used date,
  CONSTRAINT client_secrets_ref UNIQUE (ref)
);
CREATE INDEX client_secrets_by_client ON access.client_secrets (client_id);
INSERT INTO access.client_secrets (id, ref, client_id, hash, created_at)
SELECT kernel.uuid7(), kernel.random_ref(), id, secret_hash, created_at FROM access.clients;

-- `secret_hash` is read no more. `token_series` goes up when all of a client's tokens end: a token names the series
-- it was issued in, so no two clocks are compared.
ALTER TABLE access.clients
  ALTER COLUMN secret_hash DROP NOT NULL,
  ADD COLUMN token_series int NOT NULL DEFAULT 1;

-- Public keys that a client signs its assertions with (RFC 7523). The algorithm is the key's, whatever a token says.
CREATE TABLE access.client_keys (
  client_id uuid NOT NULL REFERENCES access.clients (id),
  kid text NOT NULL,
  alg text NOT NULL CHECK (alg IN ('ES256', 'ES384', 'PS256', 'RS256', 'EdDSA')),
  jwk jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  last_used date,
  PRIMARY KEY (client_id, kid)
);

-- An assertion is used once. `jti_hash`: a client may put any text into its jti.
CREATE TABLE access.used_assertions (
  client_id uuid NOT NULL,
  jti_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (client_id, jti_hash)
);
CREATE INDEX used_assertions_by_expiry ON access.used_assertions (expires_at);

-- Access tokens that were ended before their time.
CREATE TABLE access.revoked_tokens (
  jti uuid PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_tokens_by_expiry ON access.revoked_tokens (expires_at);
