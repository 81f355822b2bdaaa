import sql, { type Sql } from 'sql-template-tag'
import { type Permission, requirePermission, requireUnmasked, visible } from '../access/index.ts'
import { type Ctx, dayOf, type Issue, invalidField, notFound, parseReference } from '../kernel/index.ts'
import { compileAll, type Explanation, explain, loadSubject } from '../targeting/index.ts'
import { checkRules, savedRules } from './expressions.ts'
import { programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { isDay } from './open-cycle.ts'
import type { Target } from './rules.ts'

/** What a set of rules says: what is wrong with them, or how many they match within the actor's reach. */
export type EligibilityCheck = { issues: readonly Issue[]; matches: bigint | null; evaluationDate: string }

/** Who is there and who would be enrolled, within the actor's reach. */
export type EnrolmentPreview = {
  eligible: bigint
  enrolledBefore: bigint
  toEnrol: bigint
  evaluationDate: string
}

/** Why somebody is eligible, or why not: `holds` when every rule does. */
export type ExplanationView = {
  holds: boolean
  enrolment: string | null
  evaluationDate: string
  rules: Explanation[]
}

/** The condition, over the registrant `t`, that the actor reaches with a permission in a program. */
export const reach = (ctx: Ctx, permission: Permission, programId: string): Sql =>
  visible(ctx, permission, { area: sql`t.area_id`, program: sql`${programId}::uuid` })

const today = ({ clock }: ProgramsDeps, day: string | undefined) => {
  if (day !== undefined && !isDay(day))
    throw invalidField(
      '/evaluationDate',
      'date',
      'A day is written as YYYY-MM-DD, in the years 1900 to 2199.',
    )
  return day ?? dayOf(clock.now())
}

/**
 * Checks the given rules, or those the program has, and counts whom they match. Problems with the rules are
 * the answer here, not an error.
 */
export const checkEligibility =
  (deps: ProgramsDeps) =>
  async (
    ctx: Ctx,
    code: string,
    more: { rules?: readonly string[] | undefined; evaluationDate?: string | undefined } = {},
  ): Promise<EligibilityCheck> => {
    const program = await programByCode(deps.db, ctx, 'rule:evaluate', code)
    if (more.rules) requireAsking(ctx)
    const sources = more.rules ?? program.rules
    const within = reach(ctx, 'rule:evaluate', program.id)
    return countMatching(deps, program.target, sources, { day: more.evaluationDate, within })
  }

/** The same for rules of a program that is not written down yet: within reach in any program. */
export const checkDraft =
  (deps: ProgramsDeps) =>
  async (
    ctx: Ctx,
    { target, rules, evaluationDate }: { target: Target; rules: readonly string[]; evaluationDate?: string },
  ): Promise<EligibilityCheck> => {
    requirePermission(ctx, 'rule:evaluate')
    requireAsking(ctx)
    const within = visible(ctx, 'rule:evaluate', { area: sql`t.area_id` })
    return countMatching(deps, target, rules, { day: evaluationDate, within })
  }

/** Counting whom a rule of one's own matches would tell, letter by letter, what is kept from somebody. */
const requireAsking = (ctx: Ctx) => requireUnmasked(ctx, 'rule:evaluate', ['name', 'birth'])

const countMatching = async (
  deps: ProgramsDeps,
  target: Target,
  sources: readonly string[],
  { day, within }: { day: string | undefined; within: Sql },
): Promise<EligibilityCheck> => {
  const evaluationDate = today(deps, day)
  const { rules, issues } = checkRules(target, sources, await deps.attributeTypes())
  if (issues.length > 0 || rules.length === 0) return { issues, matches: null, evaluationDate }
  const { from, where } = compileAll(rules, { today: evaluationDate })
  const matching = sql`SELECT t.id FROM ${from} WHERE ${where} AND ${within}`
  const row = await deps.db.one<{ n: string }>(sql`SELECT count(*)::text AS n FROM (${matching}) matching`)
  return { issues, matches: BigInt(row!.n), evaluationDate }
}

/** Counts what `enrol` would do, without doing it. */
export const previewEnrolment =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, code: string, evaluationDate?: string): Promise<EnrolmentPreview> => {
    const program = await programByCode(deps.db, ctx, 'enrolment:write', code)
    const day = today(deps, evaluationDate)
    const attributes = await deps.attributeTypes()
    const rules = savedRules(program.rules, { kind: program.target, today: day, attributes })
    const { from, where } = compileAll(rules, { today: day })
    const matching = sql`SELECT t.id FROM ${from} WHERE ${where} AND ${reach(ctx, 'enrolment:write', program.id)}`
    const row = await deps.db.one<{ eligible: string; before: string }>(sql`
      SELECT count(*)::text AS eligible, count(e.registrant_id)::text AS before
      FROM (${matching}) matching
      LEFT JOIN (SELECT DISTINCT registrant_id FROM programs.enrolments WHERE program_id = ${program.id}) e
        ON e.registrant_id = matching.id`)
    const [eligibleNow, enrolledBefore] = [BigInt(row!.eligible), BigInt(row!.before)]
    return {
      eligible: eligibleNow,
      enrolledBefore,
      toEnrol: eligibleNow - enrolledBefore,
      evaluationDate: day,
    }
  }

/** Why, or why not: every rule of the program for one registrant, part by part. */
export const explainEligibility =
  (deps: ProgramsDeps) =>
  async (
    ctx: Ctx,
    code: string,
    registrantReference: string,
    evaluationDate?: string,
  ): Promise<ExplanationView> => {
    const { db } = deps
    const program = await programByCode(db, ctx, 'rule:evaluate', code)
    requirePermission(ctx, 'registrant:read')
    requireUnmasked(ctx, 'registrant:read', ['birth', 'name'])
    const day = today(deps, evaluationDate)
    const attributes = await deps.attributeTypes()
    const registrant = await db.one<{ id: string; enrolment: string | null }>(sql`
      SELECT t.id, (SELECT e.status FROM programs.enrolments e
        WHERE e.program_id = ${program.id} AND e.registrant_id = t.id ORDER BY e.id DESC LIMIT 1) AS enrolment
      FROM registry.people t
      WHERE t.ref = ${parseReference(program.target, registrantReference) ?? null}::bigint AND t.kind = ${program.target}
        AND ${reach(ctx, 'rule:evaluate', program.id)} AND ${visible(ctx, 'registrant:read', { area: sql`t.area_id` })}`)
    const subject = registrant && (await loadSubject(db, program.target, registrant.id))
    if (!subject) throw notFound(program.target)
    const rules = savedRules(program.rules, { kind: program.target, today: day, attributes }).map(rule =>
      explain(rule, subject, day),
    )
    await deps.audit.record(ctx, {
      action: 'registrant.explain',
      subject: { type: 'registrant', id: registrant.id },
      after: { program: program.code },
    })
    return {
      holds: rules.every(rule => rule.outcome === 'true'),
      enrolment: registrant.enrolment,
      evaluationDate: day,
      rules,
    }
  }
