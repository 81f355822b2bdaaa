import sql, { empty } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ctx } from '../kernel/index.ts'
import type { ImportState, Totals } from './model.ts'

type Deps = { db: Db; clock: Clock; audit: Audit }

/**
 * Sets the state in which work on an import ends, with its audit entry; `totals` when they are known by now. Tells
 * whether it was this call that did: another run of the job may have been first.
 */
export const endWork = (
  { db, clock, audit }: Deps,
  ctx: Ctx,
  importId: string,
  [from, to]: readonly [from: ImportState, to: ImportState],
  totals?: Partial<Totals>,
): Promise<boolean> =>
  db.transaction(async () => {
    const ended = await db.run(sql`
      UPDATE imports.imports SET state = ${to}, finished_at = ${to === 'paused' ? null : clock.now()}
        ${totals ? sql`, totals = ${JSON.stringify(totals)}` : empty}
      WHERE id = ${importId} AND state = ${from}`)
    if (ended === 0) return false
    await audit.record(ctx, {
      action: `import.end-${from}`,
      subject: { type: 'import', id: importId },
      before: { state: from },
      after: { state: to, ...totals },
    })
    return true
  })
