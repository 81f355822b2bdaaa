import type pg from 'pg'

/** Who asks, as the audit trail names them. */
export type Doer = { kind: string; id: string; name: string }

const AUDIT = `audit.entries (actor_kind, actor_id, actor_name, action, subject_type, subject_id, items, item_ids,
  before, after, request_id, leaf)`

const isOpen = 'm.ended_on IS NULL'
const isActive = (person: string) => `${person}.kind = 'individual' AND ${person}.status = 'active'`
const member = (condition: string) => `EXISTS (
  SELECT FROM registry.memberships m JOIN registry.registrants i ON i.id = m.member_id
  WHERE m.group_id = g.id AND ${isOpen} AND ${isActive('i')} AND ${condition})`

/** Rules as somebody would write them who knows the tables, on 15 June 2026: a condition over the household `g`. */
export const BY_HAND = {
  someSmallChildAndPoor: `(g.attributes ->> 'score')::numeric < 30
    AND ${member(`i.birth_date > '2021-06-15' AND i.birth_date <= '2026-06-15'`)}`,
  nobodyOfWorkingAge: `NOT ${member(`i.birth_date <= '2008-06-15' AND i.birth_date > '1966-06-15'`)}`,
  threeChildrenOrMore: `g.id IN (
    SELECT m.group_id FROM registry.memberships m JOIN registry.registrants i ON i.id = m.member_id
    WHERE ${isOpen} AND ${isActive('i')} AND i.birth_date > '2008-06-15' AND i.birth_date <= '2026-06-15'
    GROUP BY m.group_id HAVING count(*) >= 3)`,
}

/**
 * Enrols all households for whom a condition holds in one statement, with the audit trail's sets of a thousand. It
 * does not look who is or was enrolled, and works in one go where the product works in chunks.
 * $1 program, $2 day, $3 to $5 who, $6 the request.
 */
export const enrolStatement = (condition: string): string => `
  WITH opened AS (
    INSERT INTO programs.enrolments (id, ref, program_id, registrant_id, status, started_on)
    SELECT kernel.uuid7(), kernel.random_ref(), $1::uuid, g.id, 'enrolled', $2::date
    FROM registry.registrants g WHERE g.kind = 'group' AND g.status = 'active' AND ${condition}
    RETURNING id
  ), trail AS (
    INSERT INTO ${AUDIT}
    SELECT $3, $4::uuid, $5, 'enrolment.open', 'program', $1::uuid, count(*), array_agg(id ORDER BY id),
      NULL, jsonb_build_object('status', 'enrolled', 'evaluationDate', $2::date), $6, ''
    FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 1000 AS part FROM opened) s GROUP BY part
  )
  SELECT count(*)::int AS n FROM opened`

export const enrolValues = (programId: string, day: string, doer: Doer): unknown[] => [
  programId,
  day,
  doer.kind,
  doer.id,
  doer.name,
  'bench',
]

/** What a household gets: cash, and so much a member of an item up to a maximum. Ids of the components. */
export type Gives = { cash: string; amount: number; food: string; perMember: number; maximum: number }

/**
 * Makes the entitlements of a cycle: for every household that is enrolled and still has a child (one pass over the
 * members gives that, and the size that the amount depends on), what it gets, with what it was worked out from.
 * $1 cycle, $2 program, $3 and $4 cash, $5 to $7 food.
 */
export const ENTITLE = `
  INSERT INTO programs.entitlements (id, ref, cycle_id, registrant_id, component_id, area_id, amount, inputs)
  SELECT kernel.uuid7(), kernel.random_ref(), $1::uuid, s.id, c.id, s.area_id, c.amount, s.inputs
  FROM (
    SELECT g.id, g.area_id, x.size, jsonb_build_object('size', x.size) AS inputs
    FROM programs.enrolments e
    JOIN registry.registrants g ON g.id = e.registrant_id AND g.kind = 'group' AND g.status = 'active'
    JOIN (
      SELECT m.group_id, count(*) AS size
      FROM registry.memberships m LEFT JOIN registry.registrants i ON i.id = m.member_id AND ${isActive('i')}
      WHERE ${isOpen} GROUP BY m.group_id HAVING bool_or(i.birth_date > '2008-06-15' AND i.birth_date <= '2026-06-15')
    ) x ON x.group_id = g.id
    WHERE e.program_id = $2 AND e.ended_on IS NULL AND e.status = 'enrolled'
  ) s
  CROSS JOIN LATERAL (VALUES ($3::uuid, $4::bigint), ($5::uuid, least($6::bigint * s.size, $7::bigint))) c (id, amount)`

const TOTALS = `
  INSERT INTO programs.totals (cycle_id, component_id, area_id, entitlements, amount, zeros, exceptions)
  SELECT cycle_id, component_id, area_id, count(*), sum(amount), 0, 0
  FROM programs.entitlements WHERE cycle_id = $1 GROUP BY cycle_id, component_id, area_id`

const PREPARED = `
  WITH done AS (UPDATE programs.cycles SET state = 'prepared', enrolled = $2, prepared_at = now() WHERE id = $1)
  INSERT INTO ${AUDIT} VALUES ($3, $4, $5, 'entitlement.prepare', 'cycle', $1, $6, NULL, NULL, NULL, 'bench', '')`

export const entitleValues = (cycleId: string, programId: string, gives: Gives): unknown[] => {
  const { cash, amount, food, perMember, maximum } = gives
  return [cycleId, programId, cash, amount, food, perMember, maximum]
}

/** Prepares a cycle in one transaction: its entitlements, its sums, its state and an entry on the audit trail. */
export const prepareByHand = async (
  client: pg.PoolClient,
  cycle: { id: string; programId: string; gives: Gives },
  doer: Doer,
): Promise<void> => {
  await client.query('BEGIN')
  const made = await client.query(ENTITLE, entitleValues(cycle.id, cycle.programId, cycle.gives))
  await client.query(TOTALS, [cycle.id])
  const entitlements = made.rowCount!
  await client.query(PREPARED, [cycle.id, entitlements / 2, doer.kind, doer.id, doer.name, entitlements])
  await client.query('COMMIT')
}
