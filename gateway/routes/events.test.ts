import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import type { Ctx } from '#core/kernel/index.ts'
import { createEvents } from '#gateway/live/events.ts'
import { PASSWORD, type Somebody, SYSTEM, userMaker } from '#tests/support/accounts.ts'
import { type Listener, listen } from '#tests/support/events.ts'
import { anotherGateway, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'

describe('the stream of events', function () {
  this.timeout(30_000)
  let g: TestGateway
  let user: ReturnType<typeof userMaker>
  let lea: Somebody
  const open: Listener[] = []
  before(async () => {
    g = await startTestGateway({ host: '127.0.0.1', issuer: '' }, { look: 100 })
    user = userMaker(g)
    lea = await user('lea', ['registry-manager'])
  })
  afterEach(() => {
    for (const listener of open.splice(0)) listener.leave()
  })
  after(() => g.close())

  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
  const hear = async (headers: Record<string, string>, url = g.url) => {
    const listener = await listen(url, headers)
    open.push(listener)
    assert.equal(listener.status, 200)
    return listener
  }
  const enqueue = (ctx: Ctx) =>
    g.services.db.transaction(() => g.services.jobs.enqueue(ctx, 'test.nobody-does-it', {}))
  const progress = (id: string, done: number) =>
    g.db.run(sql`UPDATE jobs.jobs SET done = ${done} WHERE id = ${id}`)

  it('begins with how things are and goes on with what changes, and again so after a break', async () => {
    const job = await enqueue(await lea.ctx())
    const token = await lea.signIn()
    const first = await hear(bearer(token))
    assert.match(first.headers.get('Content-Type')!, /^text\/event-stream/)
    assert.deepEqual(
      ['Cache-Control', 'X-Accel-Buffering', 'Content-Encoding'].map(name => first.headers.get(name)),
      ['no-store', 'no', null],
    )
    const shown = await first.hears('job', j => j.reference === job.reference)
    const { body } = await g.call('GET', `/api/v1/jobs/${job.reference}`, { token })
    assert.deepEqual(shown, body)
    assert.deepEqual(await first.hears('notifications'), { unread: 0 })
    await progress(job.id, 7)
    await first.hears('job', j => j.reference === job.reference && j.done === 7)
    first.leave()
    await progress(job.id, 8)
    const again = await hear({ ...bearer(token), 'Last-Event-ID': '1' })
    await again.hears('job', j => j.reference === job.reference && j.done === 8)
    assert.equal(again.heard.filter(h => h.data.reference === job.reference).length, 1)
    assert.ok(!again.heard.some(h => h.event === 'access'))
  })

  it('passes over no change that commits late, though later ones were told before', async () => {
    const [early, late] = [await enqueue(await lea.ctx()), await enqueue(await lea.ctx())]
    const listener = await hear(bearer(await lea.signIn()))
    await listener.hears('job', j => j.reference === late.reference)
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const held = g.db.transaction(async () => {
      await progress(early.id, 1)
      begun.resolve()
      await end.promise
    })
    await begun.promise
    await progress(late.id, 2)
    await listener.hears('job', j => j.reference === late.reference && j.done === 2)
    await pause(400)
    end.resolve()
    await held
    await listener.hears('job', j => j.reference === early.reference && j.done === 1)
    assert.equal(
      listener.heard.filter(h => h.data.reference === late.reference && h.data.done === 2).length,
      1,
    )
  })

  it('tells at one gateway of a job that runs elsewhere, and at whichever comes next', async () => {
    const token = await lea.signIn()
    const other = await anotherGateway(g)
    try {
      const listener = await hear(bearer(token), other.url)
      const job = await enqueue(await lea.ctx())
      await listener.hears('job', j => j.reference === job.reference && j.state === 'waiting')
      await g.services.jobs.cancel(await lea.ctx(), job.reference)
      await listener.hears('job', j => j.reference === job.reference && j.cancelRequested && !j.cancellable)
      const began = Date.now()
      await other.close()
      await listener.ended
      assert.ok(Date.now() - began < 3_000, 'a gateway that stops waits for no stream')
    } finally {
      await other.close().catch(() => {})
    }
  })

  it('shows nobody another’s job, nor one’s own once one may read none', async () => {
    const boss = await user('boss', ['system-administrator', 'auditor'])
    const listener = await hear(bearer(await boss.signIn()))
    const mine = await hear(bearer(await lea.signIn()))
    const job = await enqueue(await lea.ctx())
    await mine.hears('job', j => j.reference === job.reference)
    await g.services.access.replaceGrants(SYSTEM, 'lea', [])
    await mine.hears('access')
    await progress(job.id, 3)
    await pause(400)
    assert.ok(!mine.heard.some(h => h.event === 'job' && h.data.done === 3))
    assert.ok(!listener.heard.some(h => h.event === 'job'))
  })

  it('ends with the sign-in, by cookie or token, and when the account is disabled', async () => {
    const kim = await user('kim', ['auditor'])
    const body = { username: 'kim', password: PASSWORD, cookie: true }
    const { headers } = await g.call('POST', '/api/v1/sessions', { body })
    const cookie = headers.get('Set-Cookie')!.split(';')[0]!
    const [byCookie, token] = [await hear({ Cookie: cookie }), await kim.signIn()]
    const byToken = await hear(bearer(token))
    await byToken.hears('notifications')
    await g.call('DELETE', '/api/v1/sessions/current', { token })
    await byToken.hears('signed-out')
    await byToken.ended
    assert.ok(!byCookie.heard.some(h => h.event === 'signed-out'))
    await g.services.access.disableUser(SYSTEM, 'kim')
    await byCookie.hears('signed-out')
    await byCookie.ended
  })

  it('is for API clients too, until their token is revoked', async () => {
    const token = await g.as('registry-manager')
    const listener = await hear(bearer(token))
    await listener.hears('notifications')
    await g.call('DELETE', '/api/v1/sessions/current', { token })
    await listener.hears('signed-out')
    await listener.ended
  })

  it('is no use of a sign-in, which ends when nobody uses it', async () => {
    const token = await lea.signIn()
    const at = sql`SELECT max(last_seen_at) AS at FROM access.sessions WHERE user_id = ${lea.id}`
    await g.db.run(
      sql`UPDATE access.sessions SET last_seen_at = now() - interval '5 minutes' WHERE user_id = ${lea.id}`,
    )
    const before = await g.db.one(at)
    const listener = await hear(bearer(token))
    await listener.hears('notifications')
    assert.deepEqual(await g.db.one(at), before)
    await g.db.run(
      sql`UPDATE access.sessions SET last_seen_at = now() - interval '2 days' WHERE user_id = ${lea.id}`,
    )
    await listener.hears('signed-out')
  })

  it('is kept eight times for one account; the oldest makes room', async () => {
    const token = await lea.signIn()
    const streams: Listener[] = []
    for (let n = 0; n < 9; n++) streams.push(await hear(bearer(token)))
    await streams[0]!.hears('replaced')
    await streams[0]!.ended
    await streams[8]!.hears('notifications')
    assert.ok(!streams[1]!.heard.some(h => h.event === 'replaced'))
  })

  it('holds little for a reader who is slow, and tells them how things are when they come to read', async () => {
    const slow = await user('slow', ['registry-manager'])
    const job = await enqueue(await slow.ctx())
    let round = 0
    const view = await g.services.jobs.read(await slow.ctx(), job.reference)
    const many = () =>
      Array.from({ length: 150 }, (_, n) => ({
        of: 0,
        version: `${round}`,
        job: { ...view, reference: `JB-${n}`, done: round, result: 'x'.repeat(1_000) },
      }))
    const isNew: boolean[] = []
    const live: Parameters<typeof createEvents>[0]['live'] = {
      look: async watchers => {
        round++
        isNew.push(watchers[0]!.isNew)
        return { until: '0', standing: [], unread: [], jobs: many() }
      },
    }
    const events = createEvents({ live, log: g.services.log, present: job => job }, 1)
    const stream = events.open({ accountId: slow.id, by: { session: { id: slow.id } } })
    while (round < 300) await pause(5)
    assert.ok(stream.readableLength < 40_000, `${stream.readableLength} bytes wait`)
    assert.equal(isNew.filter(Boolean).length, 1)
    stream.resume()
    while (isNew.filter(Boolean).length < 2) await pause(5)
    stream.destroy()
    assert.equal(events.count(), 0)
    events.close()
  })
})
