import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createAudit } from '../audit/index.ts'
import { type Ctx, DomainError, narrowedTo, systemClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { createOutbox } from '../outbox/index.ts'
import {
  type ActorNow,
  createJobs,
  type JobFilter,
  type JobHandler,
  type Jobs,
  startSchedules,
  startWorker,
  type Worker,
} from './index.ts'

const ctx: Ctx = { ...systemCtx('test', 'req-1') }
const silent = { info: () => {}, error: () => {} }

describe('jobs', () => {
  let db: TestDatabase
  let jobs: Jobs
  const workers: Worker[] = []

  before(async () => {
    db = await testDatabase()
    const deps = { db, clock: systemClock, ids: systemIds }
    const keys = createKeys({ ...deps, masterKey: Buffer.alloc(32) })
    jobs = createJobs({ ...deps, audit: createAudit({ ...deps, keys }) })
  })
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop()
  })
  after(() => db.close())

  const isMaker: ActorNow = async who => (who.id === ctx.actor.id ? ctx.actor : undefined)
  const work = async (handlers: Record<string, JobHandler>, actorNow = isMaker) => {
    const worker = await startWorker({
      connectionString: db.url,
      db,
      clock: systemClock,
      outbox: createOutbox({ db, ids: systemIds, clock: systemClock }),
      handlers,
      actorNow,
      log: silent,
    })
    workers.push(worker)
  }

  const ended = async (reference: string) => {
    for (let n = 0; n < 1_000; n++) {
      const job = await jobs.get(reference)
      if (job.finishedAt) return job
      await pause(20)
    }
    throw new Error('the job did not end')
  }

  it('runs what was enqueued once its transaction commits, and tells how far it is', async () => {
    await work({
      'test.count': async (run, payload) => {
        await run.progress(3, payload.n as number)
        return { answer: 42 }
      },
    })
    const { reference } = await db.transaction(() => jobs.enqueue(ctx, 'test.count', { n: 5 }))
    const job = await ended(reference)
    assert.deepEqual(
      { state: job.state, done: job.done, total: job.total, result: job.result },
      { state: 'succeeded', done: 3, total: 5, result: { answer: 42 } },
    )
  })

  it('never runs what was enqueued in a transaction that did not commit', async () => {
    let ran = 0
    await work({
      'test.never': async () => {
        ran++
      },
    })
    await assert.rejects(
      db.transaction(async () => {
        await jobs.enqueue(ctx, 'test.never', {})
        throw new Error('rolled back')
      }),
    )
    await pause(300)
    assert.equal(ran, 0)
  })

  it('ends a job that breaks a rule as failed, with the rule’s words and not with the inside of an error', async () => {
    await work({
      'test.rule': async () => {
        throw new DomainError('rule_violated', 'The fund is empty.', { cause: new Error('secret inside') })
      },
    })
    const { reference } = await db.transaction(() => jobs.enqueue(ctx, 'test.rule', {}))
    const job = await ended(reference)
    assert.equal(job.state, 'failed')
    assert.equal(job.error, 'The fund is empty.')
  })

  it('stops at the next safe point when it is cancelled, and refuses to cancel what has ended', async () => {
    await work({
      'test.long': async run => {
        for (let n = 0; n < 500; n++) {
          await run.checkpoint()
          await pause(10)
        }
      },
    })
    const { reference } = await db.transaction(() => jobs.enqueue(ctx, 'test.long', {}))
    await pause(200)
    await jobs.cancel(ctx, reference)
    assert.equal((await ended(reference)).state, 'cancelled')
    await assert.rejects(jobs.cancel(ctx, reference), { code: 'conflict' })
  })

  it('is shown to whoever asked for it and to those who see everything, and to nobody else', async () => {
    const who = (areaIds: string[] | null): Ctx => ({
      ...ctx,
      actor: {
        kind: 'user',
        id: systemIds.uuid(),
        name: 'someone',
        grants: [{ permissions: new Set(['job:read', 'job:cancel']), areaIds, programIds: null }],
      },
    })
    const [maker, other, auditor] = [who([systemIds.uuid()]), who([systemIds.uuid()]), who(null)]
    const { reference } = await db.transaction(() => jobs.enqueue(maker, 'test.shown', {}))
    for (const actor of [maker, auditor]) {
      assert.equal((await jobs.read(actor, reference)).reference, reference)
      assert.ok((await jobs.list(actor, { limit: 50 })).items.some(j => j.reference === reference))
    }
    const page = { limit: 50 }
    const found = async (actor: Ctx, filter: JobFilter) =>
      (await jobs.list(actor, page, filter)).items.filter(j => j.reference === reference).length
    assert.deepEqual(
      [await found(maker, { mine: true, state: 'waiting' }), await found(maker, { state: 'failed' })],
      [1, 0],
    )
    assert.deepEqual([await found(auditor, { mine: true }), await found(auditor, {})], [0, 1])
    await assert.rejects(jobs.read(other, reference), { code: 'not_found' })
    await assert.rejects(jobs.cancel(other, reference), { code: 'not_found' })
    assert.deepEqual((await jobs.list(other, { limit: 50 })).items, [])
  })

  it('says what it is about, and to each who sees it whether they can ask it to stop', async () => {
    const who = (id: string, areaIds: string[] | null, ...permissions: string[]): Ctx => ({
      ...ctx,
      actor: {
        kind: 'user',
        id,
        name: 'someone',
        grants: [{ permissions: new Set(permissions), areaIds, programIds: null }],
      },
    })
    const id = systemIds.uuid()
    const maker = who(id, [systemIds.uuid()], 'job:read', 'job:cancel')
    const subject = { type: 'cycle', reference: 'CY-1' }
    const { reference } = await db.transaction(() => jobs.enqueue(maker, 'test.about', {}, { subject }))
    assert.deepEqual((await jobs.read(maker, reference)).subject, subject)
    const cancellable = async (actor: Ctx) => (await jobs.read(actor, reference)).cancellable
    assert.deepEqual(
      [
        await cancellable(maker),
        await cancellable(who(systemIds.uuid(), null, 'job:read', 'job:cancel')),
        await cancellable(who(id, null, 'job:read')),
      ],
      [true, true, false],
    )
    const stopping = await jobs.cancel(maker, reference)
    assert.deepEqual([stopping.cancelRequested, stopping.cancellable], [true, false])
  })

  it('is refused when whoever asked may no longer act', async () => {
    await work({ 'test.rights': async () => 'done' })
    const gone: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'user', id: systemIds.uuid(), name: 'gone' } }
    const { reference } = await db.transaction(() => jobs.enqueue(gone, 'test.rights', {}))
    assert.equal((await ended(reference)).state, 'failed')
  })

  it('acts between its chunks with the grants that whoever asked has by then', async () => {
    const asker: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'user', id: systemIds.uuid(), name: 'asker' } }
    const grants = (...permissions: string[]) => [
      { permissions: new Set(permissions), areaIds: null, programIds: null },
    ]
    let account: Ctx['actor'] | undefined = { ...asker.actor, grants: grants('import:write', 'job:read') }
    const seen: string[][] = []
    const handler: JobHandler = async run => {
      for (;;) {
        await run.checkpoint()
        seen.push([...run.ctx.actor.grants[0]!.permissions])
        account = seen.length === 1 ? { ...asker.actor, grants: grants('job:read') } : undefined
      }
    }
    await work({ 'test.grants': handler }, async () => account)
    const { reference } = await db.transaction(() => jobs.enqueue(asker, 'test.grants', {}))
    const { state, error } = await ended(reference)
    assert.deepEqual(seen, [['import:write', 'job:read'], ['job:read']])
    assert.deepEqual([state, error], ['failed', 'Whoever asked for this job may no longer act.'])
  })

  it('acts within the scope of the token that asked for it, whatever its client is granted', async () => {
    const permissions = new Set(['import:read', 'import:write', 'registrant:read'])
    const actor = {
      ...ctx.actor,
      kind: 'client' as const,
      id: systemIds.uuid(),
      grants: [{ permissions, areaIds: null, programIds: null }],
    }
    const seen: string[][] = []
    const handler: JobHandler = async run => {
      seen.push([...run.ctx.actor.grants[0]!.permissions])
      await run.checkpoint()
      seen.push([...run.ctx.actor.grants[0]!.permissions])
    }
    await work({ 'test.scope': handler }, async () => actor)
    const asker: Ctx = { ...ctx, actor: narrowedTo(actor, ['import:write']) }
    await ended((await db.transaction(() => jobs.enqueue(asker, 'test.scope', {}))).reference)
    assert.deepEqual(seen, [['import:write'], ['import:write']])
  })

  it('asks for what the sign-in counted that it was asked for in', async () => {
    const actor = { ...ctx.actor, kind: 'user' as const, id: systemIds.uuid() }
    const asked: (string | undefined)[] = []
    await work({ 'test.signed-in': async () => {} }, async who => {
      asked.push(who.signedInBy)
      return actor
    })
    for (const more of [{ signedInBy: 'oidc:ministry' }, {}]) {
      const asker: Ctx = { ...ctx, actor: { ...actor, ...more } }
      await ended((await db.transaction(() => jobs.enqueue(asker, 'test.signed-in', {}))).reference)
    }
    assert.deepEqual(asked, ['oidc:ministry', undefined])
  })

  it('goes on at once in another worker when one is killed in the middle', async () => {
    const victim = spawn(process.execPath, [join(import.meta.dirname, 'testing/stuck-worker.ts'), db.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { reference } = await db.transaction(() => jobs.enqueue(ctx, 'test.stuck', {}))
    await once(victim.stdout, 'data')
    victim.kill('SIGKILL')
    await once(victim, 'exit')
    await work({ 'test.stuck': async () => 'finished by the other' })
    const job = await ended(reference)
    assert.deepEqual([job.state, job.result], ['succeeded', 'finished by the other'])
  })

  it('claims each tick of a schedule once, however many processes run it', async () => {
    let ran = 0
    const schedule = [{ name: 'every-second', cron: '* * * * * *', task: 'test.tick' }]
    const running = Array.from({ length: 4 }, () => startSchedules(db, schedule, assert.ifError))
    await pause(1_300)
    const claimed = await db.query(sql`SELECT tick, count(*)::int AS n FROM jobs.ticks GROUP BY tick`)
    ran = claimed.length
    for (const r of running) await r.stop()
    assert.ok(ran >= 1)
    assert.ok(claimed.every(c => c.n === 1))
    const queued = await db.query(sql`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'test.tick'`)
    assert.equal(queued.length, 1, 'one waiting run is enough')
  })
})
