import sql from 'sql-template-tag'
import { type Ctx, changesOf, invalidField, ruleViolated } from '../kernel/index.ts'
import { frozen, submissionOf } from './approval.ts'
import { contentsOf } from './digest.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { moveCycle } from './moves.ts'

/**
 * Submits a prepared cycle for approval, and freezes it by a digest. Exceptions must be resolved first, or left out
 * on purpose: with `leaveOut`, the reason. `comment` is for those who approve. Throws `rule_violated`: `cycle-empty`, `exceptions-open`, `frozen`.
 */
export const submitCycle =
  (deps: ProgramsDeps) =>
  async (
    ctx: Ctx,
    reference: string,
    more: { leaveOut?: string | undefined; comment?: string | undefined } = {},
  ): Promise<void> =>
    moveCycle(deps, ctx, reference, 'submit', async cycle => {
      const { db, clock, audit, outbox } = deps
      const counts = await requireResolved(deps, cycle, more.leaveOut)
      const content = (await contentsOf(deps, [cycle])).get(cycle.id)!
      const { digest, entitlements } = content
      if (entitlements === 0n) throw ruleViolated('cycle-empty', 'The cycle has no entitlements.')
      const comment = counts.exceptions > 0 ? commentFrom(more.leaveOut ?? '', '/leaveOut') : null
      await db.run(sql`
        UPDATE programs.cycles SET state = 'submitted', digest = ${digest}, submitted_by = ${ctx.actor.id},
          submitted_by_name = ${ctx.actor.name}, submitted_at = ${clock.now()}, comment = ${comment}
        WHERE id = ${cycle.id}`)
      const { before, after } = changesOf(frozen(cycle), {
        state: 'submitted',
        digest: digest.toString('hex'),
        comment,
      })
      await audit.record(ctx, {
        action: 'cycle.submit',
        subject: { type: 'cycle', id: cycle.id },
        before,
        after: { ...after, entitlements, leftOut: counts.exceptions },
      })
      await outbox.publish('cycle.submitted', cycle.id, {}, { programId: cycle.program_id })
      const submission = await submissionOf(deps, cycle, content, counts)
      await deps.approvals.submit(ctx, 'cycle', [submission], more.comment)
    })

const requireResolved = async ({ db }: ProgramsDeps, cycle: CycleRow, leaveOut: string | undefined) => {
  const counts = (await db.one<{ exceptions: number; zeros: number }>(sql`
    SELECT coalesce(sum(exceptions), 0)::int AS exceptions, coalesce(sum(zeros), 0)::int AS zeros
    FROM programs.totals WHERE cycle_id = ${cycle.id}`))!
  const { exceptions } = counts
  if (exceptions > 0 && leaveOut === undefined)
    throw ruleViolated(
      'exceptions-open',
      `For ${exceptions} no amount could be worked out. Put their data right and prepare again, or say why they are left out.`,
    )
  return counts
}

/** A comment of 1 to 1000 characters. */
export const commentFrom = (text: string, pointer: string): string => {
  const comment = text.trim()
  if (comment === '' || comment.length > 1000)
    throw invalidField(pointer, 'comment', 'Say why, in at most 1000 characters.')
  return comment
}
