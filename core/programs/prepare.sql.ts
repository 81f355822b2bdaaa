import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import { exponentOf } from '../kernel/index.ts'
import { type Evaluation, eligible, populationOf, savedRules, valuesOf } from './expressions.ts'
import type { ComponentRow, CycleBasis } from './find.ts'
import { limitOf } from './rules.ts'

/** The part of a cycle that one statement prepares: registrants after `from`, up to and including `upTo`. */
export type Chunk = {
  cycleId: string
  programId: string
  basis: CycleBasis
  evaluation: Evaluation
  from: string
  upTo: string
}

/**
 * Makes the entitlements of a chunk in one statement, all components at once, so that eligibility is worked out
 * once. Where an amount is worked out (not fixed), whoever gets none has a finding instead: nobody is skipped in
 * silence. There is no ON CONFLICT: the cursor of the cycle moves in the same transaction, so no row is made
 * twice, and a reference that is already taken fails the chunk, which is then repeated.
 */
export const insertChunk = (chunk: Chunk): Sql =>
  chunk.basis.components.every(c => c.basis === 'fixed') ? insertFixed(chunk) : insertWorkedOut(chunk)

const INTO = sql`INSERT INTO programs.entitlements
  (id, ref, cycle_id, registrant_id, component_id, area_id, amount, inputs)`

const insertFixed = (chunk: Chunk): Sql => {
  const amounts = chunk.basis.components.map(c => sql`(${c.id}::uuid, ${c.amount}::bigint)`)
  return sql`
    ${INTO}
    SELECT kernel.uuid7(), kernel.random_ref(), ${chunk.cycleId}::uuid, s.id, a.component_id, s.area_id, a.amount,
      jsonb_build_object('size', s.size)
    FROM (${beneficiaries(chunk)}) s CROSS JOIN (VALUES ${join(amounts)}) a(component_id, amount)`
}

const insertWorkedOut = (chunk: Chunk): Sql => {
  const { components, currency } = chunk.basis
  const formulas = components.flatMap((c, i) => (c.basis === 'formula' ? [{ c, i }] : []))
  const values = formulas.map(({ c, i }) => {
    const value = valuesOf(c.formula!, chunk.evaluation, sql`SELECT id FROM eligible`)
    return sql`LEFT JOIN (${value}) ${alias(i)} ON ${alias(i)}.id = s.id`
  })
  const rows = components.map(
    (c, i) => sql`(${c.id}::uuid, ${worth(c, i, currency)}, ${limitOf(c.kind)}::numeric,
    ${c.basis === 'formula'}::boolean)`,
  )
  return sql`
    WITH eligible AS MATERIALIZED (${beneficiaries(chunk)}),
    worth AS MATERIALIZED (
      SELECT s.id, s.area_id, s.size, v.component_id, v.value, round(v.value) AS amount, v.maximum, v.formula
      FROM eligible s ${values.length > 0 ? join(values, ' ') : empty}
      CROSS JOIN LATERAL (VALUES ${join(rows)}) v(component_id, value, maximum, formula)
    ), found AS (
      INSERT INTO programs.findings (cycle_id, registrant_id, component_id, area_id, problem, value)
      SELECT ${chunk.cycleId}::uuid, id, component_id, area_id,
        CASE WHEN value IS NULL THEN 'unknown' WHEN value < 0 THEN 'negative' WHEN amount = 0 THEN 'zero' ELSE 'too_large' END,
        value
      FROM worth WHERE value IS NULL OR value < 0 OR amount = 0 OR amount > maximum
    )
    ${INTO}
    SELECT kernel.uuid7(), kernel.random_ref(), ${chunk.cycleId}::uuid, id, component_id, area_id, amount::bigint,
      CASE WHEN formula THEN jsonb_build_object('size', size, 'value', value::text)
        ELSE jsonb_build_object('size', size) END
    FROM worth WHERE value >= 0 AND amount BETWEEN 1 AND maximum`
}

const alias = (i: number): Sql => raw(`f${i}`)

/** What a component is worth for `s`, in minor units or units of the item, before rounding. */
const worth = (c: ComponentRow, i: number, currency: string): Sql => {
  if (c.basis === 'fixed') return sql`${c.amount}::numeric`
  if (c.basis === 'per_member') return sql`least(${c.amount}::numeric * s.size, ${c.maximum}::numeric)`
  return c.kind === 'cash'
    ? sql`${alias(i)}.value * ${10 ** exponentOf(currency)}::numeric`
    : sql`${alias(i)}.value`
}

/** Who is enrolled and eligible on the day, with `id`, `area_id` and `size` (active members; 1 for an individual). */
const beneficiaries = ({ programId, basis, evaluation, from, upTo }: Chunk): Sql => {
  const enrolled = sql`
    SELECT e.registrant_id AS id FROM programs.enrolments e
    WHERE e.program_id = ${programId} AND e.ended_on IS NULL AND e.status = 'enrolled'
      AND e.registrant_id > ${from} AND e.registrant_id <= ${upTo}`
  const ids = eligible(savedRules(basis.rules, evaluation), evaluation.today, enrolled)
  const people = populationOf(basis.target)
  if (basis.target === 'individual')
    return sql`SELECT g.id, g.area_id, 1 AS size FROM (${ids}) i JOIN ${people} g ON g.id = i.id`
  return sql`
    SELECT g.id, g.area_id, coalesce(m.size, 0) AS size
    FROM (${ids}) i JOIN ${people} g ON g.id = i.id
    LEFT JOIN (SELECT group_id, count(*) AS size FROM registry.active_memberships
      WHERE group_id > ${from} AND group_id <= ${upTo} GROUP BY group_id) m ON m.group_id = g.id`
}
