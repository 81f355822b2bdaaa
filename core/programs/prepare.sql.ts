import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import { exponentOf } from '../kernel/index.ts'
import { allHold, type Evaluation, populationOf, savedRules, valuesOf } from './expressions.ts'
import type { ComponentRow, CycleBasis } from './find.ts'
import { limitOf } from './rules.ts'

/** The part of a cycle that one transaction prepares: registrants after `from`, up to and including `upTo`. */
export type Chunk = {
  cycleId: string
  programId: string
  basis: CycleBasis
  evaluation: Evaluation
  from: string
  upTo: string
}

/**
 * The statements that prepare a chunk, in one transaction; the last one makes the entitlements, all components at
 * once, so that eligibility is worked out once. There is no ON CONFLICT: the cursor of the cycle moves in the same
 * transaction, so no row is made twice, and a reference that is already taken fails the chunk, which is then repeated.
 */
export const chunkStatements = (chunk: Chunk): Sql[] => [
  // Compiling these statements would take longer than it saves, and their hash tables are to stay in memory.
  sql`SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`,
  ...(chunk.basis.components.every(c => c.basis === 'fixed')
    ? [insertFixed(chunk)]
    : [
        // Analysed, because the planner cannot guess how many a rule lets through: taken for one, they take minutes.
        sql`CREATE TEMP TABLE beneficiaries ON COMMIT DROP AS ${beneficiaries(chunk)}`,
        sql`ANALYZE beneficiaries (id)`,
        insertWorkedOut(chunk),
      ]),
]

/** Who is enrolled and eligible on the day, with `area_id` and `size` (active members; 1 for an individual). */
const beneficiaries = ({ programId, basis, evaluation, from, upTo }: Chunk): Sql => {
  const enrolled = sql`
    FROM programs.enrolments e
    WHERE e.program_id = ${programId} AND e.ended_on IS NULL AND e.status = 'enrolled'
      AND e.registrant_id > ${from} AND e.registrant_id <= ${upTo}`
  const size =
    basis.target === 'group'
      ? sql`(SELECT count(*) FROM registry.active_memberships m WHERE m.group_id = t.id)`
      : sql`1`
  const rules = savedRules(basis.rules, evaluation)
  return sql`
    SELECT t.id, t.area_id, ${size} AS size
    FROM (SELECT e.registrant_id ${enrolled}) e JOIN ${populationOf(basis.target)} t ON t.id = e.registrant_id
    WHERE ${allHold(rules, evaluation.today, sql`SELECT e.registrant_id AS id ${enrolled}`)}`
}

const INTO = sql`INSERT INTO programs.entitlements
  (id, ref, cycle_id, registrant_id, component_id, area_id, amount, inputs)`

const insertFixed = (chunk: Chunk): Sql => {
  const { cycleId, basis } = chunk
  const amounts = basis.components.map(c => sql`(${c.id}::uuid, ${c.amount}::bigint)`)
  return sql`
    ${INTO}
    SELECT kernel.uuid7(), kernel.random_ref(), ${cycleId}::uuid, s.id, a.component_id, s.area_id, a.amount,
      jsonb_build_object('size', s.size)
    FROM (${beneficiaries(chunk)}) s CROSS JOIN (VALUES ${join(amounts)}) a(component_id, amount)`
}

/** Where an amount is worked out, whoever gets none has a finding instead: nobody is skipped in silence. */
const insertWorkedOut = ({ cycleId, basis, evaluation }: Chunk): Sql => {
  const { components, currency } = basis
  const values = components.flatMap((c, i) => {
    if (c.basis !== 'formula') return []
    const value = valuesOf(c.formula!, evaluation, sql`SELECT id FROM beneficiaries`)
    return [sql`LEFT JOIN (${value}) ${alias(i)} ON ${alias(i)}.id = s.id`]
  })
  const rows = components.map(
    (c, i) =>
      sql`(${c.id}::uuid, ${worth(c, i, currency)}, ${limitOf(c.kind)}::numeric, ${c.basis === 'formula'}::boolean)`,
  )
  return sql`
    WITH worth AS MATERIALIZED (
      SELECT s.id, s.area_id, s.size, v.component_id, v.value, round(v.value) AS amount, v.maximum, v.formula
      FROM beneficiaries s ${values.length > 0 ? join(values, ' ') : empty}
      CROSS JOIN LATERAL (VALUES ${join(rows)}) v(component_id, value, maximum, formula)
    ), found AS (
      INSERT INTO programs.findings (cycle_id, registrant_id, component_id, area_id, problem, value)
      SELECT ${cycleId}::uuid, id, component_id, area_id,
        CASE WHEN value IS NULL THEN 'unknown' WHEN value < 0 THEN 'negative' WHEN amount = 0 THEN 'zero' ELSE 'too_large' END,
        value
      FROM worth WHERE value IS NULL OR value < 0 OR amount = 0 OR amount > maximum
    )
    ${INTO}
    SELECT kernel.uuid7(), kernel.random_ref(), ${cycleId}::uuid, id, component_id, area_id, amount::bigint,
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
