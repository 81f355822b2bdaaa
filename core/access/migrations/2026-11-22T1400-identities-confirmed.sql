-- What follows from a provider's groups counts in sign-ins by that provider alone, and until `expires_at`: without one, not.
ALTER TABLE access.grants ADD COLUMN expires_at timestamptz;
UPDATE access.grants SET expires_at = now() + interval '12 hours' WHERE source <> 'given';

-- Who is linked signs in once they have confirmed it themselves. `linked_by`: the account that said so; nobody, when the
-- account was made at a first sign-in.
ALTER TABLE access.identities
  ADD COLUMN linked_by uuid,
  ADD COLUMN confirmed_at timestamptz;
UPDATE access.identities SET confirmed_at = created_at;

-- Whether an email that the provider calls verified tells whose person a new account is.
ALTER TABLE access.identity_providers ADD COLUMN trusts_email boolean NOT NULL DEFAULT false;
