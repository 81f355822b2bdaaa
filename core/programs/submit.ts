import sql from 'sql-template-tag'
import { type Ctx, invalidField, ruleViolated } from '../kernel/index.ts'
import { contentOf } from './digest.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { moveCycle } from './moves.ts'

/**
 * Submits a prepared cycle for approval, and freezes it by a digest. Exceptions must be resolved first, or left out
 * on purpose: with `leaveOut`, the reason. Throws `rule_violated`: `cycle-empty`, `exceptions-open`.
 */
export const submitCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, more: { leaveOut?: string | undefined } = {}): Promise<void> =>
    moveCycle(deps, ctx, reference, 'submit', async cycle => {
      const { db, clock, audit, outbox } = deps
      const exceptions = await requireResolved(deps, cycle, more.leaveOut)
      const { digest, entitlements } = await contentOf(deps, cycle)
      if (entitlements === 0n) throw ruleViolated('cycle-empty', 'The cycle has no entitlements.')
      const comment = exceptions > 0 ? commentFrom(more.leaveOut ?? '', '/leaveOut') : null
      await db.run(sql`
        UPDATE programs.cycles SET state = 'submitted', digest = ${digest}, submitted_by = ${ctx.actor.id},
          submitted_by_name = ${ctx.actor.name}, submitted_at = ${clock.now()}, comment = ${comment}
        WHERE id = ${cycle.id}`)
      await audit.record(ctx, {
        action: 'cycle.submit',
        subject: { type: 'cycle', id: cycle.id },
        before: { state: cycle.state },
        after: {
          state: 'submitted',
          digest: digest.toString('hex'),
          entitlements,
          leftOut: exceptions,
          comment,
        },
      })
      await outbox.publish('cycle.submitted', cycle.id)
    })

const requireResolved = async ({ db }: ProgramsDeps, cycle: CycleRow, leaveOut: string | undefined) => {
  const row = await db.one<{ n: string }>(
    sql`SELECT coalesce(sum(exceptions), 0)::text AS n FROM programs.totals WHERE cycle_id = ${cycle.id}`,
  )
  const exceptions = Number(row!.n)
  if (exceptions > 0 && leaveOut === undefined)
    throw ruleViolated(
      'exceptions-open',
      `For ${exceptions} no amount could be worked out. Put their data right and prepare again, or say why they are left out.`,
    )
  return exceptions
}

/** Gives a submitted cycle back to those who prepare it, with a comment that says why. */
export const returnCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, comment: string): Promise<void> =>
    moveCycle(deps, ctx, reference, 'return', async cycle => {
      const said = commentFrom(comment, '/comment')
      await deps.db.run(sql`
        UPDATE programs.cycles SET state = 'prepared', comment = ${said}, digest = NULL,
          submitted_by = NULL, submitted_by_name = NULL, submitted_at = NULL
        WHERE id = ${cycle.id}`)
      await deps.audit.record(ctx, {
        action: 'cycle.return',
        subject: { type: 'cycle', id: cycle.id },
        before: { state: cycle.state },
        after: { state: 'prepared', comment: said },
      })
      await deps.outbox.publish('cycle.returned', cycle.id)
    })

/** A comment of 1 to 1000 characters. */
export const commentFrom = (text: string, pointer: string): string => {
  const comment = text.trim()
  if (comment === '' || comment.length > 1000)
    throw invalidField(pointer, 'comment', 'Say why, in at most 1000 characters.')
  return comment
}
