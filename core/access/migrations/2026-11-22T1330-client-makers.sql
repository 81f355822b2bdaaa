-- Who made an API client knew its secret: for a client without an owner, that is the human behind it.
ALTER TABLE access.clients ADD COLUMN maker_id uuid REFERENCES access.users (id);
