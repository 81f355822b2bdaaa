import sql from 'sql-template-tag'
import { type Ctx, changesOf, conflict, ruleViolated } from '../kernel/index.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { moveCycle, requireUndo } from './moves.ts'
import { commentFrom } from './submit.ts'

/**
 * Cancels a cycle of which nothing was given yet, with a comment that says why. What was approved becomes
 * `cancelled` and its commitment is released; what was not is removed.
 */
export const cancelCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, comment: string): Promise<void> =>
    moveCycle(deps, ctx, reference, 'cancel', async cycle => {
      requireUndo(ctx, cycle)
      const said = commentFrom(comment, '/comment')
      const { db, audit, outbox } = deps
      await deps.approvals.withdrawFor(ctx, 'cycle', cycle.id, said)
      const items = await endEntitlements(deps, cycle, 'cancelled')
      await requireNothingGiven(deps, cycle)
      await db.run(sql`DELETE FROM programs.entitlements WHERE cycle_id = ${cycle.id} AND status = 'draft'`)
      await db.run(
        sql`UPDATE programs.cycles SET state = 'cancelled', comment = ${said} WHERE id = ${cycle.id}`,
      )
      await audit.record(ctx, {
        action: 'cycle.cancel',
        subject: { type: 'cycle', id: cycle.id },
        items,
        ...changesOf({ state: cycle.state, comment: cycle.comment }, { state: 'cancelled', comment: said }),
      })
      await outbox.publish('cycle.cancelled', cycle.id, {}, { programId: cycle.program_id })
    })

/**
 * Closes a cycle: what was not given expires, and its part of the commitment is released. Throws `rule_violated`
 * (`payments-open`) while money may still move: what it pays must not expire.
 */
export const closeCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string): Promise<void> =>
    moveCycle(deps, ctx, reference, 'close', async cycle => {
      const open = await deps.db.one(
        sql`SELECT 1 FROM payments.open_batches WHERE cycle_id = ${cycle.id} LIMIT 1`,
      )
      if (open)
        throw ruleViolated(
          'payments-open',
          'The bank has not answered for every payment of this cycle. Close it when its batches are reconciled or cancelled.',
        )
      const items = await endEntitlements(deps, cycle, 'expired')
      await deps.db.run(sql`UPDATE programs.cycles SET state = 'closed' WHERE id = ${cycle.id}`)
      await deps.audit.record(ctx, {
        action: 'cycle.close',
        subject: { type: 'cycle', id: cycle.id },
        items,
        before: { state: cycle.state },
        after: { state: 'closed' },
      })
      await deps.outbox.publish('cycle.closed', cycle.id, {}, { programId: cycle.program_id })
    })

/**
 * Tells that giving has begun (a payment batch is sent, a distribution opens): from here on the cycle cannot be
 * cancelled. Called by those who give, in their unit of work; to be repeated at will.
 */
export const startDistributing =
  ({ db, audit }: ProgramsDeps) =>
  async (ctx: Ctx, cycleId: string): Promise<void> =>
    db.transaction(async () => {
      const cycle = await db.one<CycleRow>(
        sql`SELECT * FROM programs.cycles WHERE id = ${cycleId} FOR UPDATE`,
      )
      if (cycle?.state === 'distributing') return
      if (cycle?.state !== 'approved') throw conflict('The cycle is not approved.', 'cycle-state')
      await db.run(sql`UPDATE programs.cycles SET state = 'distributing' WHERE id = ${cycleId}`)
      await audit.record(ctx, {
        action: 'cycle.distribute',
        subject: { type: 'cycle', id: cycleId },
        before: { state: 'approved' },
        after: { state: 'distributing' },
      })
    })

/** Ends what is approved and not given in full, and releases the cash of it. Tells how many that were. */
const endEntitlements = async (
  { db, ledger }: ProgramsDeps,
  cycle: CycleRow,
  to: 'cancelled' | 'expired',
): Promise<number> => {
  const cash = (cycle.basis?.components ?? []).filter(c => c.kind === 'cash').map(c => c.id)
  const row = (await db.one<{ n: number; left: string }>(sql`
    WITH ended AS (
      UPDATE programs.entitlements SET status = ${to} WHERE cycle_id = ${cycle.id} AND status = 'approved'
      RETURNING component_id, amount - fulfilled AS remaining
    )
    SELECT count(*)::int AS n, coalesce(sum(remaining) FILTER (WHERE component_id = ANY(${cash}::uuid[])), 0)::text AS left
    FROM ended`))!
  const left = BigInt(row.left)
  if (left > 0n) await ledger.release({ type: 'cycle', id: cycle.id }, cycle.basis!.fundId!, left)
  return row.n
}

/** Looked at after the entitlements are locked: whoever gave something at the same time has won. */
const requireNothingGiven = async ({ db }: ProgramsDeps, { id }: CycleRow): Promise<void> => {
  const given = await db.one(
    sql`SELECT 1 FROM programs.entitlements WHERE cycle_id = ${id} AND fulfilled > 0 LIMIT 1`,
  )
  if (given)
    throw conflict('Something was given already in this cycle: it cannot be cancelled.', 'cycle-state')
}
