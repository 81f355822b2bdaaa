import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { codec } from '#tests/support/credential-codec.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { makeCycle, makeEntitlement, type TestCycle } from '#tests/support/entitlements.ts'
import { makeAreas, someone } from '#tests/support/places.ts'
import { createAudit } from '../audit/index.ts'
import { createInventory } from '../inventory/index.ts'
import { createJobs, JobCancelled } from '../jobs/index.ts'
import { type Ctx, DomainError, manualClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { createOutbox } from '../outbox/index.ts'
import { numbersFor } from './codes.ts'
import { type Credentials, createCredentials } from './index.ts'
import { drawPlaces } from './status-lists.ts'

const everyone = systemCtx('test', 'req-1')
const rule = (name: string) => (error: unknown) => error instanceof DomainError && error.rule === name
const clock = manualClock('2026-06-01T12:00:00Z')
const keyDeps = { clock, ids: systemIds, masterKey: Buffer.alloc(32, 7) }

describe('credentials', () => {
  let db: TestDatabase
  let credentials: Credentials
  let areas: Record<string, string>
  let point: string

  before(async () => {
    db = await testDatabase()
    const keys = createKeys({ db, ...keyDeps })
    const audit = createAudit({ db, keys, clock })
    const deps = {
      db,
      clock,
      ids: systemIds,
      audit,
      keys,
      codec,
      outbox: createOutbox({ db, clock, ids: systemIds }),
    }
    credentials = createCredentials({ ...deps, jobs: createJobs(deps) })
    areas = await makeAreas(db, [['XX'], ['XXN', 'XX'], ['XXN1', 'XXN'], ['XXS', 'XX']])
    const inventory = createInventory(deps)
    await inventory.createLocation(everyone, {
      code: 'NORTH',
      name: 'North',
      kind: 'service_point',
      area: 'XXN',
    })
    point = (await db.one<{ id: string }>(sql`SELECT id FROM inventory.points`))!.id
  })
  after(() => db.close())

  /** Runs the job as a worker would. `checkpoints`: after how many chunks somebody cancels. */
  const issue = (cycle: TestCycle, ctx: Ctx = everyone, checkpoints = Number.POSITIVE_INFINITY) => {
    const progress: number[] = []
    const run = {
      id: 'job',
      ctx,
      progress: async (done: number) => void progress.push(done),
      checkpoint: async () => {
        if (checkpoints-- <= 0) throw new JobCancelled()
      },
    }
    return credentials.jobHandlers['credentials.issue']!(run, { cycleId: cycle.id })
  }

  const one = async (code: string, options: { areaId?: string; name?: string } = {}) => {
    const cycle = await makeCycle(db, { code, item: 'RICE' })
    const entitlement = await makeEntitlement(db, cycle, { areaId: areas.XXN1!, ...options })
    await issue(cycle)
    const { items } = await credentials.list(everyone, { entitlement: entitlement.reference }, { limit: 10 })
    return { cycle, entitlement, credential: items[0]! }
  }
  const qrOf = async (reference: string) =>
    (await db.one<{ qr: string }>(
      sql`SELECT qr FROM credentials.credentials WHERE kernel.reference('CR', ref) = ${reference}`,
    ))!.qr

  it('says what was approved, for whom, where and until when, and proves it', async () => {
    const { entitlement, cycle, credential } = await one('FOOD', { name: 'ሰላማዊት በቀለ' })
    const verdict = await credentials.verifyText(await qrOf(credential.reference))
    assert.ok('claims' in verdict && verdict.verdict === 'valid')
    const { claims } = verdict
    assert.deepEqual(
      [claims.id, claims.entitlement, claims.registrant, claims.holderName],
      [credential.reference, entitlement.reference, entitlement.registrant, 'ሰላማዊት በቀለ'],
    )
    assert.deepEqual(claims.benefit, { quantity: 25n, unit: 'KGM' })
    assert.deepEqual(claims.status, credential.status)
    assert.deepEqual(
      [claims.validFrom.toISOString(), claims.validUntil.toISOString()],
      ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    )
    const codes = await db.query<{ kind: string; subject_id: string }>(sql`
      SELECT kind, subject_id FROM credentials.codes
      WHERE (kind, number) IN (('program', ${claims.program}), ('cycle', ${claims.cycle}),
        ('component', ${claims.component}), ('point', ${claims.point})) ORDER BY kind`)
    assert.deepEqual(
      codes.map(c => c.subject_id),
      [cycle.componentId, cycle.id, point, cycle.programId],
    )
    assert.deepEqual([credential.point, credential.program, credential.state], ['NORTH', 'FOOD', 'active'])
  })

  it('is bound to no point where none serves, and carries money for cash', async () => {
    const cycle = await makeCycle(db, { code: 'CASH' })
    await makeEntitlement(db, cycle, { areaId: areas.XXS!, amount: 125_050 })
    await issue(cycle)
    const [row] = await db.query(
      sql`SELECT qr, point_id FROM credentials.credentials WHERE cycle_id = ${cycle.id}`,
    )
    assert.equal(row!.point_id, null)
    const verdict = await credentials.verifyText(row!.qr)
    assert.ok('claims' in verdict)
    assert.deepEqual(
      [verdict.claims.point, verdict.claims.benefit],
      [0, { minor: 125_050n, currency: 'ETB' }],
    )
  })

  it('issues once however often and from however many workers it runs, and goes on after a crash', async () => {
    const cycle = await makeCycle(db, { code: 'MANY', item: 'RICE' })
    await db.run(sql`
      WITH people AS (
        INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, source)
        SELECT kernel.uuid7(), kernel.random_ref(), 'group', ${areas.XXN1}, 'Household ' || n, 'household', 'test'
        FROM generate_series(1, 1500) n RETURNING id
      )
      INSERT INTO programs.entitlements (id, ref, amount, cycle_id, registrant_id, component_id, area_id, sequence, status, inputs)
      SELECT kernel.uuid7(), kernel.random_ref(), 25, ${cycle.id}, id, ${cycle.componentId}, ${areas.XXN1}, n, 'approved', '{}'
      FROM people, generate_series(0, 2) n`)
    const count = async (what = sql`count(*)`) =>
      Number(
        (await db.one(sql`SELECT ${what} AS n FROM credentials.credentials WHERE cycle_id = ${cycle.id}`))!.n,
      )
    await assert.rejects(issue(cycle, everyone, 1), JobCancelled)
    assert.equal(await count(), 2000)
    const both = await Promise.all([issue(cycle), issue(cycle)])
    assert.equal(
      (both as { issued: number }[]).reduce((sum, r) => sum + r.issued, 0),
      2500,
    )
    assert.equal(await count(), 4500)
    assert.equal(await count(sql`count(DISTINCT entitlement_id)`), 4500)
    assert.equal(await count(sql`count(DISTINCT (status_list, status_index))`), 4500)
    assert.deepEqual(await issue(cycle), { issued: 0, unfit: 0, unfitNamed: [] })
    const [trail] = await db.query(sql`
      SELECT sum(items)::int AS items, count(DISTINCT id)::int AS ids FROM (
        SELECT items, unnest(item_ids) AS id, row_number() OVER (PARTITION BY id) FROM audit.entries
        WHERE action = 'credential.issue' AND subject_id = ${cycle.id}) e`)
    assert.equal(trail!.ids, 4500)
    const [told] = await db.query(sql`
      SELECT sum((payload->>'credentials')::int)::int AS n FROM outbox.messages
      WHERE type = 'cycle.credentials-issued' AND subject_id = ${cycle.id}`)
    assert.equal(told!.n, 4500)
  })

  it('tells which entitlements no credential can be made for, and issues the others', async () => {
    const cycle = await makeCycle(db, { code: 'HUGE', item: 'RICE' })
    const fits = await makeEntitlement(db, cycle, { areaId: areas.XXN1! })
    const tooMuch = await makeEntitlement(db, cycle, { areaId: areas.XXN1!, amount: 2 ** 40 })
    const result = (await issue(cycle)) as {
      issued: number
      unfitNamed: { entitlement: string; reason: string }[]
    }
    assert.equal(result.issued, 1)
    assert.deepEqual(
      result.unfitNamed.map(u => u.entitlement),
      [tooMuch.reference],
    )
    assert.match(result.unfitNamed[0]!.reason, /whole numbers/)
    const { items } = await credentials.list(everyone, { cycle: cycle.reference }, { limit: 10 })
    assert.deepEqual(
      items.map(c => c.entitlement),
      [fits.reference],
    )
  })

  it('draws every place of a list once, at random, and then starts the next list', async () => {
    await db.run(sql`UPDATE credentials.status_lists SET taken = cardinality(indices) - 3`)
    const drawn = (await Promise.all([drawPlaces(db, 2), drawPlaces(db, 2), drawPlaces(db, 2)])).flat()
    assert.equal(new Set(drawn.map(p => `${p.list}/${p.index}`)).size, 6)
    assert.equal(drawn.filter(p => p.list === 1).length, 3)
    const [list] = await db.query<{
      n: number
      distinct: number
      least: number
      most: number
      in_order: number
    }>(sql`
      SELECT count(*)::int AS n, count(DISTINCT i)::int AS distinct, min(i) AS least, max(i) AS most,
        count(*) FILTER (WHERE i = position - 1)::int AS in_order
      FROM credentials.status_lists, unnest(indices) WITH ORDINALITY u (i, position) WHERE number = 2`)
    const { in_order, ...rest } = list!
    assert.deepEqual(rest, { n: 131_072, distinct: 131_072, least: 0, most: 131_071 })
    assert.ok(in_order < 20)
  })

  it('gives every thing its own number, however many ask at the same time, and the same one ever after', async () => {
    const ids = Array.from({ length: 12 }, () => systemIds.uuid())
    const ask = async (id: string) => (await numbersFor(db, [{ kind: 'point', id }]))({ kind: 'point', id })
    const numbers = await Promise.all(ids.map(ask))
    assert.equal(new Set(numbers).size, 12)
    assert.deepEqual(await Promise.all(ids.map(ask)), numbers)
  })

  it('is suspended, restored and revoked for a reason, and only as its state allows', async () => {
    const { credential } = await one('STATES')
    const { reference } = credential
    const state = async () => (await credentials.get(everyone, reference)).state
    await assert.rejects(credentials.restore(everyone, reference, 'why not'), rule('credential-state'))
    await assert.rejects(credentials.suspend(everyone, reference, '  '), { code: 'invalid' })
    await credentials.suspend(everyone, reference, 'reported stolen')
    await assert.rejects(credentials.suspend(everyone, reference, 'again'), rule('credential-state'))
    assert.equal(await state(), 'suspended')
    await credentials.restore(everyone, reference, 'found again')
    assert.equal(await state(), 'active')
    const revocations = await Promise.allSettled(
      Array.from({ length: 5 }, () => credentials.revoke(everyone, reference, 'issued in error')),
    )
    assert.equal(revocations.filter(r => r.status === 'fulfilled').length, 1)
    await assert.rejects(credentials.restore(everyone, reference, 'please'), rule('credential-state'))
    const entries = await db.query(sql`
      SELECT action, before, after, reason FROM audit.entries
      WHERE subject_type = 'credential' AND before IS NOT NULL ORDER BY at DESC LIMIT 1`)
    assert.deepEqual(entries, [
      {
        action: 'credential.revoke',
        before: { state: 'active', stateReason: 'found again' },
        after: { state: 'revoked', stateReason: 'issued in error' },
        reason: 'issued in error',
      },
    ])
  })

  it('a lost card is replaced: the former one is revoked, and one lives, however many ask', async () => {
    const { entitlement, credential } = await one('LOST')
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, () => credentials.reissue(everyone, credential.reference, 'card lost')),
    )
    assert.equal(attempts.filter(a => a.status === 'fulfilled').length, 1)
    assert.ok(attempts.every(a => a.status === 'fulfilled' || rule('credential-state')(a.reason)))
    const { items } = await credentials.list(everyone, { registrant: entitlement.registrant }, { limit: 10 })
    assert.deepEqual(
      items.map(c => c.state),
      ['active', 'revoked'],
    )
    assert.notDeepEqual(items[0]!.status, items[1]!.status)
    await credentials.suspend(everyone, items[0]!.reference, 'in doubt')
    await assert.rejects(credentials.reissue(everyone, items[0]!.reference, 'lost'), rule('credential-state'))
  })

  it('a revoked credential does not come back when the cycle is issued again', async () => {
    const { cycle, credential } = await one('REVOKED')
    await credentials.revoke(everyone, credential.reference, 'fraud')
    assert.deepEqual(await issue(cycle), { issued: 0, unfit: 0, unfitNamed: [] })
  })

  it('is seen and changed only by those whose areas and programs it is in', async () => {
    const { cycle, credential } = await one('SCOPE')
    const all = ['credential:read', 'credential:issue', 'credential:revoke']
    const neighbour = someone(all, [areas.XXS!])
    const { reference } = credential
    for (const attempt of [
      () => credentials.get(neighbour, reference),
      () => credentials.qrCode(neighbour, reference),
      () => credentials.revoke(neighbour, reference, 'because'),
      () => credentials.reissue(neighbour, reference, 'because'),
    ])
      await assert.rejects(attempt, { code: 'not_found' })
    assert.deepEqual((await credentials.list(neighbour, { cycle: cycle.reference }, { limit: 10 })).items, [])
    await assert.rejects(credentials.issueForCycle(neighbour, cycle.reference), { code: 'forbidden' })
    const otherProgram = someone(all)
    Object.assign(otherProgram.actor.grants[0]!, { programIds: [systemIds.uuid()] })
    await assert.rejects(credentials.issueForCycle(otherProgram, cycle.reference), { code: 'not_found' })
    await assert.rejects(credentials.get(otherProgram, reference), { code: 'not_found' })
    const here = someone(['credential:read'], [areas.XXN!])
    assert.equal((await credentials.get(here, reference)).reference, reference)
    await assert.rejects(credentials.revoke(here, reference, 'because'), { code: 'forbidden' })
  })

  it('is shown as a picture until it is revoked, and every look is on record', async () => {
    const { credential } = await one('SHOWN')
    const { svg, png } = await credentials.qrCode(everyone, credential.reference)
    assert.match(svg(), /<title>CR-[^<]*, Alem Bekele<\/title>/)
    assert.equal(png().subarray(1, 4).toString(), 'PNG')
    await credentials.revoke(everyone, credential.reference, 'lost')
    await assert.rejects(credentials.qrCode(everyone, credential.reference), { code: 'not_found' })
    const looks = await db.query(sql`
      SELECT e.action FROM audit.entries e JOIN credentials.credentials c ON c.registrant_id = ANY(e.item_ids)
      WHERE kernel.reference('CR', c.ref) = ${credential.reference} AND e.subject_type = 'credential' ORDER BY e.at`)
    assert.deepEqual(
      looks.map(l => l.action),
      ['credential.list', 'credential.show'],
    )
  })

  it('a cycle that was approved queues its credentials, for the system', async () => {
    const cycle = await makeCycle(db, { code: 'QUEUED', item: 'RICE' })
    const [consumer] = credentials.consumers
    assert.deepEqual(consumer!.types, ['cycle.approved'])
    await consumer!.take({
      id: systemIds.uuid(),
      type: 'cycle.approved',
      subjectId: cycle.id,
      payload: {},
      occurredAt: clock.now(),
    })
    const jobs = await db.query(
      sql`SELECT kind, created_by_name FROM jobs.jobs WHERE subject_id = ${cycle.id}`,
    )
    assert.deepEqual(jobs, [{ kind: 'credentials.issue', created_by_name: 'credentials' }])
  })
})
