import sql, { join, type Sql } from 'sql-template-tag'
import { DomainError, type Issue } from '../kernel/index.ts'
import {
  type AttributeType,
  type AttributeTypes,
  type Checked,
  check,
  compile,
  compileFormula,
} from '../targeting/index.ts'
import type { Target } from './rules.ts'

/** A custom attribute that rules may use. */
export type Attribute = { kind: Target; code: string; type: AttributeType }

/** The custom attributes as the language wants them. */
export const typesOf = (attributes: readonly Attribute[]): AttributeTypes => {
  const of = (kind: Target) =>
    Object.fromEntries(attributes.filter(a => a.kind === kind).map(a => [a.code, a.type]))
  return { individual: of('individual'), group: of('group') }
}

/** Rules of a program, checked. */
export type CheckedRules = { rules: readonly Checked[]; issues: readonly Issue[] }

/** Checks every rule; what is wrong with one is told with its line and column, at `/rules/<n>`. */
export const checkRules = (
  kind: Target,
  sources: readonly string[],
  attributes: AttributeTypes,
): CheckedRules => {
  const results = sources.map((source, i) =>
    collect(() => check(source, { kind, attributes, pointer: `/rules/${i}` })),
  )
  return {
    rules: results.flatMap(r => (Array.isArray(r) ? [] : [r])),
    issues: results.flatMap(r => (Array.isArray(r) ? r : [])),
  }
}

/** What is wrong with a formula, at `pointer`. */
export const checkFormula = (
  kind: Target,
  source: string,
  attributes: AttributeTypes,
  pointer: string,
): readonly Issue[] => {
  const result = collect(() => check(source, { kind, attributes, expects: 'number', pointer }))
  return Array.isArray(result) ? result : []
}

const collect = (work: () => Checked): Checked | Issue[] => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return [...error.issues]
  }
}

/** What to evaluate rules and formulas with: the day that is today to them, and the attributes there are. */
export type Evaluation = { kind: Target; today: string; attributes: AttributeTypes }

/**
 * A query for the ids (one column, `id`) of the active registrants for whom every rule holds, over the whole
 * population. `extra` is a further condition over `t` (the registrant).
 */
export const eligible = (rules: readonly Checked[], today: string, extra: Sql): Sql => {
  const [first, ...others] = rules.map(rule => compile(rule, { today }))
  return first!.statement(join([...others.map(rule => rule.where), extra], ' AND '))
}

/**
 * A condition over `t` that is true exactly where every rule holds, for a part of the population. A rule that needs
 * sums over members does its work for `within` (a query for ids) alone, not for everybody.
 */
export const allHold = (rules: readonly Checked[], today: string, within: Sql): Sql => {
  const each = rules.map(rule => {
    const { where, statement } = compile(rule, { today })
    return where.text.startsWith('(t.id IN (') ? sql`t.id IN (${statement(undefined, within)})` : where
  })
  return join(each, ' AND ')
}

/** The rules as they were saved. Throws `invalid` when they can no longer be used (an attribute is gone). */
export const savedRules = (
  sources: readonly string[],
  { kind, attributes }: Evaluation,
): readonly Checked[] =>
  sources.map((source, i) => check(source, { kind, attributes, pointer: `/rules/${i}` }))

/** A query for `id` and `value` (numeric, null where it cannot be worked out) of those in `within`. */
export const valuesOf = (source: string, { kind, today, attributes }: Evaluation, within: Sql): Sql =>
  compileFormula(check(source, { kind, attributes, expects: 'number' }), { today }).statement(
    undefined,
    within,
  )

/** The view that holds the active registrants of a kind, with `id` and `area_id`. */
export const populationOf = (kind: Target): Sql =>
  kind === 'group' ? sql`registry.active_groups` : sql`registry.active_individuals`
