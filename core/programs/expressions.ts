import sql, { type Sql } from 'sql-template-tag'
import { DomainError, type Issue } from '../kernel/index.ts'
import { type AttributeType, type AttributeTypes, type Checked, check } from '../targeting/index.ts'
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

/** The rules as they were saved. Throws `invalid` when they can no longer be used (an attribute is gone). */
export const savedRules = (
  sources: readonly string[],
  { kind, attributes }: Evaluation,
): readonly Checked[] =>
  sources.map((source, i) => check(source, { kind, attributes, pointer: `/rules/${i}` }))

/** Formulas as they were saved. Throws `invalid` when one can no longer be used. */
export const savedFormulas = (
  sources: readonly string[],
  { kind, attributes }: Evaluation,
): readonly Checked[] => sources.map(source => check(source, { kind, attributes, expects: 'number' }))

/** The view that holds the active registrants of a kind, with `id` and `area_id`. */
export const populationOf = (kind: Target): Sql =>
  kind === 'group' ? sql`registry.active_groups` : sql`registry.active_individuals`
