CREATE SCHEMA keys;

-- Signing keys. The private part is AES-256-GCM under the master key, bound to this row.
CREATE TABLE keys.keys (
  id uuid PRIMARY KEY,
  kid text NOT NULL UNIQUE CHECK (kid ~ '^[0-9a-f]{8}$'),
  purpose text NOT NULL CHECK (purpose IN ('audit', 'token', 'credential')),
  alg text NOT NULL CHECK (alg IN ('ES256', 'EdDSA')),
  state text NOT NULL CHECK (state IN ('next', 'active', 'retired', 'revoked')),
  public_jwk jsonb NOT NULL,
  private_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX keys_one_active ON keys.keys (purpose) WHERE state = 'active';
