import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { approvalThings, type Tier } from '#core/approvals/index.ts'
import { type Ctx, changesOf, type Fields } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'

const HOUR = 3_600_000
const APPROVERS = [{ role: 'cycle-approver' }]
const TIERS: Tier[] = [
  { kind: 'inform', approvers: [{ role: 'auditor' }] },
  {
    kind: 'decide',
    approvers: APPROVERS,
    need: 2,
    deadlines: [{ hours: 1, escalateTo: APPROVERS }, { hours: 5 }],
  },
  { kind: 'decide', approvers: APPROVERS, deadlines: [{ hours: 1, end: 'reject' }] },
]

describe('the trail of approvals', () => {
  let f: ApprovalFixture
  let maker: Ctx
  let people: Ctx[]
  before(async () => {
    f = await approvalFixture()
    maker = await f.person({ roles: ['program-manager'] })
    people = []
    for (let i = 0; i < 4; i++) people.push(await f.person({ roles: ['cycle-approver'] }))
    await f.policy(TIERS)
  })
  after(() => f.db.close())

  const states = async (): Promise<Map<string, Fields>> => {
    const { state } = approvalThings.find(t => t.type === 'approval')!
    const rows = await f.db.query<{ id: string; state: Fields }>(state)
    return new Map(rows.map(r => [r.id, r.state]))
  }
  /** What the entries since a moment say that changed of each request, in order, merged. */
  const said = async (since: string): Promise<Map<string, { before: Fields; after: Fields }>> => {
    const rows = await f.db.query<{ id: string; before: Fields; after: Fields }>(sql`
      SELECT i.id, coalesce(e.before, '{}') || coalesce((e.details->'before'->(i.n::int - 1))::jsonb, '{}') AS before,
        coalesce(e.after, '{}') || coalesce((e.details->'after'->(i.n::int - 1))::jsonb, '{}') AS after
      FROM audit.entries e CROSS JOIN LATERAL unnest(coalesce(e.item_ids, ARRAY[e.subject_id])) WITH ORDINALITY AS i (id, n)
      WHERE e.subject_type = 'approval' AND e.xid >= ${since}::xid8 ORDER BY e.xid, e.id`)
    const merged = new Map<string, { before: Fields; after: Fields }>()
    for (const { id, before, after } of rows) {
      const known = merged.get(id) ?? { before: {}, after: {} }
      merged.set(id, { before: { ...before, ...known.before }, after: { ...known.after, ...after } })
    }
    return merged
  }
  const FIELDS = ['state', 'tier', 'given', 'level']
  const ofState = (fields: Fields) =>
    Object.fromEntries(Object.entries(fields).filter(([k]) => FIELDS.includes(k)))

  it('says of every step exactly what changed of each request', async () => {
    const { approvals, clock } = f
    const made: string[] = []
    const submit = async () => void made.push((await f.submitted(maker)).reference)
    const [a, b, c, d] = people as [Ctx, Ctx, Ctx, Ctx]
    const all = async (who: Ctx) => {
      const set = { filter: {} }
      const { etag } = await approvals.preview(who, set)
      await approvals.decideMany(who, set, etag, { verdict: 'approve' })
    }
    const later = (ms: number) => {
      clock.advance(ms)
      return approvals.passDeadlines()
    }
    const steps: Record<string, () => Promise<unknown>> = {
      'the first is submitted': submit,
      'a second is submitted': submit,
      'a third is submitted': submit,
      'one agrees': () => f.approve(a, made[0]!),
      'a deadline passes': () => later(HOUR),
      'another agrees, in a tier that was escalated': () => f.approve(b, made[0]!),
      'many are agreed to at once': () => all(c),
      'a comment is made': () => approvals.comment(a, made[1]!, 'Hm.'),
      'one is returned': () => approvals.decide(d, made[1]!, { verdict: 'return', comment: 'Again.' }),
      'one is approved by bypassing': () => approvals.bypass(d, made[2]!, 'The river broke its banks.'),
      'a fourth is submitted': submit,
      'a fifth is submitted': submit,
      'it is withdrawn': () => approvals.withdraw(maker, made[3]!, 'No.'),
      'two agree': async () => [await f.approve(a, made[4]!), await f.approve(b, made[4]!)],
      'it expires': () => later(2 * HOUR),
    }
    for (const [name, step] of Object.entries(steps)) {
      const before = await states()
      const { since } = (await f.db.one<{ since: string }>(sql`SELECT pg_current_xact_id()::text AS since`))!
      await step()
      const told = await said(since)
      const after = await states()
      for (const [id, now] of after) {
        const was = before.get(id)
        const expected = was ? changesOf(was, now) : { before: {}, after: now }
        const entry = told.get(id) ?? { before: {}, after: {} }
        const [from, to] = [ofState(entry.before), ofState(entry.after)]
        // What two entries changed back and forth is as it was.
        assert.deepEqual(was ? changesOf(from, to) : { before: from, after: to }, expected, `${name}: ${id}`)
      }
      assert.ok(told.size > 0, `${name} left no entry`)
    }
    const ends = await Promise.all(made.map(f.state))
    assert.deepEqual(ends, ['approved', 'returned', 'approved', 'withdrawn', 'expired'])
  })

  it('says of what was decided together how much it was, and counts tiers from 1', async () => {
    const entry = await f.db.one<{ after: Fields; items: number }>(sql`
      SELECT items, after FROM audit.entries WHERE action = 'approval.approve' AND items IS NOT NULL
      ORDER BY xid DESC LIMIT 1`)
    assert.deepEqual(entry, {
      items: 2,
      after: { count: 2, totals: [{ value: '200.00', currency: 'KES', count: 2 }] },
    })
    const submitted = await f.db.one<{ after: Fields }>(
      sql`SELECT after FROM audit.entries WHERE action = 'approval.submit' ORDER BY xid LIMIT 1`,
    )
    assert.equal(submitted!.after.tier, 2)
  })

  it('tells the outbox of each, with where it belongs', async () => {
    const types = await f.db.query<{ type: string }>(sql`
      SELECT DISTINCT type FROM outbox.messages WHERE type LIKE 'approval.%' ORDER BY type`)
    assert.deepEqual(
      types.map(t => t.type.replace('approval.', '')),
      [
        'approved',
        'bypassed',
        'commented',
        'escalated',
        'expired',
        'returned',
        'signed',
        'submitted',
        'withdrawn',
      ],
    )
    const { reference } = await f.submitted(maker, { area: 'XXN1' })
    const scoped = await f.db.one(sql`
      SELECT m.area_id FROM outbox.messages m JOIN approvals.requests r ON r.id = m.subject_id
      WHERE kernel.reference('AP', r.ref) = ${reference}`)
    assert.deepEqual(scoped, { area_id: f.areas.XXN1 })
  })
})
