import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { approvalsOver } from '#tests/support/approvals.ts'
import { codec } from '#tests/support/credential-codec.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { makeCycle, makeEntitlement, type TestCycle } from '#tests/support/entitlements.ts'
import { makeAreas, someone } from '#tests/support/places.ts'
import { createAudit } from '../audit/index.ts'
import { type Credentials, createCredentials } from '../credentials/index.ts'
import { createInventory, type Inventory } from '../inventory/index.ts'
import { createJobs } from '../jobs/index.ts'
import { type Ctx, DomainError, formatReference, manualClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys, type Keys } from '../keys/index.ts'
import { createLedger } from '../ledger/index.ts'
import { createOutbox } from '../outbox/index.ts'
import { createPrograms } from '../programs/index.ts'
import { createDistribution, type Distribution } from './index.ts'

const everyone = systemCtx('test', 'req-1')
const rule = (name: string) => (error: unknown) => error instanceof DomainError && error.rule === name
const clock = manualClock('2026-06-01T12:00:00Z')
const AGENT = ['verification:perform', 'redemption:perform', 'redemption:read']

describe('distribution', () => {
  let db: TestDatabase
  let credentials: Credentials
  let inventory: Inventory
  let distribution: Distribution
  let areas: Record<string, string>
  let cycle: TestCycle
  let agent: Ctx
  let keys: Keys

  before(async () => {
    db = await testDatabase()
    const base = { db, clock, ids: systemIds }
    keys = createKeys({ ...base, masterKey: Buffer.alloc(32, 7) })
    const audit = createAudit({ db, keys, clock })
    const deps = { ...base, audit, keys, codec, outbox: createOutbox(base) }
    const jobs = createJobs(deps)
    credentials = createCredentials({ ...deps, jobs })
    inventory = createInventory(deps)
    const ledger = createLedger(deps)
    const { approvals } = approvalsOver(deps)
    const programs = createPrograms({
      ...deps,
      approvals,
      jobs,
      ledger,
      attributeDefinitions: async () => [],
    })
    distribution = createDistribution({ ...deps, credentials, inventory, programs })
    areas = await makeAreas(db, [['XX'], ['XXN', 'XX'], ['XXN1', 'XXN'], ['XXS', 'XX']])
    for (const [code, area] of [
      ['NORTH', 'XXN'],
      ['SOUTH', 'XXS'],
    ] as const)
      await inventory.createLocation(everyone, { code, name: `Point ${code}`, kind: 'service_point', area })
    await inventory.createItem(everyone, { code: 'RICE', name: 'Rice', unit: 'KGM' })
    await inventory.receive(everyone, {
      location: 'NORTH',
      item: 'RICE',
      quantity: 5000n,
      reference: 'GRN 1',
    })
    cycle = await makeCycle(db, { code: 'FOOD', item: 'RICE' })
    agent = someone(AGENT, [areas.XXN!])
  })
  after(() => db.close())

  const issueAll = (of: TestCycle) =>
    credentials.jobHandlers['credentials.issue']!(
      { id: 'job', ctx: everyone, progress: async () => {}, checkpoint: async () => {} },
      { cycleId: of.id },
    )

  /** An entitlement with its card; the text of its QR code. */
  const card = async (options: { of?: TestCycle; area?: string; amount?: number; name?: string } = {}) => {
    const of = options.of ?? cycle
    const entitlement = await makeEntitlement(db, of, {
      areaId: areas[options.area ?? 'XXN']!,
      ...(options.amount === undefined ? {} : { amount: options.amount }),
      ...(options.name === undefined ? {} : { name: options.name }),
    })
    await issueAll(of)
    const row = await db.one<{ qr: string; reference: string }>(sql`
      SELECT qr, kernel.reference('CR', ref) AS reference FROM credentials.credentials
      WHERE entitlement_id = ${entitlement.id}`)
    return { entitlement, ...row! }
  }
  const stockAt = async (location: string) =>
    (await inventory.stock(everyone, { location, item: 'RICE' }, { limit: 1 })).items[0]?.onHand ?? 0n
  const verdictOf = async (qr: string, point = 'NORTH', ctx = agent) =>
    (await distribution.verify(ctx, { qr, point })).verdict
  const redeemedOf = async (entitlementId: string) =>
    Number(
      (await db.one(sql`
        SELECT coalesce(sum(quantity), 0) AS n FROM distribution.redemptions WHERE entitlement_id = ${entitlementId}`))!
        .n,
    )

  it('shows the agent whom to serve and with what, and puts the question on record', async () => {
    const { qr, entitlement } = await card({ name: 'Sara Haile' })
    const { verdict, advice, due } = await distribution.verify(agent, { qr, point: 'NORTH' })
    assert.equal(verdict, 'valid')
    assert.match(advice, /holder/)
    assert.deepEqual(due, {
      entitlement: entitlement.reference,
      holderName: 'Sara Haile',
      program: 'Program FOOD',
      cycle: 'First',
      benefit: {
        kind: 'in_kind',
        item: { code: 'RICE', name: 'Rice', unit: 'KGM' },
        amount: 25n,
        remaining: 25n,
      },
    })
    const [entry] = await db.query(sql`
      SELECT actor_name, after, c.entitlement_id FROM audit.entries e
      JOIN credentials.credentials c ON c.id = e.subject_id WHERE action = 'credential.verify'`)
    assert.deepEqual(entry, {
      actor_name: 'somebody',
      after: { verdict: 'valid', point: 'NORTH' },
      entitlement_id: entitlement.id,
    })
  })

  it('hands over once, however many try at the same time, and stock goes down once', async () => {
    const { qr, entitlement } = await card()
    const before = await stockAt('NORTH')
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => distribution.redeem(agent, { qr, point: 'NORTH' })),
    )
    const won = outcomes.filter(o => o.verdict === 'valid')
    assert.equal(won.length, 1)
    assert.equal(outcomes.filter(o => o.verdict === 'already_redeemed').length, 29)
    assert.equal(before - (await stockAt('NORTH')), 25n)
    assert.equal(await redeemedOf(entitlement.id), 25)
    assert.equal(await verdictOf(qr), 'already_redeemed')
    const { redemption, remaining } = won[0]!
    assert.deepEqual(
      [redemption.entitlement, redemption.quantity, redemption.point, redemption.agent, remaining],
      [entitlement.reference, 25n, 'NORTH', 'somebody', 0n],
    )
    const [trail] = await db.query(sql`
      SELECT count(*) FILTER (WHERE action = 'redemption.make' AND after->>'entitlement' = ${entitlement.reference})::int AS made,
        count(*) FILTER (WHERE action = 'redemption.refuse' AND after->>'verdict' = 'already_redeemed')::int AS refused,
        (SELECT count(*)::int FROM outbox.messages WHERE type = 'redemption.made'
          AND payload->>'redemption' = ${redemption.reference}) AS told
      FROM audit.entries`)
    assert.deepEqual(trail, { made: 1, refused: 29, told: 1 })
  })

  it('hands over in parts that never come to more than the whole, in whatever order and at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.bigInt(1n, 12n), { minLength: 2, maxLength: 8 }),
        async (amount, parts) => {
          const { qr, entitlement } = await card({ amount })
          const before = await stockAt('NORTH')
          const results = await Promise.allSettled(
            parts.map(quantity => distribution.redeem(agent, { qr, point: 'NORTH', quantity })),
          )
          let handed = 0n
          for (const [i, result] of results.entries()) {
            if (result.status === 'rejected')
              assert.ok(rule('more-than-due')(result.reason), String(result.reason))
            else if (result.value.verdict === 'valid') handed += parts[i]!
            else assert.equal(result.value.verdict, 'already_redeemed')
          }
          assert.ok(handed <= BigInt(amount))
          // Nobody was sent away whose part would still have fitted.
          for (const [i, result] of results.entries())
            if (result.status === 'rejected') assert.ok(parts[i]! > BigInt(amount) - handed)
          assert.equal(await redeemedOf(entitlement.id), Number(handed))
          assert.equal(before - (await stockAt('NORTH')), handed)
          const shown = await distribution.verify(agent, { qr, point: 'NORTH' })
          assert.equal(shown.due!.benefit.remaining, BigInt(amount) - handed)
          assert.equal(shown.verdict, handed === BigInt(amount) ? 'already_redeemed' : 'valid')
        },
      ),
      { numRuns: 12 },
    )
  })

  it('a handover that the device sends twice is one handover', async () => {
    const { qr, entitlement } = await card()
    const sent = { qr, point: 'NORTH', quantity: 10n, receipt: 'device 7, 41', note: 'by the gate' }
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => distribution.redeem(agent, sent)))
    assert.equal(new Set(outcomes.map(o => (o.verdict === 'valid' ? o.redemption.reference : ''))).size, 1)
    assert.equal(await redeemedOf(entitlement.id), 10)
    for (const quantity of [9n, 11n, 26n, undefined])
      await assert.rejects(distribution.redeem(agent, { ...sent, quantity }), rule('receipt-reused'))
    await distribution.redeem(someone(AGENT), sent)
    assert.equal(await redeemedOf(entitlement.id), 20)
    const rest = { qr, point: 'NORTH', receipt: 'device 7, 42' }
    const [first, again] = [await distribution.redeem(agent, rest), await distribution.redeem(agent, rest)]
    assert.deepEqual(again, first)
    assert.equal(await redeemedOf(entitlement.id), 25)
    await assert.rejects(distribution.redeem(agent, { ...rest, quantity: 4n }), rule('receipt-reused'))
    assert.deepEqual(await distribution.redeem(agent, { ...rest, quantity: 5n }), first)
    const other = await card()
    await assert.rejects(distribution.redeem(agent, { ...sent, qr: other.qr }), rule('receipt-reused'))
    assert.equal(await redeemedOf(other.entitlement.id), 0)
  })

  it('does nothing by halves when there is not enough in stock', async () => {
    const { qr, entitlement } = await card({ amount: 4_999_999 })
    const before = await stockAt('NORTH')
    await assert.rejects(distribution.redeem(agent, { qr, point: 'NORTH' }), rule('stock-insufficient'))
    assert.equal(await stockAt('NORTH'), before)
    assert.equal(await redeemedOf(entitlement.id), 0)
    assert.equal(await verdictOf(qr), 'valid')
    const outcome = await distribution.redeem(agent, { qr, point: 'NORTH', quantity: 1n })
    assert.equal(outcome.verdict, 'valid')
  })

  it('refuses what another point hands over, and says which one without saying whose it is', async () => {
    const { qr, entitlement } = await card({ area: 'XXS', name: 'Not For You' })
    for (const point of ['NORTH', undefined]) {
      const answer = await distribution.verify(agent, { qr, point })
      assert.equal(answer.verdict, 'wrong_point')
      assert.match(answer.advice, /Point SOUTH/)
      assert.doesNotMatch(
        JSON.stringify(answer, (_k, v) => (typeof v === 'bigint' ? `${v}` : v)),
        /Not For You/,
      )
      assert.equal(answer.due, undefined)
    }
    assert.equal((await distribution.redeem(agent, { qr, point: 'NORTH' })).verdict, 'wrong_point')
    await assert.rejects(distribution.redeem(agent, { qr, point: 'SOUTH' }), { code: 'invalid' })
    await assert.rejects(distribution.verify(agent, { qr, point: 'SOUTH' }), { code: 'invalid' })
    assert.equal(await redeemedOf(entitlement.id), 0)
    assert.equal(await verdictOf(qr, 'SOUTH', someone(AGENT, [areas.XXS!])), 'valid')
    // Who works at both points is told as well; who reaches the household's village but not its point is not served.
    assert.equal(await verdictOf(qr, 'NORTH', someone(AGENT)), 'wrong_point')
    const village = await card({ area: 'XXN1' })
    const answer = await distribution.verify(someone(AGENT, [areas.XXN1!]), { qr: village.qr })
    assert.equal(answer.verdict, 'wrong_point')
  })

  it('keeps a program to those whose grant covers it', async () => {
    const { qr } = await card()
    const other = someone(AGENT, [areas.XXN!])
    Object.assign(other.actor.grants[0]!, { programIds: [systemIds.uuid()] })
    const answer = await distribution.verify(other, { qr, point: 'NORTH' })
    assert.deepEqual([answer.verdict, answer.due], ['wrong_point', undefined])
  })

  it('refuses what was revoked, replaced or suspended, at once', async () => {
    const { qr, reference, entitlement } = await card()
    await credentials.suspend(everyone, reference, 'reported')
    assert.equal(await verdictOf(qr), 'suspended')
    assert.equal((await distribution.redeem(agent, { qr, point: 'NORTH' })).verdict, 'suspended')
    await credentials.restore(everyone, reference, 'cleared')
    assert.equal(await verdictOf(qr), 'valid')
    const { reference: next } = await credentials.reissue(everyone, reference, 'lost')
    assert.equal(await verdictOf(qr), 'revoked')
    assert.equal((await distribution.redeem(agent, { qr, point: 'NORTH' })).verdict, 'revoked')
    assert.equal(await redeemedOf(entitlement.id), 0)
    const row = await db.one(
      sql`SELECT qr FROM credentials.credentials WHERE kernel.reference('CR', ref) = ${next}`,
    )
    assert.equal((await distribution.redeem(agent, { qr: row!.qr, point: 'NORTH' })).verdict, 'valid')
    assert.equal(await redeemedOf(entitlement.id), 25)
  })

  it('revoking and handing over at the same time is one or the other first, never both half', async () => {
    for (let n = 0; n < 6; n++) {
      const { qr, reference, entitlement } = await card()
      const [outcome] = await Promise.all([
        distribution.redeem(agent, { qr, point: 'NORTH' }),
        credentials.revoke(everyone, reference, 'lost'),
      ])
      assert.equal(await redeemedOf(entitlement.id), outcome.verdict === 'valid' ? 25 : 0)
      assert.ok(['valid', 'revoked'].includes(outcome.verdict))
    }
  })

  it('refuses an entitlement that was withdrawn, or whose cycle was closed, after its card was printed', async () => {
    const { qr, entitlement } = await card()
    await db.run(sql`UPDATE programs.entitlements SET status = 'cancelled' WHERE id = ${entitlement.id}`)
    const answer = await distribution.verify(agent, { qr, point: 'NORTH' })
    assert.equal(answer.verdict, 'revoked')
    assert.match(answer.advice, /withdrawn/)
    assert.equal(answer.due, undefined)
    const late = await card()
    await db.run(sql`UPDATE programs.entitlements SET status = 'expired' WHERE id = ${late.entitlement.id}`)
    assert.equal((await distribution.redeem(agent, { qr: late.qr, point: 'NORTH' })).verdict, 'expired')
  })

  it('goes by the days of the cycle', async () => {
    const past = await makeCycle(db, { code: 'PAST', item: 'RICE', validUntil: '2026-05-31' })
    const today = await makeCycle(db, {
      code: 'TODAY',
      item: 'RICE',
      validFrom: '2026-06-01',
      validUntil: '2026-06-01',
    })
    const future = await makeCycle(db, { code: 'FUTURE', item: 'RICE', validFrom: '2026-06-02' })
    for (const [of, verdict] of [
      [past, 'expired'],
      [today, 'valid'],
      [future, 'not_yet_valid'],
    ] as const) {
      const { qr } = await card({ of })
      assert.equal(await verdictOf(qr), verdict)
      assert.equal((await distribution.redeem(agent, { qr, point: 'NORTH' })).verdict, verdict)
    }
  })

  it('tells a forged card, a foreign one and nonsense apart, and shows nothing of them', async () => {
    const { qr, entitlement } = await card({ name: 'Hidden Name' })
    const proven = await credentials.verifyText(qr)
    assert.ok('claims' in proven)
    const { claims } = proven
    const ours = await keys.signingKey('credential')
    const kid = Buffer.from(ours.kid, 'hex')
    const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const sign = async (change: object, key: KeyObject, kid: Buffer) =>
      (await codec.issueEntitlementQr({ ...claims, ...change }, codec.es256Signer(key, kid))).text
    const more = { benefit: { quantity: 9_999n, unit: 'KGM' } }
    const nobody = { id: formatReference('credential', 12_345n) }
    for (const [verdict, text] of [
      ['tampered', await sign(more, theirs, kid)],
      ['unknown_issuer', await sign({}, theirs, Buffer.from('ffffffff', 'hex'))],
      ['unknown_issuer', await sign(nobody, ours.privateKey, kid)],
      ['malformed', ''],
      ['malformed', 'HELLO WORLD'],
      ['malformed', 'x'.repeat(10_000)],
      ['malformed', qr.slice(0, -3)],
      ['malformed', qr + qr],
    ] as const) {
      const answer = await distribution.verify(agent, { qr: text, point: 'NORTH' })
      assert.equal(answer.verdict, verdict)
      assert.deepEqual(new Set(Object.keys(answer)), new Set(['advice', 'verdict']))
      assert.equal((await distribution.redeem(agent, { qr: text, point: 'NORTH' })).verdict, verdict)
    }
    assert.equal(await redeemedOf(entitlement.id), 0)
    await db.run(sql`UPDATE keys.keys SET state = 'revoked' WHERE purpose = 'credential'`)
    assert.equal(await verdictOf(qr), 'unknown_issuer')
    await db.run(sql`UPDATE keys.keys SET state = 'active' WHERE purpose = 'credential'`)
    assert.equal(await verdictOf(qr), 'valid')
  })

  it('pays no cash out of a warehouse', async () => {
    const cash = await makeCycle(db, { code: 'CASH' })
    const { qr, entitlement } = await card({ of: cash, amount: 50_000 })
    const { verdict, advice, due } = await distribution.verify(agent, { qr, point: 'NORTH' })
    assert.equal(verdict, 'valid')
    assert.match(advice, /paid by the bank or by mobile money: hand nothing over/)
    assert.deepEqual(due!.benefit, { kind: 'cash', currency: 'ETB', amount: 50_000n, remaining: 50_000n })
    await assert.rejects(distribution.redeem(agent, { qr, point: 'NORTH' }), rule('not-in-kind'))
    await db.run(sql`
      UPDATE programs.entitlements SET status = 'fulfilled', fulfilled = amount WHERE id = ${entitlement.id}`)
    const settled = await distribution.verify(agent, { qr, point: 'NORTH' })
    assert.deepEqual([settled.verdict, settled.due!.benefit.remaining], ['already_redeemed', 0n])
    assert.match(settled.advice, /was paid already/)
    const refusal = await distribution.redeem(agent, { qr, point: 'NORTH' })
    assert.deepEqual(refusal, { verdict: 'already_redeemed', advice: settled.advice })
  })

  it('lists handovers of the points within reach, newest first', async () => {
    const { qr, entitlement } = await card()
    for (const quantity of [5n, 6n]) await distribution.redeem(agent, { qr, point: 'NORTH', quantity })
    const filter = { entitlement: entitlement.reference }
    const first = await distribution.listRedemptions(agent, filter, { limit: 1 })
    const second = await distribution.listRedemptions(agent, filter, { limit: 1, cursor: first.next })
    assert.deepEqual(
      [...first.items, ...second.items].map(r => r.quantity),
      [6n, 5n],
    )
    assert.equal(second.next, undefined)
    const elsewhere = someone(AGENT, [areas.XXS!])
    assert.deepEqual((await distribution.listRedemptions(elsewhere, filter, { limit: 10 })).items, [])
    await assert.rejects(distribution.verify(someone([]), { qr }), { code: 'forbidden' })
    await assert.rejects(distribution.redeem(someone(['verification:perform']), { qr, point: 'NORTH' }), {
      code: 'forbidden',
    })
  })

  it('does not let anybody rewrite what was handed over', async () => {
    for (const change of [
      sql`UPDATE distribution.redemptions SET quantity = 1`,
      sql`DELETE FROM distribution.redemptions`,
    ])
      await assert.rejects(db.run(change), /append-only/)
  })
})
