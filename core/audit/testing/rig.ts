import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import sql from 'sql-template-tag'
import { superuserUrl, testDatabase } from '#tests/support/database.ts'
import { manualClock, systemCtx, systemIds, uuid7 } from '../../kernel/index.ts'
import { createKeys } from '../../keys/index.ts'
import { createAudit } from '../index.ts'

export const ctx = { ...systemCtx('test', 'req-1'), reason: 'because' }

export type Rig = Awaited<ReturnType<typeof startRig>>

/** An audit trail over a database of its own, and somebody who can do to it what neither the application nor its owner can. */
export const startRig = async () => {
  const db = await testDatabase()
  const clock = manualClock('2026-01-01T00:00:00Z')
  const keys = createKeys({ db, clock, ids: systemIds, masterKey: Buffer.alloc(32, 7) })
  const audit = createAudit({ db, keys, clock })
  const superuser = new pg.Client({ connectionString: await superuserUrl(db.url) })
  await superuser.connect()
  await superuser.query("SET session_replication_role = 'replica'")

  /** Seals when every transaction up to here has ended: those of other databases on the server hold a seal back too. */
  const seal = async () => {
    for (let waited = 0; waited < 60_000; waited += 10) {
      const row = await db.one(sql`
        SELECT pg_snapshot_xmin(pg_current_snapshot()) > (SELECT max(xid) FROM audit.entries) AS ended`)
      if (row!.ended) return audit.seal()
      await pause(10)
    }
    throw new Error('a transaction somewhere on the server does not end')
  }

  return {
    db,
    audit,
    keys,
    clock,
    superuser,
    seal,
    /** Writes so many entries, each in a transaction of its own. */
    write: async (n: number) => {
      for (let i = 0; i < n; i++)
        await audit.record(ctx, {
          action: 'thing.change',
          subject: { type: 'thing', id: uuid7() },
          after: { i },
        })
    },
    close: async () => {
      await superuser.end()
      await db.close()
    },
  }
}
