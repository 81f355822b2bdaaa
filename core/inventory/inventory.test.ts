import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { makeAreas, someone } from '#tests/support/places.ts'
import { createAudit } from '../audit/index.ts'
import { DomainError, systemClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { createInventory, type Inventory, pointsByArea } from './index.ts'

const everyone = systemCtx('test', 'req-1')
const rule = (name: string) => (error: unknown) => error instanceof DomainError && error.rule === name

describe('inventory', () => {
  let db: TestDatabase
  let inventory: Inventory
  let areas: Record<string, string>

  before(async () => {
    db = await testDatabase()
    const deps = { db, clock: systemClock, ids: systemIds }
    const audit = createAudit({ ...deps, keys: createKeys({ ...deps, masterKey: Buffer.alloc(32, 7) }) })
    inventory = createInventory({ ...deps, audit })
    areas = await makeAreas(db, [['XX'], ['XXN', 'XX'], ['XXN1', 'XXN'], ['XXN2', 'XXN'], ['XXS', 'XX']])
  })
  after(() => db.close())

  const place = async (code: string, area = 'XX', kind: 'warehouse' | 'service_point' = 'service_point') => {
    await inventory.createLocation(everyone, { code, name: code, kind, area })
    const row = await db.one<{ id: string }>(sql`SELECT id FROM inventory.locations WHERE code = ${code}`)
    return row!.id
  }
  const item = async (code: string) => {
    await inventory.createItem(everyone, { code, name: code, unit: 'KGM' })
    const row = await db.one<{ id: string }>(sql`SELECT id FROM inventory.items WHERE code = ${code}`)
    return { id: row!.id, code }
  }
  const onHand = async (location: string, item: string) =>
    (await inventory.stock(everyone, { location, item }, { limit: 10 })).items[0]?.onHand ?? 0n

  /** Where the kept balances and the moves disagree, and what went below nothing: always empty. */
  const disagreements = () =>
    db.query(sql`
      WITH sides AS (
        SELECT item_id, to_id AS location_id, quantity FROM inventory.moves
        UNION ALL SELECT item_id, from_id, -quantity FROM inventory.moves
      ), derived AS (
        SELECT location_id, item_id, sum(quantity) AS quantity FROM sides
        JOIN inventory.locations l ON l.id = location_id WHERE l.kind <> 'virtual' GROUP BY 1, 2
      )
      SELECT * FROM derived FULL JOIN inventory.balances b USING (location_id, item_id)
      WHERE derived.quantity IS DISTINCT FROM b.quantity OR derived.quantity < 0`)

  it('keeps stock as the model says, whatever is done in whatever order, and conserves every item', async () => {
    const steps = fc.array(
      fc.record({
        do: fc.constantFrom('receive', 'transfer', 'handOut'),
        from: fc.integer({ min: 0, max: 2 }),
        to: fc.integer({ min: 0, max: 2 }),
        item: fc.integer({ min: 0, max: 1 }),
        quantity: fc.bigInt(1n, 12n),
      }),
      { minLength: 15, maxLength: 40 },
    )
    let run = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(steps, async steps => {
        run++
        const places = await Promise.all([0, 1, 2].map(n => place(`R${run}-${n}`)))
        const items = await Promise.all([0, 1].map(n => item(`I${run}-${n}`)))
        const model = new Map<string, bigint>()
        const outside = [0n, 0n]
        for (const [n, step] of steps.entries()) {
          const key = (place: number) => `${place}/${step.item}`
          const change = (place: number, by: bigint) =>
            model.set(key(place), (model.get(key(place)) ?? 0n) + by)
          const common = { item: `I${run}-${step.item}`, quantity: step.quantity, reference: `D${n}` }
          const enough = (model.get(key(step.from)) ?? 0n) >= step.quantity
          if (step.do === 'receive') {
            await inventory.receive(everyone, { location: `R${run}-${step.to}`, ...common })
            change(step.to, step.quantity)
            outside[step.item]! += step.quantity
            continue
          }
          if (step.do === 'transfer' && step.from === step.to) continue
          const attempt =
            step.do === 'transfer'
              ? inventory.transfer(everyone, {
                  from: `R${run}-${step.from}`,
                  to: `R${run}-${step.to}`,
                  ...common,
                })
              : inventory.handOut(everyone, {
                  pointId: places[step.from]!,
                  item: items[step.item]!,
                  quantity: step.quantity,
                  redemption: `RD${run}-${n}`,
                })
          if (!enough) {
            refused++
            await assert.rejects(attempt, rule('stock-insufficient'))
            continue
          }
          await attempt
          change(step.from, -step.quantity)
          if (step.do === 'transfer') change(step.to, step.quantity)
          else outside[step.item]! -= step.quantity
        }
        for (const p of [0, 1, 2])
          for (const i of [0, 1])
            assert.equal(await onHand(`R${run}-${p}`, `I${run}-${i}`), model.get(`${p}/${i}`) ?? 0n)
        for (const [i, code] of [0, 1].entries()) {
          const all = await inventory.stock(everyone, { item: `I${run}-${code}` }, { limit: 100 })
          assert.equal(
            all.items.reduce((sum, line) => sum + line.onHand, 0n),
            outside[i],
          )
        }
      }),
      { numRuns: 15 },
    )
    assert.ok(refused > 10)
    assert.deepEqual(await disagreements(), [])
  })

  it('never goes below nothing when many take at the same time, and opposite transfers do not block', async () => {
    const [a, rice] = [await place('PA'), await item('RICE')]
    await place('PB')
    for (const location of ['PA', 'PB'])
      await inventory.receive(everyone, { location, item: 'RICE', quantity: 100n, reference: 'GRN 1' })
    const attempts = Array.from({ length: 40 }, (_, n) =>
      n % 2 === 0
        ? inventory.handOut(everyone, { pointId: a, item: rice, quantity: 9n, redemption: `RD ${n}` })
        : inventory.transfer(everyone, {
            from: n % 4 === 1 ? 'PA' : 'PB',
            to: n % 4 === 1 ? 'PB' : 'PA',
            item: 'RICE',
            quantity: 7n,
            reference: `W ${n}`,
          }),
    )
    const results = await Promise.allSettled(attempts)
    const failures = results.filter(r => r.status === 'rejected')
    assert.ok(failures.every(r => rule('stock-insufficient')(r.reason)))
    const handedOut = results.filter((r, n) => n % 2 === 0 && r.status === 'fulfilled').length
    assert.ok(handedOut > 0 && handedOut < 20)
    assert.equal((await onHand('PA', 'RICE')) + (await onHand('PB', 'RICE')), 200n - 9n * BigInt(handedOut))
    assert.deepEqual(await disagreements(), [])
  })

  it('takes a delivery note once for an item and place, however often it is entered', async () => {
    await place('PC')
    await item('OIL')
    const note = { location: 'PC', item: 'OIL', quantity: 5n, reference: 'GRN 7' }
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => inventory.receive(everyone, note)),
    )
    assert.equal(results.filter(r => r.status === 'fulfilled').length, 1)
    assert.ok(results.every(r => r.status === 'fulfilled' || rule('already-moved')(r.reason)))
    assert.equal(await onHand('PC', 'OIL'), 5n)
  })

  it('does not let anybody rewrite the ledger, not even the application', async () => {
    for (const change of [
      sql`UPDATE inventory.moves SET quantity = 1`,
      sql`DELETE FROM inventory.moves`,
      sql`TRUNCATE inventory.moves`,
    ])
      await assert.rejects(db.run(change), /append-only|permission denied/)
  })

  it('finds the point nearest above: of the deepest area at or over where people live', async () => {
    await db.run(sql`UPDATE inventory.locations SET kind = 'warehouse' WHERE kind = 'service_point'`)
    await place('COUNTRY', 'XX')
    await place('N-B', 'XXN')
    await place('N-A', 'XXN')
    await place('N1', 'XXN1')
    await place('N2-STORE', 'XXN2', 'warehouse')
    const rows = await db.query<{ area: string; point: string }>(sql`
      SELECT a.code AS area, p.code AS point FROM (${pointsByArea}) s
      JOIN areas.areas a ON a.id = s.area_id JOIN inventory.points p ON p.id = s.point_id ORDER BY 1`)
    assert.deepEqual(
      rows.map(r => `${r.area} ${r.point}`),
      ['XX COUNTRY', 'XXN N-A', 'XXN1 N1', 'XXN2 N-A', 'XXS COUNTRY'],
    )
  })

  it('shows and moves only what is within the areas of the grant', async () => {
    const officer = someone(['inventory:read', 'inventory:write'], [areas.XXN!])
    await place('NORTH', 'XXN1', 'warehouse')
    await place('SOUTH', 'XXS', 'warehouse')
    await item('SOAP')
    for (const location of ['NORTH', 'SOUTH'])
      await inventory.receive(everyone, { location, item: 'SOAP', quantity: 10n, reference: 'GRN 9' })
    const seen = await inventory.stock(officer, { item: 'SOAP' }, { limit: 10 })
    assert.deepEqual(
      seen.items.map(line => line.location.code),
      ['NORTH'],
    )
    const { items: places } = await inventory.listLocations(officer, { kind: 'warehouse' }, { limit: 100 })
    assert.ok(places.some(p => p.code === 'NORTH') && !places.some(p => p.code === 'SOUTH'))
    const goods = { item: 'SOAP', quantity: 1n, reference: 'W 1' }
    await assert.rejects(inventory.receive(officer, { location: 'SOUTH', ...goods }), { code: 'invalid' })
    await assert.rejects(inventory.transfer(officer, { from: 'NORTH', to: 'SOUTH', ...goods }), {
      code: 'invalid',
    })
    await assert.rejects(inventory.transfer(officer, { from: 'SOUTH', to: 'NORTH', ...goods }), {
      code: 'invalid',
    })
    await assert.rejects(
      inventory.createLocation(officer, { code: 'S2', name: 'S2', kind: 'warehouse', area: 'XXS' }),
      { code: 'invalid' },
    )
    await assert.rejects(inventory.createItem(officer, { code: 'TEA', name: 'Tea', unit: 'KGM' }), {
      code: 'forbidden',
    })
    await assert.rejects(inventory.stock(someone([]), {}, { limit: 10 }), { code: 'forbidden' })
  })

  it('refuses codes and units that would not fit, and names every problem', async () => {
    await assert.rejects(
      inventory.createItem(everyone, { code: 'THIRTEENCHARS', name: ' ', unit: 'kilo' }),
      (error: unknown) =>
        error instanceof DomainError && error.issues.map(i => i.pointer).join() === '/code,/name,/unit',
    )
    await assert.rejects(
      inventory.createLocation(everyone, { code: '@SOURCE', name: 'x', kind: 'warehouse', area: 'XX' }),
      { code: 'invalid' },
    )
    const negative = { location: 'PC', item: 'OIL', quantity: -5n, reference: 'GRN 8' }
    await assert.rejects(inventory.receive(everyone, negative), { code: 'invalid' })
    await assert.rejects(inventory.receive(everyone, { ...negative, location: '@PEOPLE', quantity: 5n }), {
      code: 'invalid',
    })
  })

  it('records who brought what in, and the stock before and after', async () => {
    const [entry] = await db.query(sql`
      SELECT actor_name, before, after FROM audit.entries WHERE action = 'stock.receive' AND after->>'item' = 'OIL'`)
    assert.deepEqual(entry, {
      actor_name: 'test',
      before: { 'stock.OIL': null },
      after: { location: 'PC', item: 'OIL', quantity: '5', reference: 'GRN 7', 'stock.OIL': '5' },
    })
  })
})
