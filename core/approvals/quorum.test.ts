import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import type { Tier } from '#core/approvals/index.ts'
import { type Ctx, DomainError, personOf } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'

const ROLES = ['cycle-approver', 'payment-approver', 'validator'] as const

/** What somebody does: which account, as whose deputy (an account, or none), what. */
type Move = { account: number; behalf: number | null; verdict: 'approve' | 'return' }
type Plan = { role: number; need: number | 'all'; informs: boolean }[]

const by = (role: number, need: number | 'all', informs = false): Plan[number] => ({ role, need, informs })
const agrees = (account: number, behalf: number | null = null): Move => ({
  account,
  behalf,
  verdict: 'approve',
})

describe('whatever the tiers, the people and their decisions', () => {
  let f: ApprovalFixture
  /** Six persons: the first two have a second account, the last acts by a client as well. */
  let accounts: { ctx: Ctx; person: number; isUser: boolean }[]
  before(async () => {
    f = await approvalFixture()
    accounts = []
    for (let person = 0; person < 6; person++) {
      const roles = [ROLES[person % 3]!, ROLES[(person + (person % 2)) % 3]!]
      const ctx = await f.person({ roles: [...new Set(roles)] })
      accounts.push({ ctx, person, isUser: true })
      if (person < 2)
        accounts.push({ ctx: await f.person({ roles: [...ROLES], sameAs: ctx }), person, isUser: true })
      if (person === 5)
        accounts.push({ ctx: await f.client(ctx, { roles: [...ROLES] }), person, isUser: false })
    }
    const users = accounts.filter(a => a.isUser)
    for (const from of users)
      for (const to of users)
        if (from.person !== to.person)
          await f.approvals.delegate(from.ctx, {
            deputy: to.ctx.actor.name,
            from: new Date(0),
            until: new Date('2100-01-01'),
            reason: 'Everybody for everybody.',
          })
  })
  after(() => f.db.close())

  const plan: fc.Arbitrary<Plan> = fc.array(
    fc.record({
      role: fc.nat(2),
      need: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant('all' as const)),
      informs: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  )
  const move: fc.Arbitrary<Move> = fc.record({
    account: fc.nat(8),
    behalf: fc.option(fc.nat(8), { freq: 2 }),
    verdict: fc.constantFrom('approve', 'approve', 'approve', 'approve', 'approve', 'approve', 'return'),
  })

  const holds = (account: number, role: number) =>
    accounts[account]!.ctx.actor.grants.some(g => g.role === ROLES[role])

  /**
   * The rules again, as simply as they can be said: gives what becomes of each move. A person is a number here, and there
   * is no database, no time and no set.
   */
  const model = (tiers: Plan, makers: ReadonlySet<number>) => {
    const signed = new Set<number>()
    let tier = -1
    let agreed: number[] = []
    let roster: Set<number> | null = null
    let state: 'pending' | 'approved' | 'returned' = 'pending'
    const open = (from: number) => {
      tier = from
      agreed = []
      const next = tiers[tier]
      if (!next) state = 'approved'
      else if (next.need === 'all')
        roster = new Set(
          accounts.flatMap((a, i) =>
            a.isUser && holds(i, next.role) && !makers.has(a.person) && !signed.has(a.person)
              ? [a.person]
              : [],
          ),
        )
      else roster = null
    }
    open(0)
    return {
      state: () => state,
      move: ({ account, behalf, verdict }: Move): boolean => {
        const me = accounts[account]!
        const as = behalf === null ? me : accounts[behalf]!
        const mayActFor = behalf === null || (as.isUser && as.person !== me.person)
        const persons = [me.person, as.person]
        const { role, need } = tiers[tier] ?? { role: 0, need: 1 }
        const may =
          state === 'pending' &&
          mayActFor &&
          !persons.some(p => makers.has(p) || signed.has(p)) &&
          holds(behalf ?? account, role) &&
          (roster === null || (roster.has(as.person) && (behalf === null || !roster.has(me.person))))
        if (!may) return false
        for (const p of persons) signed.add(p)
        if (verdict === 'return') state = 'returned'
        else {
          agreed.push(as.person)
          const required = need === 'all' ? Math.max(1, roster!.size) : need
          if (new Set(agreed).size >= required) open(tier + 1)
        }
        return true
      },
    }
  }

  const tiersOf = (plan: Plan): Tier[] =>
    plan.flatMap(({ role, need, informs }) => [
      ...(informs ? [{ kind: 'inform', approvers: [{ role: 'auditor' }] } as const] : []),
      { kind: 'decide', approvers: [{ role: ROLES[role]! }], need } as const,
    ])

  type Case = [plan: Plan, makers: [number, number | null], moves: Move[]]
  /** Ways that end in approval, whatever chance finds: one signature, two tiers, a deputy, everybody. */
  const approved: Case[] = [
    [[by(0, 1)], [4, null], [agrees(0)]],
    [
      [by(0, 2), by(1, 1, true)],
      [4, 6],
      [agrees(0), agrees(1), agrees(5), agrees(5), agrees(2)],
    ],
    [[by(0, 1)], [4, null], [agrees(6, 0)]],
    [[by(1, 'all')], [4, null], [agrees(1), agrees(2), agrees(5), agrees(6)]],
  ]

  it('it is approved by exactly the quorum of different persons of each tier, none of whom made it', async () => {
    let approvals = 0
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.tuple(fc.nat(8), fc.option(fc.nat(8))),
        fc.array(move, { minLength: 4, maxLength: 14 }),
        async (tiers, [submitter, also], moves) => {
          await f.policy(tiersOf(tiers))
          const makers = [submitter, ...(also === null ? [] : [also])]
          const { id, reference } = await f.submitted(accounts[submitter]!.ctx, {
            makers: makers.map(m => accounts[m]!.ctx.actor.id),
          })
          const expected = model(tiers, new Set(makers.map(m => accounts[m]!.person)))
          for (const m of moves) {
            const done = await f.approvals
              .decide(accounts[m.account]!.ctx, reference, {
                verdict: m.verdict,
                comment: 'because',
                onBehalfOf: m.behalf === null ? undefined : accounts[m.behalf]!.ctx.actor.name,
              })
              .then(
                () => true,
                error => {
                  assert.ok(error instanceof DomainError, String(error))
                  return false
                },
              )
            assert.equal(done, expected.move(m), JSON.stringify({ tiers, makers, moves, m }))
          }
          assert.equal(await f.state(reference), expected.state())
          assert.equal((await f.thing(id)).state === 'approved', expected.state() === 'approved')
          if (expected.state() === 'approved') {
            approvals++
            await assertQuorum(reference, tiers, makers)
          }
        },
      ),
      { numRuns: 60, examples: approved },
    )
    assert.ok(approvals >= approved.length, `${approvals} were approved at all`)
  }).timeout(120_000)

  /** From what the database kept: enough distinct persons, and no maker among all who signed. */
  const assertQuorum = async (reference: string, tiers: Plan, makers: readonly number[]) => {
    const signed = await f.db.query<{ identity: string }>(sql`
      SELECT s.identity FROM approvals.signatures s JOIN approvals.requests r ON r.id = s.request_id
      WHERE kernel.reference('AP', r.ref) = ${reference}`)
    const known = new Set(accounts.map(a => personOf(a.ctx.actor)))
    const persons = new Set(signed.map(s => s.identity)).intersection(known)
    for (const m of makers) assert.ok(!persons.has(personOf(accounts[m]!.ctx.actor)))
    const needed = tiers.reduce((sum, t) => sum + (t.need === 'all' ? 1 : t.need), 0)
    assert.ok(persons.size >= needed, `${persons.size} of ${needed}`)
  }
})
