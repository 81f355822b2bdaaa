import sql from 'sql-template-tag'
import { requireEverywhere, requirePermission, visible } from '../access/index.ts'
import {
  type Ctx,
  conflict,
  formatReference,
  type Issue,
  invalid,
  notFound,
  refFromPath,
  ruleViolated,
} from '../kernel/index.ts'
import { knownTypes } from './check.ts'
import type { ApprovalDeps } from './index.ts'

/** A time in which nothing is submitted or decided. `subjectTypes` and `programs` (codes) left out: all. */
export type NewFreeze = {
  from: Date
  until: Date
  subjectTypes?: readonly string[] | undefined
  programs?: readonly string[] | undefined
  reason: string
}
export type FreezeView = {
  reference: string
  from: Date
  until: Date
  subjectTypes: string[] | null
  programs: string[] | null
  reason: string
  createdBy: string
}

/** Refuses (`frozen`) to submit or decide things of a type in these programs while a freeze holds. */
export const requireOpen = async (
  { db, clock }: ApprovalDeps,
  type: string,
  programIds: readonly (string | null)[],
): Promise<void> => {
  const at = clock.now()
  const freeze = await db.one<{ ends_at: Date; reason: string }>(sql`
    SELECT ends_at, reason FROM approvals.freezes
    WHERE starts_at <= ${at} AND ends_at > ${at} AND (subject_types IS NULL OR ${type} = ANY(subject_types))
      AND (program_ids IS NULL OR program_ids && ${programIds.filter(p => p !== null)}::uuid[])
    ORDER BY ends_at DESC LIMIT 1`)
  if (freeze)
    throw ruleViolated(
      'frozen',
      `Nothing is submitted or decided until ${freeze.ends_at.toISOString()}: ${freeze.reason}`,
    )
}

/** Freeze periods: configured by those who may, seen by all who read approvals of their programs. */
export const freezes = (deps: ApprovalDeps) => {
  const { db, ids, clock, audit, outbox } = deps

  const list = async (ctx: Ctx): Promise<FreezeView[]> => {
    requirePermission(ctx, 'approval:read')
    const reached = visible(ctx, 'approval:read', { program: sql`p.id` })
    const rows = await db.query<Omit<FreezeView, 'reference'> & { ref: string }>(sql`
      SELECT f.ref, f.starts_at AS "from", f.ends_at AS until, f.subject_types AS "subjectTypes", f.reason,
        f.created_by_name AS "createdBy",
        (SELECT array_agg(p.code ORDER BY p.code) FROM programs.program_codes p WHERE p.id = ANY(f.program_ids) AND ${reached}) AS programs
      FROM approvals.freezes f
      WHERE f.ends_at > ${new Date(clock.now().getTime() - 30 * 86_400_000)}
        AND (f.program_ids IS NULL OR EXISTS (
          SELECT FROM programs.program_codes p WHERE p.id = ANY(f.program_ids) AND ${reached}))
      ORDER BY f.starts_at LIMIT 1000`)
    return rows.map(({ ref, ...freeze }) => ({ reference: formatReference('freeze', ref), ...freeze }))
  }

  return {
    /** Those of the last month, running and to come. */
    listFreezes: list,

    freeze: (ctx: Ctx, freeze: NewFreeze): Promise<FreezeView> =>
      db.transaction(async () => {
        requireEverywhere(ctx, 'approval:configure')
        const programs = await checked(deps, freeze)
        const [id, ref] = [ids.uuid(), ids.ref()]
        const { from, until, subjectTypes = null, reason } = freeze
        await db.run(sql`
          INSERT INTO approvals.freezes (id, ref, starts_at, ends_at, subject_types, program_ids, reason, created_by_name,
            created_at)
          VALUES (${id}, ${ref}, ${from}, ${until}, ${subjectTypes && [...subjectTypes]}, ${programs}, ${reason},
            ${ctx.actor.name}, ${clock.now()})`)
        await audit.record(ctx, {
          action: 'approval-freeze.create',
          subject: { type: 'approval-freeze', id },
          after: { ...freeze },
        })
        await outbox.publish('approval-freeze.created', id, { from, until })
        return {
          reference: formatReference('freeze', ref),
          from,
          until,
          subjectTypes: subjectTypes && [...subjectTypes],
          programs: freeze.programs ? [...new Set(freeze.programs)].sort() : null,
          reason,
          createdBy: ctx.actor.name,
        }
      }),

    /** Ends a freeze now. Throws `conflict` (`freeze-over`) when it is over. */
    endFreeze: (ctx: Ctx, reference: string): Promise<void> =>
      db.transaction(async () => {
        requireEverywhere(ctx, 'approval:configure')
        const at = clock.now()
        const row = await db.one<{ id: string; ends_at: Date }>(
          sql`SELECT id, ends_at FROM approvals.freezes WHERE ref = ${refFromPath('freeze', reference)} FOR UPDATE`,
        )
        if (!row) throw notFound('freeze')
        if (row.ends_at <= at) throw conflict('The freeze is over already.', 'freeze-over')
        // One that has not begun never does.
        await db.run(sql`
          UPDATE approvals.freezes SET ends_at = greatest(starts_at, ${at}) WHERE id = ${row.id}`)
        await audit.record(ctx, {
          action: 'approval-freeze.end',
          subject: { type: 'approval-freeze', id: row.id },
          before: { until: row.ends_at },
          after: { until: at },
        })
        await outbox.publish('approval-freeze.ended', row.id)
      }),
  }
}

/** The ids of the programs (null: all). Throws `invalid` for what cannot be. */
const checked = async (deps: ApprovalDeps, freeze: NewFreeze): Promise<string[] | null> => {
  const issues: Issue[] = knownTypes(deps, freeze.subjectTypes)
  if (!(freeze.until > freeze.from) || freeze.until <= deps.clock.now())
    issues.push({ pointer: '/until', code: 'order', detail: 'It ends after it begins, and in the future.' })
  if (freeze.reason.trim() === '') issues.push({ pointer: '/reason', code: 'required', detail: 'Say why.' })
  const codes = freeze.programs ?? []
  const known = await deps.people.programIdsOf(codes)
  for (const [i, code] of codes.entries())
    if (!known.has(code))
      issues.push({ pointer: `/programs/${i}`, code: 'unknown', detail: `There is no program ${code}.` })
  if (issues.length > 0) throw invalid(issues)
  return freeze.programs ? [...known.values()] : null
}
