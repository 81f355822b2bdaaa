-- Which account was shown a secret, and which set a key: whoever knows how a client signs in can act as it. Of those made
-- before this, whoever made the client is taken to know them.
ALTER TABLE access.client_secrets ADD COLUMN shown_to uuid;
ALTER TABLE access.client_keys ADD COLUMN set_by uuid;
UPDATE access.client_secrets s SET shown_to = c.maker_id FROM access.clients c WHERE c.id = s.client_id;
UPDATE access.client_keys k SET set_by = c.maker_id FROM access.clients c WHERE c.id = k.client_id;
