import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { compose } from '#gateway/compose.ts'
import { readConfig } from '#gateway/config.ts'
import { type Client, clientOf, tokenFor } from '#tests/support/client.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { type Running, startProcess } from '#tests/support/processes.ts'

const PEOPLE = 12_000

describe('several gateways and workers over one database', function () {
  this.timeout(180_000)
  let db: TestDatabase
  let dataDir: string
  let gateways: Running[]
  let workers: Running[]
  let clients: Client[]

  before(async () => {
    db = await testDatabase()
    dataDir = mkdtempSync(join(tmpdir(), 'annona-several-'))
    const env = {
      DATABASE_URL: db.url,
      ANNONA_DATA_DIR: dataDir,
      ANNONA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    }
    const services = compose(readConfig(env), pino({ level: 'silent' }), {
      name: 'test',
      statementTimeoutMs: 0,
    })
    const ctx = systemCtx('test', 'several')
    await services.areas.createMany(ctx, [{ code: 'AA', name: 'Aland' }])
    const grants = [{ role: 'registry-manager' }, { role: 'system-administrator' }]
    const { clientId, clientSecret } = await services.access.createClient(ctx, {
      clientId: 'several',
      name: 'Several',
      grants,
    })
    await services.db.close()
    gateways = await Promise.all([startProcess('gateway', env), startProcess('gateway', env)])
    workers = await Promise.all(Array.from({ length: 3 }, () => startProcess('worker', env)))
    // A token of the first gateway is good at both.
    const token = await tokenFor(gateways[0]!.url, clientId, clientSecret)
    clients = gateways.map(g => clientOf(g.url, token))
  })
  after(async () => {
    await Promise.all([...gateways, ...workers].map(p => p.stop()))
    await db.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const file = () => {
    const rows = Array.from({ length: PEOPLE }, (_, i) => {
      const household = Math.floor(i / 4)
      return `H${household},${i % 4 === 0 ? 'head' : 'child'},Person ${i},F,1990-01-0${(i % 9) + 1},AA,national_id,${1_000_000 + i}`
    })
    return `Household,Relationship,Name,Sex,Date of birth,Area,ID type,National ID\n${rows.join('\n')}\n`
  }

  it('finish an import whose workers are killed one after the other, with nobody lost and nobody twice', async () => {
    const [first, second] = clients as [Client, Client]
    const stored = await first.send('/api/v1/files?name=people.csv', 'text/csv', file())
    const started = await second.post('/api/v1/imports', { file: stored.id }, 202)
    const victims = [workers[0]!, workers[1]!]
    const killing = (async () => {
      for (const victim of victims) {
        await pause(700)
        await victim.kill()
      }
    })()
    await first.job(started.job)
    const committing = await first.post(`/api/v1/imports/${started.reference}/commit`, {}, 202)
    await second.job(committing.job)
    await killing
    const counts = await db.one(sql`
      SELECT count(*) FILTER (WHERE kind = 'individual')::int AS people, count(*) FILTER (WHERE kind = 'group')::int AS households,
        (SELECT count(*)::int FROM registry.memberships) AS memberships,
        (SELECT count(DISTINCT value)::int FROM registry.identifiers) AS identifiers
      FROM registry.registrants`)
    assert.deepEqual(counts, {
      people: PEOPLE,
      households: PEOPLE / 4,
      memberships: PEOPLE,
      identifiers: PEOPLE,
    })
  })

  it('do a request with one Idempotency-Key once, whichever gateway it comes to', async () => {
    const tries = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const response = await fetch(`${gateways[i % 2]!.url}/api/v1/attribute-definitions`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${clients[i % 2]!.token}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': 'one-and-only',
          },
          body: JSON.stringify({ kind: 'group', code: 'roof', type: 'string', label: 'Roof' }),
        })
        return { status: response.status, replayed: response.headers.get('Idempotency-Replayed') }
      }),
    )
    assert.ok(
      tries.every(t => t.status === 201 || t.status === 409),
      JSON.stringify(tries),
    )
    assert.equal(tries.filter(t => t.status === 201 && !t.replayed).length, 1)
  })

  it('run each schedule once a tick', async () => {
    const ticks = await db.query(
      sql`SELECT schedule, tick, count(*)::int AS n FROM jobs.ticks GROUP BY schedule, tick`,
    )
    assert.ok(ticks.length >= 3)
    assert.ok(ticks.every(t => t.n === 1))
    const sealed = await db.query(sql`SELECT height FROM audit.blocks ORDER BY height`)
    assert.deepEqual(
      sealed.map(b => Number(b.height)),
      sealed.map((_, i) => i + 1),
    )
  })
})
