import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { Tier } from '#core/approvals/index.ts'
import { createJobs, jobNews } from '#core/jobs/index.ts'
import type { Ctx } from '#core/kernel/index.ts'
import { type ApprovalFixture, approvalFixture } from '#tests/support/approvals.ts'
import { createNotifications, type Notifications } from './index.ts'

const DECIDE: Tier = { kind: 'decide', approvers: [{ role: 'cycle-approver' }] }
const DAY = 86_400_000

describe('notifications', () => {
  let f: ApprovalFixture
  let notifications: Notifications
  let maker: Ctx
  let approver: Ctx
  before(async () => {
    f = await approvalFixture()
    notifications = createNotifications({ ...f.deps, news: [jobNews, f.approvals.news] })
    maker = await f.person({ roles: ['program-manager'] })
    approver = await f.person({ roles: ['cycle-approver'] })
  })
  after(() => f.db.close())
  beforeEach(async () => {
    await f.db.run(
      sql`UPDATE approvals.requests SET state = 'withdrawn', decided_at = now() WHERE state = 'pending'`,
    )
    await f.db.run(sql`DELETE FROM notifications.notifications`)
  })

  const relay = () => f.deps.outbox.relay(notifications.consumers)
  /** What somebody has unread, as `kind subject`, sorted. */
  const unread = async (who: Ctx): Promise<string[]> => {
    const { items, unread } = await notifications.list(who, { unread: true }, { limit: 50 })
    assert.equal(unread, items.length)
    return items.map(n => `${n.kind} ${n.subject.reference}`).toSorted()
  }

  it('tell those who can decide, and those alone, until somebody has; and then whoever submitted it', async () => {
    await f.policy([DECIDE])
    const north = await f.person({ roles: ['cycle-approver'], areas: ['XXN'] })
    const south = await f.person({ roles: ['cycle-approver'], areas: ['XXS'] })
    const both = await f.person({ roles: ['cycle-approver'], sameAs: maker })
    const { id, reference } = await f.submitted(maker, { area: 'XXN1' })
    await relay()
    const waits = [`approval-waiting ${reference}`]
    assert.deepEqual([await unread(approver), await unread(north)], [waits, waits])
    assert.deepEqual([await unread(south), await unread(maker), await unread(both)], [[], [], []])
    const { items } = await notifications.list(north, {}, { limit: 1 })
    assert.deepEqual(
      [items[0]!.subject, items[0]!.params],
      [
        { type: 'approval', reference },
        { subjectType: 'thing', subject: `thing ${id}` },
      ],
    )
    await f.approve(north, reference)
    await relay()
    assert.deepEqual([await unread(approver), await unread(north)], [[], []])
    assert.deepEqual(await unread(maker), [`approval-approved ${reference}`])
  })

  it('tell the next tier when it is its turn, those to whom it is passed on, and nobody twice', async () => {
    const officers: Tier = { kind: 'decide', approvers: [{ role: 'payment-approver' }] }
    const escalates = { hours: 1, escalateTo: [{ role: 'validator' }] }
    const second = await f.person({ roles: ['cycle-approver'] })
    const officer = await f.person({ roles: ['payment-approver'] })
    const chief = await f.person({ roles: ['validator'] })
    await f.policy([
      { ...DECIDE, need: 2 },
      { ...officers, deadlines: [escalates] },
    ])
    const { reference } = await f.submitted(maker)
    await relay()
    await f.approve(approver, reference)
    await relay()
    const waits = [`approval-waiting ${reference}`]
    assert.deepEqual(
      [await unread(approver), await unread(second), await unread(officer)],
      [[], waits, []],
      'who has signed is no longer waited for',
    )
    await f.approve(second, reference)
    await relay()
    assert.deepEqual([await unread(second), await unread(officer), await unread(chief)], [[], waits, []])
    f.clock.advance(2 * 3_600_000)
    await f.approvals.passDeadlines()
    await relay()
    assert.deepEqual([await unread(officer), await unread(chief)], [waits, waits])
    const told = await f.db.query(sql`SELECT 1 FROM notifications.notifications`)
    const messages = await f.db.query<{ id: string; type: string; subjectId: string }>(
      sql`SELECT id, type, subject_id AS "subjectId" FROM outbox.messages ORDER BY id DESC LIMIT 4`,
    )
    for (const message of messages)
      for (const { types, take } of notifications.consumers)
        if (types.includes(message.type)) await take({ ...message, payload: {}, occurredAt: new Date() })
    assert.equal((await f.db.query(sql`SELECT 1 FROM notifications.notifications`)).length, told.length)
  })

  it('tell deputies what waits for whom they stand in for, and both when that begins and ends', async () => {
    await f.policy([DECIDE])
    const deputy = await f.person({ roles: ['program-manager', 'cycle-approver'], areas: ['XXS'] })
    const now = f.clock.now().getTime()
    const { reference: delegation } = await f.approvals.delegate(approver, {
      deputy: deputy.actor.name,
      from: new Date(now + DAY),
      until: new Date(now + 2 * DAY),
      reason: 'Away',
    })
    const passing = async () => {
      await notifications.tellByTime()
      await notifications.tellByTime()
      return [await unread(approver), await unread(deputy)]
    }
    assert.deepEqual(await passing(), [[], []])
    f.clock.advance(DAY + 1)
    const began = [`delegation-began ${delegation}`]
    assert.deepEqual(await passing(), [began, began])
    const { reference } = await f.submitted(maker, { area: 'XXN1' })
    await relay()
    assert.deepEqual(await unread(deputy), [`approval-waiting ${reference}`, ...began])
    await notifications.read(deputy, { upTo: f.clock.now() })
    f.clock.advance(DAY)
    assert.deepEqual(await unread(deputy), [])
    assert.deepEqual((await passing())[1], [`delegation-ended ${delegation}`])
  })

  it('tell of an emergency those who can review it', async () => {
    await f.policy([DECIDE])
    const boss = await f.person({ roles: ['cycle-approver', 'program-manager'] })
    const reviewer = await f.person({ roles: ['program-manager'] })
    const { reference } = await f.submitted(maker)
    await f.approvals.bypass(boss, reference, 'There was no time to ask.')
    await relay()
    assert.deepEqual(await unread(maker), [`approval-bypassed ${reference}`])
    assert.deepEqual(
      [await unread(reviewer), await unread(boss), await unread(approver)],
      [[`approval-to-review ${reference}`], [], []],
    )
  })

  it('tell whoever asked for a job that it failed, or ended after longer than a moment', async () => {
    const jobs = createJobs(f.deps)
    const ended = async (asker: Ctx, state: string, seconds: number) => {
      const job = await f.db.transaction(() => jobs.enqueue(asker, 'test.job', {}))
      await f.db.run(sql`
        UPDATE jobs.jobs SET state = ${state}, finished_at = created_at + make_interval(secs => ${seconds})
        WHERE id = ${job.id}`)
      await f.deps.outbox.publish(`job.${state}`, job.id)
      return job.reference
    }
    await ended(maker, 'succeeded', 3)
    await ended(await f.client(undefined, { roles: ['program-manager'] }), 'failed', 3)
    const long = await ended(maker, 'succeeded', 60)
    const failed = await ended(maker, 'failed', 1)
    await relay()
    assert.deepEqual(await unread(maker), [`job-failed ${failed}`, `job-succeeded ${long}`])
    assert.equal((await f.db.query(sql`SELECT 1 FROM notifications.notifications`)).length, 2)
  })

  it('are one’s own: nobody else sees or reads them, and after 90 days they are gone', async () => {
    await f.policy([DECIDE])
    const first = await f.submitted(maker)
    await relay()
    f.clock.advance(1_000)
    const second = await f.submitted(maker)
    await relay()
    const page = await notifications.list(approver, {}, { limit: 1 })
    const rest = await notifications.list(approver, {}, { limit: 1, cursor: page.next })
    const [newer, older] = [page.items[0]!, rest.items[0]!]
    assert.deepEqual(
      [newer.subject.reference, older.subject.reference, rest.next],
      [second.reference, first.reference, undefined],
    )
    assert.equal(await notifications.read(maker, { ids: [newer.id, older.id] }), 0)
    assert.equal(await notifications.unread(approver), 2)
    assert.equal(await notifications.read(approver, { upTo: older.createdAt }), 1)
    assert.equal(await notifications.read(approver, { ids: [newer.id] }), 0)
    for (const wrong of [{}, { ids: [], upTo: new Date() }])
      await assert.rejects(notifications.read(approver, wrong), { code: 'invalid' })
    f.clock.advance(91 * DAY)
    assert.ok((await notifications.sweep()) >= 2)
    assert.deepEqual((await notifications.list(approver, {}, { limit: 10 })).items, [])
  })
})
