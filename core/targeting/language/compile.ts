import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import type { Checked } from './check.ts'
import { TABLES } from './model.ts'
import { conditionSql } from './sql-conditions.ts'
import { type Frame, joinsOf, newFrame, type Within, type Writer } from './sql-frame.ts'
import { valueSql } from './sql-values.ts'

export type CompileOptions = {
  /** The evaluation date, `YYYY-MM-DD`. */
  today: string
  /** Whom to work on, when that is but a part of the population: nothing else is read where that can be helped. */
  within?: Within | undefined
}

export type CompiledRule = {
  /**
   * A condition over alias `t` of the target's view (`active_groups` or `active_individuals`): TRUE exactly
   * where the rule holds, otherwise false or NULL. For filters over other queries.
   */
  where: Sql
  /** `SELECT t.id` of all for whom the rule holds. `extra` is a further condition over `t`. */
  statement: (extra?: Sql) => Sql
}

export type CompiledFormula = {
  /** A scalar over alias `t`: `numeric`, NULL where it cannot be computed. For a few rows at a time. */
  value: Sql
  /** `SELECT t.id, … AS value` (numeric, NULL where it cannot be computed). `extra` is a condition over `t`. */
  statement: (extra?: Sql) => Sql
}

/** `from` is the target's view as `t`, with everything that had to be joined to it. */
export type CompiledRules = { from: Sql; where: Sql }

export type CompiledColumns = {
  from: Sql
  /** In the order given. Of a rule TRUE exactly where it holds, otherwise false or NULL; of a formula its value. */
  columns: readonly Sql[]
}

const T = raw('t')

/** Compiles a rule to one statement. Every literal is a bound parameter; all names come from the model. */
export const compile = (checked: Checked, options: CompileOptions): CompiledRule => {
  const { writer, frame, from, bounds } = open([checked], options)
  const condition = writer.holds(checked.root, true, frame, true)
  const ids = sql`SELECT t.id FROM ${from()} WHERE ${bounds}${condition}`
  return {
    where: joinsOf(frame).text === '' ? sql`(${condition})` : sql`(t.id IN (${ids}))`,
    statement: extra => (extra ? sql`${ids} AND (${extra})` : ids),
  }
}

/** Compiles a formula. */
export const compileFormula = (checked: Checked, options: CompileOptions): CompiledFormula => {
  const { writer, frame, from, bounds } = open([checked], options)
  const value = sql`(${writer.value(checked.root, frame)})::numeric`
  return {
    value: joinsOf(frame).text === '' ? value : lookedUp(checked, options),
    statement: extra =>
      sql`SELECT t.id, ${value} AS value FROM ${from()} WHERE ${bounds}(${extra ?? sql`true`})`,
  }
}

/** The value of `t` through the joins it needs. */
const lookedUp = (checked: Checked, options: CompileOptions): Sql => {
  const { writer, frame, from } = open([checked], options, raw('u'))
  const value = writer.value(checked.root, frame)
  return sql`(SELECT (${value})::numeric FROM ${from()} WHERE u.id = t.id)`
}

/** Compiles rules over the same kind, one at least, to the FROM and WHERE that find whom all of them hold for. */
export const compileAll = (rules: readonly Checked[], options: CompileOptions): CompiledRules => {
  const { writer, frame, from, bounds } = open(rules, options)
  const conditions = rules.map(({ root }) => writer.holds(root, true, frame, true))
  return { from: from(), where: sql`${bounds}${join(conditions, ' AND ')}` }
}

/**
 * Compiles rules and formulas over the same kind, one at least, so that a single SELECT works all of them out, and
 * goes through a list once for everything that they ask of it.
 */
export const compileColumns = (parts: readonly Checked[], options: CompileOptions): CompiledColumns => {
  const { writer, frame, from } = open(parts, options)
  const columns = parts.map(({ root }) =>
    root.type === 'bool'
      ? writer.holds(root, true, frame, false)
      : sql`(${writer.value(root, frame)})::numeric`,
  )
  return { from: from(), columns }
}

/** Begins a statement over the kind that some expressions are about. `from` is asked for when they are written. */
const open = (parts: readonly Checked[], { today, within }: CompileOptions, alias = T) => {
  let count = 0
  const writer: Writer = {
    today,
    alias: prefix => raw(`${prefix}${++count}`),
    holds: (ir, wanted, frame, conjunct) => conditionSql(writer, ir, wanted, frame, conjunct),
    value: (ir, frame) => valueSql(writer, ir, frame),
  }
  const frame: Frame = newFrame(undefined, within)
  for (const { subject } of parts) frame.places.set(subject, { main: alias })
  const table = parts[0]!.kind === 'group' ? TABLES.groups : TABLES.individuals
  return {
    writer,
    frame,
    from: () => sql`${table} ${alias}${joinsOf(frame)}`,
    bounds: within ? sql`(${within(sql`${alias}.id`)}) AND ` : empty,
  }
}
