import sql from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import { violated } from '../db/index.ts'
import { type Ctx, conflict, type Issue, invalid } from '../kernel/index.ts'
import type { LedgerDeps } from './index.ts'
import { type FundView, present } from './read.ts'

/** `code`: A-Z, 0-9 and hyphens, at most 12. `currency`: ISO 4217. */
export type NewFund = { code: string; name: string; currency: string }

/** Opens an empty fund. Throws `conflict` (`code-taken`) for a code in use. */
export const openFund =
  ({ db, ids, clock, audit }: LedgerDeps) =>
  async (ctx: Ctx, fund: NewFund): Promise<FundView> => {
    requireEverywhere(ctx, 'fund:write')
    check(fund)
    const id = ids.uuid()
    const { code, name, currency } = fund
    const open = async () => {
      const row = await db.one(sql`
        INSERT INTO ledger.funds (id, code, name, currency, created_at)
        VALUES (${id}, ${code}, ${name}, ${currency}, ${clock.now()}) RETURNING *`)
      await audit.record(ctx, {
        action: 'fund.open',
        subject: { type: 'fund', id },
        after: { code, name, currency, allocated: '0' },
      })
      return present(row!)
    }
    return db.transaction(open).catch(error => {
      if (violated(error) !== 'funds_code') throw error
      throw conflict(`There is already a fund with the code ${code}.`, 'code-taken')
    })
  }

const check = ({ code, name, currency }: NewFund): void => {
  const issues: Issue[] = []
  const refuse = (pointer: string, detail: string) => issues.push({ pointer, code: pointer.slice(1), detail })
  if (!/^[A-Z0-9][A-Z0-9-]{0,11}$/.test(code))
    refuse('/code', 'A code has 1 to 12 capital letters, digits or hyphens.')
  if (name.trim() === '' || name.length > 200) refuse('/name', 'A name has 1 to 200 characters.')
  if (!/^[A-Z]{3}$/.test(currency)) refuse('/currency', 'A currency is three capital letters (ISO 4217).')
  if (issues.length > 0) throw invalid(issues)
}
