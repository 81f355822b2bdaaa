import sql from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import { type Ctx, invalidField, notFound, requireVersion } from '../kernel/index.ts'
import type { LedgerDeps } from './index.ts'

/**
 * Gives a fund another name, at the `version` that was read (any, when left out). Throws `invalid` at `/name`,
 * `not_found`, `precondition_failed`.
 */
export const renameFund =
  ({ db, audit }: LedgerDeps) =>
  async (ctx: Ctx, code: string, wanted: string, version?: number): Promise<void> => {
    requireEverywhere(ctx, 'fund:write')
    const name = wanted.trim()
    if (name === '') throw invalidField('/name', 'required', 'A fund has a name.')
    await db.transaction(async () => {
      const fund = await db.one<{ id: string; name: string; version: number }>(
        sql`SELECT id, name, version FROM ledger.funds WHERE code = ${code} FOR UPDATE`,
      )
      if (!fund) throw notFound('fund')
      requireVersion('fund', fund.version, version)
      if (fund.name === name) return
      await db.run(sql`UPDATE ledger.funds SET name = ${name}, version = version + 1 WHERE id = ${fund.id}`)
      await audit.record(ctx, {
        action: 'fund.rename',
        subject: { type: 'fund', id: fund.id },
        before: { name: fund.name },
        after: { name },
      })
    })
  }
