import sql from 'sql-template-tag'
import { requirePermission, requireWholeProgram, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, conflict, invalidField, notFound, refFromPath, ruleViolated } from '../kernel/index.ts'
import { uncovered } from './candidates.sql.ts'
import type { PaymentsDeps } from './index.ts'
import { dayFor, openBatch } from './open-batch.ts'
import { type BatchView, batchView } from './read-batches.ts'
import type { Debtor } from './rules.ts'

/**
 * Who pays, and on which day (`YYYY-MM-DD`). Left out, the payer is that of the program's last batch, and the
 * day is today.
 */
export type BatchOrder = { debtor?: Debtor | undefined; requestedOn?: string | undefined }

type Cycle = {
  id: string
  program_id: string
  state: string
  fund_id: string | null
  currency: string
  remittance: string
}

/**
 * Makes a batch of everything in cash that is due in an approved cycle and not yet in a payment. A job puts the
 * payments in; the batch can be submitted once it is done. Throws `conflict` (`cycle-state`, `batch-being-made`) and
 * `rule_violated` (`nothing-to-pay`).
 */
export const createBatch =
  (deps: PaymentsDeps) =>
  async (ctx: Ctx, cycleReference: string, order: BatchOrder = {}): Promise<BatchView> => {
    requirePermission(ctx, 'payment:write')
    const id = await deps.db.transaction(async () => {
      const cycle = await cycleFor(deps.db, ctx, cycleReference)
      requireWholeProgram(ctx, 'payment:write', cycle.program_id)
      if (!['approved', 'distributing'].includes(cycle.state))
        throw conflict(`The cycle is ${cycle.state}; only an approved one is paid.`, 'cycle-state')
      const due = await deps.db.one(sql`SELECT 1 FROM (${uncovered(cycle.id)}) due LIMIT 1`)
      if (!due || cycle.fund_id === null)
        throw ruleViolated(
          'nothing-to-pay',
          'Everything in cash of this cycle is in a payment already. Failed ones are made anew by a retry.',
        )
      return openBatch(deps, ctx, {
        programId: cycle.program_id,
        cycleId: cycle.id,
        fundId: cycle.fund_id,
        currency: cycle.currency,
        remittance: cycle.remittance,
        debtor: order.debtor ?? (await lastDebtor(deps.db, cycle.program_id)),
        requestedOn: dayFor(deps, order.requestedOn),
      })
    })
    return batchView(deps.db, id)
  }

const cycleFor = async (db: Db, ctx: Ctx, reference: string): Promise<Cycle> => {
  const cycle = await db.one<Cycle>(sql`
    SELECT c.id, c.program_id, c.state, c.fund_id, p.currency, p.name || ', ' || c.name AS remittance
    FROM programs.cycle_codes c JOIN programs.program_codes p ON p.id = c.program_id
    WHERE c.ref = ${refFromPath('cycle', reference)}
      AND ${visible(ctx, 'payment:write', { program: sql`c.program_id` })}`)
  if (!cycle) throw notFound('cycle')
  return cycle
}

const lastDebtor = async (db: Db, programId: string): Promise<Debtor> => {
  const last = await db.one<{ debtor: Debtor }>(sql`
    SELECT debtor FROM payments.batches WHERE program_id = ${programId} ORDER BY prepared_at DESC LIMIT 1`)
  if (!last)
    throw invalidField('/debtor', 'required', 'Say who pays: this is the first batch of the program.')
  return last.debtor
}
