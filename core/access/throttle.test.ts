import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { manualClock } from '#core/kernel/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createThrottle, type Right } from './throttle.ts'

const MINUTE = 60_000

describe('the throttle', () => {
  let db: TestDatabase
  const clock = manualClock('2026-11-22T10:03:00Z')
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  const throttle = () => createThrottle(db, clock)
  const passes = (attempts: Promise<Right>[]) =>
    Promise.allSettled(attempts).then(all => all.filter(a => a.status === 'fulfilled').length)
  const guess = (name: string, address: string) => throttle().begin({ kind: 'user', name, address })
  const tryCode = (userId: string, address: string, known = false) =>
    throttle().beginCode({ userId, address, known })
  const many = <T>(n: number, one: (i: number) => T) => Array.from({ length: n }, (_, i) => one(i))

  it('lets fifty guesses at once be as many as ten one after the other', async () => {
    assert.equal(await passes(many(50, () => guess('mary', '198.51.100.1'))), 10)
    assert.equal(await passes([guess('mary', '198.51.100.1')]), 0)
  })

  it('leaves Mary alone at home, from however many networks her name is guessed', async () => {
    for (let network = 0; network < 20; network++)
      await passes(many(12, () => guess('mary', `203.0.113.${network}`)))
    assert.equal(await passes([guess('mary', '192.0.2.5')]), 1)
    assert.equal(await passes([guess('mary', '203.0.113.7')]), 0)
  })

  it('stops a network that tries many names, and no other', async () => {
    const first = await passes(many(210, i => guess(`name${i}`, '198.51.100.99')))
    assert.equal(first, 200)
    assert.equal(await passes([guess('anybody', '198.51.100.98')]), 1)
  })

  it('counts again in the next quarter of an hour, and says when that is', async () => {
    await passes(many(11, () => guess('noor', '198.51.100.2')))
    await assert.rejects(guess('noor', '198.51.100.2'), { code: 'rate_limited', retryAfterSeconds: 12 * 60 })
    clock.advance(12 * MINUTE)
    assert.equal(await passes([guess('noor', '198.51.100.2')]), 1)
  })

  it('takes back what was right where it was counted, not from what was guessed since', async () => {
    clock.advance(15 * MINUTE - (clock.now().getTime() % (15 * MINUTE)) - 1)
    const rights = await Promise.all(many(5, () => guess('omar', '198.51.100.3')))
    clock.advance(1)
    for (const right of rights) await right()
    assert.equal(await passes(many(30, () => guess('omar', '198.51.100.3'))), 10)
  })

  it('gives codes thirty guesses a day over all networks, all at once or not', async () => {
    assert.equal(await passes(many(50, i => tryCode('amina', `198.51.${i}.1`))), 30)
    clock.advance(60 * MINUTE)
    assert.equal(await passes([tryCode('amina', '198.51.200.1')]), 0)
    assert.equal(await passes([tryCode('other', '198.51.200.1')]), 1)
  })

  it('leaves those where they are known their own thirty, which others cannot use up', async () => {
    assert.equal(await passes(many(50, () => tryCode('amina', '192.0.2.5', true))), 30)
    assert.equal(await passes([tryCode('amina', '192.0.2.6', true)]), 1)
  })

  it('forgets what no longer counts, and nothing that does', async () => {
    clock.advance(10 * 60 * MINUTE)
    await throttle().sweep()
    assert.equal(await passes([tryCode('amina', '198.51.200.1')]), 0, 'the day is not over')
    clock.advance(3 * 24 * 60 * MINUTE)
    await throttle().sweep()
    const left = await db.one(sql`SELECT count(*)::int AS n FROM access.throttles`)
    assert.equal(left!.n, 0)
  })
})
