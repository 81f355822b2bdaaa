CREATE SCHEMA distribution;

-- What was handed over: each row uses up (part of) an entitlement and took goods from a service point. Never
-- changed. A population table: no foreign keys.
CREATE TABLE distribution.redemptions (
  id uuid PRIMARY KEY,
  ref bigint NOT NULL UNIQUE,
  entitlement_id uuid NOT NULL,
  credential_id uuid NOT NULL,
  registrant_id uuid NOT NULL,
  program_id uuid NOT NULL,
  cycle_id uuid NOT NULL,
  point_id uuid NOT NULL,
  item_id uuid NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0),
  agent_id uuid NOT NULL,
  agent_name text NOT NULL,
  -- The number that the agent's device gave this handover: sent again, it is the same handover.
  receipt text CHECK (receipt <> ''),
  note text,
  redeemed_at timestamptz NOT NULL,
  CONSTRAINT redemptions_receipt UNIQUE (agent_id, receipt)
);
CREATE INDEX redemptions_by_entitlement ON distribution.redemptions (entitlement_id);
CREATE INDEX redemptions_by_point ON distribution.redemptions (point_id, id);
CREATE INDEX redemptions_by_cycle ON distribution.redemptions (cycle_id, id);

CREATE FUNCTION distribution.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'redemptions are append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON distribution.redemptions
  FOR EACH STATEMENT EXECUTE FUNCTION distribution.refuse();
