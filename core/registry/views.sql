-- What other modules may join: living, active registrants and memberships.

CREATE VIEW registry.active_groups AS
SELECT id, ref, area_id, group_type, name, attributes, (created_at AT TIME ZONE 'UTC')::date AS created_on
FROM registry.registrants
WHERE kind = 'group' AND status = 'active';

CREATE VIEW registry.active_individuals AS
SELECT id, ref, area_id, name, sex, birth_date, birth_precision, death_date, phones, attributes
FROM registry.registrants
WHERE kind = 'individual' AND status = 'active';

-- A disabled individual's memberships are ended when it is disabled, so this needs no join.
CREATE VIEW registry.active_memberships AS
SELECT group_id, member_id, roles, relationship
FROM registry.memberships
WHERE ended_on IS NULL;

CREATE VIEW registry.preferred_accounts AS
SELECT id, registrant_id, kind, value, bank_code
FROM registry.payment_accounts
WHERE preferred AND status = 'live';

-- Anyone by id, disabled ones too: for names on what was made while they were active.
CREATE VIEW registry.people AS
SELECT id, ref, kind, status, area_id, name
FROM registry.registrants;

-- Individuals and groups as they stand, disabled ones too: what bulk work compares with.
CREATE VIEW registry.records AS
SELECT id, kind, status, version, area_id, name, given_name, family_name, sex, birth_date, birth_precision, phones,
  attributes
FROM registry.registrants;

CREATE VIEW registry.live_identifiers AS
SELECT registrant_id, type, value
FROM registry.identifiers
WHERE status = 'live';

CREATE VIEW registry.live_accounts AS
SELECT registrant_id, kind, value, bank_code
FROM registry.payment_accounts
WHERE status = 'live';
