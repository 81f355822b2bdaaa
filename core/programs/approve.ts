import sql from 'sql-template-tag'
import { type Ctx, conflict, ruleViolated } from '../kernel/index.ts'
import { contentOf } from './digest.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { moveCycle } from './moves.ts'

/**
 * Approves a submitted cycle: what was submitted is what becomes due, and its cash is committed in the fund, all in
 * one transaction. Throws `rule_violated`: `maker-is-checker` for whoever prepared or submitted it (a person or a
 * client), `fund-exceeded`; and `conflict` (`digest-differs`) when its content is not what was submitted.
 */
export const approveCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string): Promise<void> =>
    moveCycle(deps, ctx, reference, 'approve', async cycle => {
      const { db, clock, audit, outbox, ledger } = deps
      requireChecker(ctx, cycle)
      const { digest, entitlements, cash } = await contentOf(deps, cycle)
      if (!digest.equals(cycle.digest as Buffer))
        throw conflict('The cycle is not what was submitted. Prepare and submit it again.', 'digest-differs')
      if (cash > 0n) await ledger.commit({ type: 'cycle', id: cycle.id }, cycle.basis!.fundId!, cash)
      await db.run(
        sql`UPDATE programs.entitlements SET status = 'approved' WHERE cycle_id = ${cycle.id} AND status = 'draft'`,
      )
      await db.run(sql`
        UPDATE programs.cycles SET state = 'approved', decided_by = ${ctx.actor.id},
          decided_by_name = ${ctx.actor.name}, decided_at = ${clock.now()}
        WHERE id = ${cycle.id}`)
      await audit.record(ctx, {
        action: 'cycle.approve',
        subject: { type: 'cycle', id: cycle.id },
        items: Number(entitlements),
        before: { state: cycle.state },
        after: { state: 'approved', digest: digest.toString('hex'), entitlements, committed: cash },
      })
      await outbox.publish('cycle.approved', cycle.id, { programId: cycle.program_id })
    })

const requireChecker = (ctx: Ctx, cycle: CycleRow): void => {
  if ([cycle.prepared_by, cycle.submitted_by].includes(ctx.actor.id))
    throw ruleViolated(
      'maker-is-checker',
      'Whoever prepared or submitted a cycle cannot approve it: another person must.',
    )
}
