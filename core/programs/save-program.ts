import sql from 'sql-template-tag'
import { requireEverywhere, requireWholeProgram } from '../access/index.ts'
import { violated } from '../db/index.ts'
import {
  type Ctx,
  changesOf,
  conflict,
  type Fields,
  type Issue,
  invalid,
  requireVersion,
  ruleViolated,
} from '../kernel/index.ts'
import { checkFormula, checkRules } from './expressions.ts'
import { type ComponentRow, type ProgramRow, programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { type ProgramView, presentProgram } from './read-programs.ts'
import { basisOf, type ComponentInput, checkShape, type ProgramInput } from './rules.ts'
import { programThing } from './things.ts'

/** Makes a program, as a draft. Throws `invalid` with every problem, `conflict` (`code-taken`) for a code in use. */
export const createProgram =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, input: ProgramInput): Promise<ProgramView> => {
    requireEverywhere(ctx, 'program:write')
    const { db, ids, clock, audit } = deps
    const id = ids.uuid()
    const create = async () => {
      const { fundId, components } = await resolve(deps, input)
      await db.run(sql`
      INSERT INTO programs.programs (id, code, name, target, currency, fund_id, rules, created_at)
      VALUES (${id}, ${input.code}, ${input.name}, ${input.target}, ${input.currency}, ${fundId},
              ${[...input.rules]}, ${clock.now()})`)
      await writeComponents(deps, id, components)
      const program = await programByCode(db, ctx, 'program:write', input.code)
      await audit.record(ctx, {
        action: 'program.create',
        subject: { type: 'program', id },
        after: await stateNow(deps, id),
      })
      return presentProgram(program, components, input.fund ?? null)
    }
    return db.transaction(create).catch(error => {
      if (violated(error) !== 'programs_code') throw error
      throw conflict(`There is already a program with the code ${input.code}.`, 'code-taken')
    })
  }

/**
 * Changes a program. Code, target and currency stay; once it is active, so does what each component is (not how
 * much). Cycles prepared before are not touched. Throws `conflict` (`version-differs`) when `version` is
 * given and the program has another.
 */
export const updateProgram =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, input: ProgramInput, version?: number): Promise<ProgramView> => {
    const { db, audit } = deps
    return db.transaction(async () => {
      const before = await programByCode(db, ctx, 'program:write', input.code, true)
      requireWholeProgram(ctx, 'program:write', before.id)
      requireVersion('program', before.version, version, 'version-differs')
      const was = await stateNow(deps, before.id)
      requireChangeable(before, input)
      const { fundId, components } = await resolve(deps, input)
      await requireSameThings(deps, before, components)
      await db.run(sql`
        UPDATE programs.programs
        SET name = ${input.name}, fund_id = ${fundId}, rules = ${[...input.rules]}, version = version + 1
        WHERE id = ${before.id}`)
      await writeComponents(deps, before.id, components)
      const after = await programByCode(db, ctx, 'program:write', input.code)
      await audit.record(ctx, {
        action: 'program.update',
        subject: { type: 'program', id: before.id },
        ...changesOf(was, await stateNow(deps, before.id)),
      })
      return presentProgram(after, components, input.fund ?? null)
    })
  }

/** A program as its history knows it. */
const stateNow = async ({ db }: ProgramsDeps, id: string): Promise<Fields> => {
  const row = await db.one<{ state: Fields }>(
    sql`SELECT p.state FROM (${programThing.state}) p WHERE p.id = ${id}`,
  )
  return row!.state
}

const requireChangeable = (program: ProgramRow, input: ProgramInput): void => {
  if (program.state === 'ended') throw conflict('The program has ended.', 'program-ended')
  if (program.target !== input.target || program.currency !== input.currency)
    throw ruleViolated('program-fixed', 'The target and the currency of a program cannot be changed.')
}

