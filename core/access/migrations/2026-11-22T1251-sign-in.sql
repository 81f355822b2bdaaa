-- A password that an administrator set is changed by its user before anything else.
ALTER TABLE access.users ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;

-- What somebody needs to recognise their own sign-ins, and one that is not theirs. `how`: `password` or
-- `oidc:<provider>`; `second_factor`: whether one was shown; `network`: the address as sign-ins are counted by.
ALTER TABLE access.sessions
  ADD COLUMN ref bigint NOT NULL DEFAULT kernel.random_ref(),
  ADD COLUMN how text NOT NULL DEFAULT 'password',
  ADD COLUMN second_factor boolean NOT NULL DEFAULT false,
  ADD COLUMN address text,
  ADD COLUMN network text,
  ADD COLUMN user_agent text,
  ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now(),
  ADD CONSTRAINT sessions_ref UNIQUE (ref);
CREATE INDEX sessions_by_user ON access.sessions (user_id, created_at);

-- A user's TOTP secret (RFC 6238), sealed under the master key. It counts once a code has confirmed it.
-- `last_step` is the time step of the last code that was used: none of it or before it is taken again.
CREATE TABLE access.totp (
  user_id uuid PRIMARY KEY REFERENCES access.users (id),
  secret_sealed bytea NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0
);

-- Each takes the place of a code once.
CREATE TABLE access.recovery_codes (
  user_id uuid NOT NULL REFERENCES access.users (id),
  code_hash bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);
