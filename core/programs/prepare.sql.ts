import sql, { join, raw, type Sql } from 'sql-template-tag'
import { exponentOf } from '../kernel/index.ts'
import { compileColumns, type Within } from '../targeting/index.ts'
import { type Evaluation, savedFormulas, savedRules } from './expressions.ts'
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
 * once. There is no ON CONFLICT: the cursor of the cycle moves in the same transaction, so no row is made twice, and
 * a reference that is already taken fails the chunk, which is then repeated.
 */
export const chunkStatements = (chunk: Chunk): Sql[] => [
  // Compiling these statements would take longer than it saves, and their hash tables are to stay in memory.
  sql`SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`,
  // Analysed, so that the planner knows how many there are, and that each is there once.
  sql`CREATE TEMP TABLE enrolled ON COMMIT DROP AS
    SELECT registrant_id AS id FROM programs.enrolments
    WHERE program_id = ${chunk.programId} AND ended_on IS NULL AND status = 'enrolled'
      AND registrant_id > ${chunk.from} AND registrant_id <= ${chunk.upTo}`,
  sql`ANALYZE enrolled`,
  chunk.basis.components.every(c => c.basis === 'fixed') ? insertFixed(chunk) : insertWorkedOut(chunk),
]

const ENROLLED: Within = id => sql`${id} IN (SELECT id FROM enrolled)`

/**
 * Everybody enrolled, with `area_id`, `size` (active members; 1 for an individual), the value of each formula (`f0` …)
 * and whether still `eligible` on the day: one pass over the members gives what rules and formulas ask of them.
 *
 * Eligibility is a column and no condition. Most of those enrolled are eligible, but the planner may take them for a
 * single one, and then what is joined to it is gone through once for each of those that there really are: minutes.
 * In the order of ids, because that is the order of the index that makes entitlements unique.
 */
const evaluated = ({ basis, evaluation }: Chunk): Sql => {
  const rules = savedRules(basis.rules, evaluation)
  const size = basis.target === 'group' ? 'size' : '1'
  const formulas = savedFormulas([size, ...formulasOf(basis).map(c => c.formula!)], evaluation)
  const { today } = evaluation
  const { from, columns } = compileColumns([...rules, ...formulas], { today, within: ENROLLED })
  const eligible = columns.slice(0, rules.length)
  const values = columns
    .slice(rules.length)
    .map((value, i) => sql`${value} AS ${i === 0 ? raw('size') : nth(i - 1)}`)
  return sql`
    SELECT t.id, t.area_id, ${join(values)}, (${join(eligible, ' AND ')}) AS eligible
    FROM ${from} WHERE ${ENROLLED(sql`t.id`)} ORDER BY t.id`
}

const formulasOf = ({ components }: CycleBasis) => components.filter(c => c.basis === 'formula')
const nth = (formula: number) => raw(`f${formula}`)

const INTO = sql`INSERT INTO programs.entitlements
  (id, ref, cycle_id, registrant_id, component_id, area_id, amount, inputs)`

const insertFixed = (chunk: Chunk): Sql => {
  const { cycleId, basis } = chunk
  const amounts = basis.components.map(c => sql`(${c.id}::uuid, ${c.amount}::bigint)`)
  return sql`
    WITH evaluated AS MATERIALIZED (${evaluated(chunk)})
    ${INTO}
    SELECT kernel.uuid7(), kernel.random_ref(), ${cycleId}::uuid, s.id, a.component_id, s.area_id, a.amount,
      jsonb_build_object('size', s.size)
    FROM evaluated s CROSS JOIN (VALUES ${join(amounts)}) a(component_id, amount)
    WHERE s.eligible`
}

/** Where an amount is worked out, whoever gets none has a finding instead: nobody is skipped in silence. */
const insertWorkedOut = (chunk: Chunk): Sql => {
  const { cycleId, basis } = chunk
  const formulas = formulasOf(basis)
  const rows = basis.components.map(
    c =>
      sql`(${c.id}::uuid, ${worth(c, formulas.indexOf(c), basis.currency)}, ${limitOf(c.kind)}::numeric, ${c.basis === 'formula'}::boolean)`,
  )
  return sql`
    WITH evaluated AS MATERIALIZED (${evaluated(chunk)}), worth AS MATERIALIZED (
      SELECT s.id, s.area_id, s.size, v.component_id, v.value, round(v.value) AS amount, v.maximum, v.formula
      FROM evaluated s CROSS JOIN LATERAL (VALUES ${join(rows)}) v(component_id, value, maximum, formula)
      WHERE s.eligible
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

/** What a component is worth for `s`, in minor units or units of the item, before rounding; `i`: which formula. */
const worth = (c: ComponentRow, i: number, currency: string): Sql => {
  if (c.basis === 'fixed') return sql`${c.amount}::numeric`
  if (c.basis === 'per_member') return sql`least(${c.amount}::numeric * s.size, ${c.maximum}::numeric)`
  const value = sql`s.${nth(i)}`
  return c.kind === 'cash' ? sql`${value} * ${10 ** exponentOf(currency)}::numeric` : value
}
