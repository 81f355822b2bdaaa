import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { networkOf } from '#core/limits/index.ts'
import {
  anotherGateway,
  type CallResult,
  startTestGateway,
  type TestGateway,
} from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

/** Waits for the next window when its start is near: counts begin anew with each, and these tests need one whole. */
const withinOne = async (window: number) => {
  const left = window - (Date.now() % window)
  if (left < 8_000) await new Promise(resolve => setTimeout(resolve, left + 20))
}
const MINUTE = 60_000
const QUARTER = 15 * MINUTE

const count = (answers: CallResult[], status: number) => answers.filter(a => a.status === status).length

describe('the rate limit', function () {
  this.timeout(40_000)
  const LIMIT = 100
  let g: TestGateway
  before(async () => {
    g = await startTestGateway({ requestsPerMinute: LIMIT })
  })
  after(() => g.close())

  it('lets exactly as many through as it says, however many come at once, and tells the others when to come again', async () => {
    const token = await g.as('auditor')
    await withinOne(MINUTE)
    const answers = await Promise.all(
      Array.from({ length: LIMIT + 50 }, () => g.call('GET', '/api/v1/sessions/current', { token })),
    )
    assert.deepEqual([count(answers, 200), count(answers, 429)], [LIMIT, 50])
    const refused = answers.find(a => a.status === 429)!
    assertProblem(refused, 429)
    const wait = Number(refused.headers.get('Retry-After'))
    assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 60, String(wait))
    assert.equal((await g.call('GET', '/healthz')).status, 200)
  })

  it('is one for all gateways, and of one account takes nothing from another', async () => {
    const token = await g.as('auditor')
    const bystander = await g.as('auditor')
    const other = await anotherGateway(g)
    try {
      await withinOne(MINUTE)
      const answers = await Promise.all(
        Array.from({ length: LIMIT * 2 }, (_, i) =>
          (i % 2 ? g : other).call('GET', '/api/v1/sessions/current', { token }),
        ),
      )
      assert.equal(count(answers, 200), LIMIT)
      for (const gateway of [g, other]) {
        assert.equal((await gateway.call('GET', '/api/v1/sessions/current', { token })).status, 429)
        assert.equal(
          (await gateway.call('GET', '/api/v1/sessions/current', { token: bystander })).status,
          200,
        )
      }
    } finally {
      await other.close()
    }
  })

  it('counts those without an account by their address', async () => {
    await withinOne(MINUTE)
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const answers = await Promise.all(
      Array.from({ length: LIMIT + 20 }, () =>
        g.call('POST', '/oauth2/token', { raw: 'a=b', headers: form }),
      ),
    )
    assert.ok(count(answers, 429) >= 20, String(count(answers, 429)))
  })

  it('knows who shares an address', () => {
    for (const [address, network] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['192.0.2.1:4711', '192.0.2.1'],
      ['[2001:db8:1:2:3:4:5:6]:4711', '2001:db8:1:2::/64'],
      ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
      ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
      ['2001:db8:1:2::4711', '2001:db8:1:2::/64'],
      ['unknown:80', 'unknown:80'],
      ['::1', '0:0:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['unknown', 'unknown'],
      ['', ''],
    ] as const)
      assert.equal(networkOf(address), network, address)
  })
})

describe('the throttle of sign-ins', function () {
  this.timeout(40_000)
  const password = 'correct horse'
  const signInAt = (g: TestGateway) => (username: string, given: string, from?: string) =>
    g.call('POST', '/api/v1/sessions', {
      body: { username, password: given },
      headers: from ? { 'X-Forwarded-For': from } : {},
    })
  const addUser = async (g: TestGateway, username: string) => {
    const token = await g.as('system-administrator')
    const user = { username, name: username, password, grants: [{ role: 'auditor' }] }
    assert.equal((await g.call('POST', '/api/v1/users', { token, body: user })).status, 201)
  }

  it('stops guessing, also all at once, and does not lock the owner out elsewhere', async () => {
    await withinOne(QUARTER)
    const g = await startTestGateway({ trustProxy: true })
    try {
      await addUser(g, 'hanna')
      const signIn = signInAt(g)
      const guesses = await Promise.all(
        Array.from({ length: 14 }, (_, i) => signIn('hanna', `wrong horse ${i}`, '198.51.100.7')),
      )
      assert.deepEqual([count(guesses, 401), count(guesses, 429)], [10, 4])
      const right = await signIn('hanna', password, '198.51.100.7')
      assertProblem(right, 429)
      assert.ok(Number(right.headers.get('Retry-After')) > 0)
      assert.equal((await signIn('hanna', password, '203.0.113.9')).status, 201)
      const spoofed = await signIn('hanna', password, '203.0.113.9, 198.51.100.7')
      assertProblem(spoofed, 429, { about: 'only the last address is the word of the proxy' })
      for (const port of [1001, 1002])
        assertProblem(await signIn('hanna', password, `198.51.100.7:${port}`), 429, {
          about: 'from another port',
        })
    } finally {
      await g.close()
    }
  })

  it('is not got round by X-Forwarded-For where no proxy is trusted, and does not count what was right', async () => {
    await withinOne(QUARTER)
    const g = await startTestGateway()
    try {
      await addUser(g, 'hanna')
      const signIn = signInAt(g)
      for (let n = 0; n < 11; n++) assert.equal((await signIn('hanna', password)).status, 201)
      const guesses: CallResult[] = []
      for (let n = 0; n < 12; n++) guesses.push(await signIn('hanna', 'wrong horse', `198.51.100.${n}`))
      assert.deepEqual([count(guesses, 401), count(guesses, 429)], [10, 2])
      const { address } = (await g.db.one(sql`
        SELECT address FROM audit.entries WHERE action = 'user.sign-in-failed' LIMIT 1`))!
      assert.match(address, /127\.0\.0\.1$/, 'the audit trail has the real address')
      const metrics = await g.call('GET', '/metrics', { headers: { 'X-Forwarded-For': '198.51.100.1' } })
      assertProblem(metrics, 403)
    } finally {
      await g.close()
    }
  })
})
