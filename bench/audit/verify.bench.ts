import pg from 'pg'
import { createAudit } from '#core/audit/index.ts'
import { manualClock, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { superuserUrl, testDatabase } from '#tests/support/database.ts'
import { cpuSeconds, type Metrics, median, metric } from '../kit/index.ts'

const ENTRIES = 400_000
const TRANSACTIONS = 100
const RUNS = 5

/** Single changes, as most of the trail is: who changed which fields of whom. */
const CHANGES = `
  INSERT INTO audit.entries (actor_kind, actor_id, actor_name, action, subject_type, subject_id, before, after,
    request_id, address, leaf)
  SELECT 'user', kernel.uuid7(), 'Amina Odhiambo', 'registrant.update', 'registrant', gen_random_uuid(),
    '{"name": "Hawa Abdi", "phones": ["+254700000001"]}', '{"name": "Hawa Abdi Noor", "phones": []}',
    gen_random_uuid()::text, '203.0.113.7', ''
  FROM generate_series(1, $1::int)`

/**
 * The whole trail verified, as `annona audit verify` does. The goal is about the processor of the process that
 * verifies; the server, which reads the entries and writes their text at the same time, and the clock on the wall are
 * told beside it.
 */
export const metrics: Metrics = async ({ scale }) => {
  const db = await testDatabase()
  const server = new pg.Client({ connectionString: await superuserUrl(db.url) })
  await server.connect()
  try {
    const clock = manualClock('2026-06-15T08:00:00Z')
    const keys = createKeys({ db, clock, ids: systemIds, masterKey: Buffer.alloc(32, 7) })
    const audit = createAudit({ db, keys, clock })
    for (let n = 0; n < TRANSACTIONS; n++) {
      await server.query(CHANGES, [Math.round((ENTRIES * scale) / TRANSACTIONS)])
      await audit.seal()
    }
    await server.query('VACUUM ANALYZE audit.entries')
    const runs: { own: number; server: number; wall: number }[] = []
    for (let n = -1; n < RUNS; n++) {
      const before = await spent(server)
      const verdict = await audit.verify()
      const after = await spent(server)
      if (!verdict.ok) throw new Error(`the trail is broken: ${verdict.broken?.what}`)
      if (n < 0) continue
      const rate = (key: keyof typeof after) => verdict.entries / (after[key] - before[key])
      runs.push({ own: rate('own'), server: rate('server'), wall: rate('wall') })
    }
    const rate = (key: 'own' | 'server' | 'wall') => median(runs.map(r => r[key]))
    const unit = 'entries/s'
    return [
      metric({ name: 'verify per second', value: rate('own'), unit, goal: { atLeast: 100_000 } }),
      metric({ name: 'verify per second, server', value: rate('server'), unit }),
      metric({ name: 'verify per second, wall', value: rate('wall'), unit }),
    ]
  } finally {
    await server.end()
    await db.close()
  }
}

/** Seconds so far: of this process, of the server's processes that serve this database, and of the clock. */
const spent = async (server: pg.Client) => {
  const { rows } = await server.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  const serving = rows.reduce((sum, { pid }) => sum + (cpuSeconds(pid) ?? 0), 0)
  const { user, system } = process.cpuUsage()
  return { own: (user + system) / 1e6, server: serving, wall: performance.now() / 1000 }
}