/** A component of an active program stays the same thing: entitlements made before speak of it. */
const requireSameThings = async (
  { db }: ProgramsDeps,
  program: ProgramRow,
  components: readonly ComponentRow[],
): Promise<void> => {
  if (program.state === 'draft') return
  const known = await db.query<{ code: string; kind: string; item: string | null }>(
    sql`SELECT code, kind, item FROM programs.components WHERE program_id = ${program.id}`,
  )
  for (const { code, kind, item } of components) {
    const before = known.find(k => k.code === code)
    if (before && (before.kind !== kind || before.item !== item))
      throw ruleViolated(
        'component-fixed',
        `What the component ${code} gives cannot be changed: add another one.`,
      )
  }
}

/** Checks a program against everything it refers to: rules and formulas, the fund, the items. */
const resolve = async (
  deps: ProgramsDeps,
  input: ProgramInput,
): Promise<{ fundId: string | null; components: ComponentRow[] }> => {
  checkShape(input)
  const attributes = await deps.attributeTypes()
  const items = await unitsOf(deps, input.components)
  const fund = input.fund === undefined ? undefined : await deps.ledger.fundByCode(input.fund)
  const issues: Issue[] = [...checkRules(input.target, input.rules, attributes).issues]
  if (input.fund !== undefined && !fund)
    issues.push({
      pointer: '/fund',
      code: 'unknown',
      detail: `There is no fund with the code ${input.fund}.`,
    })
  if (fund && fund.currency !== input.currency)
    issues.push({
      pointer: '/fund',
      code: 'currency',
      detail: `The fund ${fund.code} is in ${fund.currency}.`,
    })
  for (const [i, { item, formula }] of input.components.entries()) {
    const at = `/components/${i}`
    if (item !== undefined && !items.has(item))
      issues.push({
        pointer: `${at}/item`,
        code: 'unknown',
        detail: `There is no item with the code ${item}.`,
      })
    if (formula !== undefined)
      issues.push(...checkFormula(input.target, formula, attributes, `${at}/formula`))
  }
  if (issues.length > 0) throw invalid(issues)
  const components = input.components.map((c, i) => toRow(deps, c, input.currency, items, `/components/${i}`))
  return { fundId: fund?.id ?? null, components }
}

const unitsOf = async ({ db }: ProgramsDeps, components: readonly ComponentInput[]) => {
  const codes = components.map(c => c.item).filter(item => item !== undefined)
  const rows = await db.query<{ code: string; unit: string }>(
    sql`SELECT code, unit FROM inventory.catalogue WHERE code = ANY(${codes}::text[])`,
  )
  return new Map(rows.map(r => [r.code, r.unit]))
}

const toRow = (
  { ids }: ProgramsDeps,
  component: ComponentInput,
  currency: string,
  units: ReadonlyMap<string, string>,
  at: string,
): ComponentRow => {
  const { code, kind, item } = component
  const of = basisOf(component, currency, at)
  return {
    id: ids.uuid(),
    code,
    kind,
    item: item ?? null,
    unit: item === undefined ? null : units.get(item)!,
    basis: of.basis,
    amount: of.basis === 'formula' ? null : of.amount.toString(),
    maximum: of.basis === 'per_member' ? (of.maximum?.toString() ?? null) : null,
    formula: of.basis === 'formula' ? of.formula : null,
  }
}

/** Writes the components as they are to be; one that is no longer named is retired, not removed. */
const writeComponents = async (
  { db }: ProgramsDeps,
  programId: string,
  components: readonly ComponentRow[],
) => {
  const rows = JSON.stringify(components.map((c, position) => ({ ...c, position })))
  await db.run(sql`
    UPDATE programs.components SET retired = true
    WHERE program_id = ${programId} AND NOT retired AND code <> ALL(${components.map(c => c.code)}::text[])`)
  await db.run(sql`
    INSERT INTO programs.components (id, program_id, position, code, kind, item, unit, basis, amount, maximum, formula)
    SELECT id, ${programId}::uuid, position, code, kind, item, unit, basis, amount, maximum, formula
    FROM jsonb_populate_recordset(NULL::programs.components, ${rows}::jsonb)
    ON CONFLICT (program_id, code) DO UPDATE SET position = excluded.position, kind = excluded.kind,
      item = excluded.item, unit = excluded.unit, basis = excluded.basis, amount = excluded.amount,
      maximum = excluded.maximum, formula = excluded.formula, retired = false`)
}
