import sql, { raw, type Sql } from 'sql-template-tag'
import type { Checked } from './check.ts'
import { TABLES } from './model.ts'
import { conditionSql } from './sql-conditions.ts'
import { type Frame, joinsOf, newFrame, type Writer } from './sql-frame.ts'
import { valueSql } from './sql-values.ts'

export type CompileOptions = {
  /** The evaluation date, `YYYY-MM-DD`. */
  today: string
}

export type CompiledRule = {
  /**
   * A condition over alias `t` of the target's view (`active_groups` or `active_individuals`): TRUE exactly
   * where the rule holds, otherwise false or NULL. For filters over other queries.
   */
  where: Sql
  /**
   * `SELECT t.id` of all for whom the rule holds: the statement for whole populations. `extra` is a further
   * condition over `t`. `within` is a query for ids (one column, `id`) that bounds the work, for chunks.
   */
  statement: (extra?: Sql, within?: Sql) => Sql
}

export type CompiledFormula = {
  /** A scalar over alias `t`: `numeric`, NULL where it cannot be computed. For a few rows at a time. */
  value: Sql
  /** `SELECT t.id, … AS value` (numeric, NULL where it cannot be computed) for whole populations. */
  statement: (extra?: Sql, within?: Sql) => Sql
}

const T = raw('t')

/** Compiles a rule to one statement. Every literal is a bound parameter; all names come from the model. */
export const compile = (checked: Checked, { today }: CompileOptions): CompiledRule => {
  const plain = build(checked, today, T)
  const condition = plain.holds()
  const joins = joinsOf(plain.frame)
  const ids = sql`SELECT t.id FROM ${plain.table} t${joins} WHERE ${condition}`
  return {
    where: joins.text === '' ? sql`(${condition})` : sql`(t.id IN (${ids}))`,
    statement: (extra, within) => {
      if (!within) return extra ? sql`${ids} AND (${extra})` : ids
      const scoped = build(checked, today, T, SCOPE)
      return inScope(within, sql`t.id`, scoped, sql`${scoped.holds()} AND (${extra ?? sql`true`})`)
    },
  }
}

/** Compiles a formula. */
export const compileFormula = (checked: Checked, { today }: CompileOptions): CompiledFormula => {
  const plain = build(checked, today, T)
  const value = sql`(${plain.value()})::numeric`
  return {
    value: single(checked, today),
    statement: (extra, within) => {
      const condition = extra ?? sql`true`
      if (!within)
        return sql`SELECT t.id, ${value} AS value FROM ${plain.table} t${joinsOf(plain.frame)} WHERE (${condition})`
      const scoped = build(checked, today, T, SCOPE)
      return inScope(within, sql`t.id, (${scoped.value()})::numeric AS value`, scoped, sql`(${condition})`)
    },
  }
}

/** The value over alias `t`: by itself, or looked up through the joins it needs. */
const single = (checked: Checked, today: string): Sql => {
  const own = build(checked, today, T)
  const direct = own.value()
  if (joinsOf(own.frame).text === '') return sql`(${direct})::numeric`
  const one = build(checked, today, raw('u'))
  const value = one.value()
  return sql`(SELECT (${value})::numeric FROM ${one.table} u${joinsOf(one.frame)} WHERE u.id = t.id)`
}

const SCOPE = sql`SELECT id FROM scope`

const inScope = (within: Sql, columns: Sql, built: Built, condition: Sql): Sql =>
  sql`WITH scope(id) AS MATERIALIZED (${within}) SELECT ${columns} FROM ${built.table} t${joinsOf(built.frame)}
    WHERE t.id IN (${SCOPE}) AND ${condition}`

type Built = { table: Sql; frame: Frame; holds(): Sql; value(): Sql }

const build = (checked: Checked, today: string, alias: Sql, scope?: Sql): Built => {
  let count = 0
  const writer: Writer = {
    today,
    alias: prefix => raw(`${prefix}${++count}`),
    holds: (ir, wanted, frame, conjunct) => conditionSql(writer, ir, wanted, frame, conjunct),
    value: (ir, frame) => valueSql(writer, ir, frame),
  }
  const frame = newFrame(undefined, scope)
  frame.places.set(checked.subject, { main: alias })
  return {
    table: checked.kind === 'group' ? TABLES.groups : TABLES.individuals,
    frame,
    holds: () => writer.holds(checked.root, true, frame, true),
    value: () => writer.value(checked.root, frame),
  }
}
