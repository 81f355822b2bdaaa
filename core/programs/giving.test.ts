import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import {
  approver,
  auditor,
  CASH,
  type CycleFixture,
  cycleFixture,
  HOUSEHOLDS,
  manager,
  personWith,
  refused,
  root,
} from '#tests/support/cycles.ts'

describe('entitlements', () => {
  let f: CycleFixture
  before(async () => {
    f = await cycleFixture()
  })
  after(() => f.db.close())

  describe('giving', () => {
    it('books up to each entitlement and never beyond, whoever gives at the same time', async () => {
      const cycle = await f.approved(await f.program([CASH]))
      const id = await f.idOf(cycle)
      const part = sql`SELECT id AS entitlement_id, 1000::bigint AS amount FROM programs.entitlements WHERE cycle_id = ${id}`
      const booked = await Promise.all([1, 2, 3, 4].map(() => f.programs.fulfil(root, part)))
      assert.deepEqual(
        booked.map(ids => ids.length).sort((a, b) => a - b),
        [0, 0, HOUSEHOLDS, HOUSEHOLDS],
      )
      const rest = sql`SELECT id AS entitlement_id, amount - fulfilled AS amount FROM programs.entitlements WHERE cycle_id = ${id}`
      assert.equal((await f.programs.fulfil(root, rest)).length, HOUSEHOLDS)
      assert.ok((await f.rowsOf(cycle)).every(r => r.status === 'fulfilled'))
    })

    it('takes back what came back, and no more; several rows of one entitlement count together', async () => {
      const cycle = await f.approved(await f.program([CASH]))
      const one = (await f.db.one(
        sql`SELECT id, ref FROM programs.entitlements WHERE cycle_id = ${await f.idOf(cycle)} LIMIT 1`,
      ))!
      const rows = (...amounts: number[]) =>
        sql`SELECT ${one.id}::uuid AS entitlement_id, a AS amount FROM unnest(${amounts}::bigint[]) a`
      assert.deepEqual(await f.programs.fulfil(root, rows(2000, 501)), [], 'beyond')
      assert.deepEqual(await f.programs.fulfil(root, rows(2600, -100)), [], 'nothing negative hides in a sum')
      assert.deepEqual(await f.programs.fulfil(root, rows(2000, 500)), [one.id])
      assert.deepEqual(await f.programs.takeBack(root, rows(2501)), [])
      assert.deepEqual(await f.programs.takeBack(root, rows(700)), [one.id])
      const held = await f.db.transaction(() => f.programs.lockEntitlement(one.ref))
      assert.deepEqual([held!.fulfilled, held!.status, held!.unit], [1800n, 'approved', 'KES'])
    })

    it('books nothing on what is not approved or was cancelled, and a cycle given from cannot be cancelled', async () => {
      const { cycle } = await f.prepared(await f.program([CASH]))
      const all = sql`SELECT id AS entitlement_id, 100::bigint AS amount FROM programs.entitlements WHERE cycle_id = ${await f.idOf(cycle)}`
      assert.deepEqual(await f.programs.fulfil(root, all), [])
      await f.programs.submitCycle(manager, cycle)
      await f.programs.approveCycle(approver, cycle)
      const cancel = f.programs.cancelCycle(root, cycle, 'race').then(
        () => 'cancelled',
        () => 'kept',
      )
      const [given, cancelled] = await Promise.all([f.programs.fulfil(root, all), cancel])
      assert.equal(given.length, cancelled === 'kept' ? HOUSEHOLDS : 0)
      const next = await f.approved(await f.program([CASH]))
      await f.programs.startDistributing(root, await f.idOf(next))
      await assert.rejects(f.programs.cancelCycle(root, next, 'late'), refused('conflict', 'cycle-state'))
    })
  })

  describe('scope', () => {
    it('shows and sums to a manager of one area only what is in it', async () => {
      const cycle = await f.approved(await f.program([CASH]))
      const region = f.people.areas.get('XA02')!
      const local = personWith('auditor', { areaIds: [region] })
      const inside =
        (await f.db.one(sql`SELECT count(*)::int AS n FROM programs.entitlements e JOIN areas.closure c ON c.area_id = e.area_id
        WHERE e.cycle_id = ${await f.idOf(cycle)} AND c.ancestor_id = ${region}`))!.n as number
      assert.ok(inside > 0 && inside < HOUSEHOLDS)
      const view = await f.programs.getCycle(local, cycle)
      assert.deepEqual(
        [view.totals[0]!.entitlements, view.totals[0]!.amount],
        [BigInt(inside), 2500n * BigInt(inside)],
      )
      const difference = await f.programs.difference(local, cycle)
      assert.equal(difference.components[0]!.new.count, BigInt(inside))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await f.programs.listEntitlements(local, cycle, {}, { limit: 40, cursor })
        seen.push(...page.items.map(e => e.reference))
        cursor = page.next
      } while (cursor)
      assert.equal(new Set(seen).size, inside)
      assert.equal(seen.length, inside)
      const hidden = (await f.programs.listEntitlements(auditor, cycle, {}, { limit: 200 })).items.find(
        e => !seen.includes(e.reference),
      )
      await assert.rejects(f.programs.getEntitlement(local, hidden!.reference), refused('not_found'))
      assert.equal((await f.programs.getEntitlement(local, seen[0]!)).reference, seen[0])
    })

    it('hides cycles and entitlements of other programs, and lets nobody act on a whole one from an area', async () => {
      const [mine, theirs] = [await f.program([CASH]), await f.program([CASH])]
      const cycle = await f.approved(mine)
      const id = (await f.db.one(sql`SELECT id FROM programs.programs WHERE code = ${theirs}`))!.id as string
      const { items } = await f.programs.listEntitlements(auditor, cycle, {}, { limit: 1 })
      const other = personWith('auditor', { programIds: [id] })
      const maker = personWith('program-manager', { programIds: [id] })
      const attempts = [
        () => f.programs.getCycle(other, cycle),
        () => f.programs.difference(other, cycle),
        () => f.programs.differenceRows(other, cycle, 'new', { limit: 1 }),
        () => f.programs.listEntitlements(other, cycle, {}, { limit: 1 }),
        () => f.programs.getEntitlement(other, items[0]!.reference),
        () => f.programs.prepareCycle(maker, cycle),
        () => f.programs.submitCycle(maker, cycle),
        () => f.programs.approveCycle(personWith('cycle-approver', { programIds: [id] }), cycle),
        () => f.programs.cancelCycle(maker, cycle, 'no'),
      ]
      for (const attempt of attempts) await assert.rejects(attempt(), refused('not_found'))
      const local = personWith('program-manager', { areaIds: [f.people.areas.get('XA01')!] })
      await assert.rejects(f.programs.prepareCycle(local, cycle), refused('forbidden', 'area-scope'))
    })
  })
})
