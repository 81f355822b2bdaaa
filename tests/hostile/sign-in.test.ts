import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type CallOptions, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { addUser, PASSWORD, signedIn, tryToSignIn } from '#tests/support/people.ts'

const CURRENT = '/api/v1/sessions/current'
const COOKIE = '__Host-annona-session'
const OTHERS = '/api/v1/sessions/end-others'

/** A browser's sign-in: its cookie as it is sent back, the token in it, and what goes with requests that change. */
const browserOf = async (g: TestGateway, username: string) => {
  const answer = await tryToSignIn(g, username, { cookie: true })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  const set = answer.headers.get('Set-Cookie')!
  const cookie = set.split(';')[0]!
  return { set, cookie, token: cookie.slice(COOKIE.length + 1), csrf: answer.body.csrf, body: answer.body }
}

describe('a sign-in', () => {
  let g: TestGateway
  let admin: string
  before(async () => {
    g = await startTestGateway()
    for (const name of ['mary', 'noor']) await addUser(g, name, 'auditor')
    admin = await g.as('system-administrator')
  })
  after(() => g.close())

  const status = async (token: string) => (await g.call('GET', CURRENT, { token })).status
  const sessionsOf = async (token: string) => (await g.call('GET', '/api/v1/sessions', { token })).body.items

  it('is always a new one: what is sent along is not adopted', async () => {
    const planted = `ses_${'A'.repeat(43)}`
    const noors = await signedIn(g, 'noor')
    for (const known of [planted, noors]) {
      const marys = await signedIn(
        g,
        'mary',
        {},
        { Cookie: `${COOKIE}=${known}`, Authorization: `Bearer ${known}` },
      )
      assert.notEqual(marys, known)
      const { body } = await g.call('GET', CURRENT, { token: marys })
      assert.equal(body.name, 'mary')
    }
    assert.equal(await status(planted), 401)
    assert.equal((await g.call('GET', CURRENT, { token: noors })).body.name, 'noor', 'it stays what it was')
  })

  it('is known in the database by the hash of its token alone', async () => {
    const token = await signedIn(g, 'mary')
    const rows = await g.db.query(sql`SELECT s::text AS text FROM access.sessions s`)
    assert.ok(rows.length > 0)
    assert.ok(rows.every(r => !r.text.includes(token) && !r.text.includes(token.slice(4))))
  })

  it('shows its user where and by what it was opened, cut and cleaned', async () => {
    await signedIn(g, 'mary', {}, { 'User-Agent': `Firefox\t\u00e9${'x'.repeat(500)}` })
    const token = await signedIn(g, 'mary')
    const [mine, other] = await sessionsOf(token)
    assert.deepEqual([mine.current, other.current], [true, false])
    assert.match(other.userAgent, /^Firefox x{150,}$/)
    assert.ok(other.userAgent.length <= 200)
    assert.match(mine.address, /127\.0\.0\.1$/)
    assert.deepEqual([mine.how, mine.secondFactor], ['password', false])
    assert.doesNotMatch(JSON.stringify([mine, other]), /[0-9a-f]{8}-[0-9a-f]{4}-7/, 'no id of the database')
  })

  it('is ended by its user, one by one and all others at once', async () => {
    const [a, b, c] = [await signedIn(g, 'mary'), await signedIn(g, 'mary'), await signedIn(g, 'mary')]
    const [{ reference }] = (await sessionsOf(a)).filter((s: { current: boolean }) => s.current)
    assert.equal((await g.call('DELETE', `/api/v1/sessions/${reference}`, { token: b })).status, 204)
    assert.deepEqual([await status(a), await status(b)], [401, 200])
    assertProblem(await g.call('DELETE', `/api/v1/sessions/${reference}`, { token: b }), 404)
    const { body } = await g.call('POST', OTHERS, { token: b })
    assert.ok(body.ended >= 1)
    assert.deepEqual([await status(b), await status(c), (await sessionsOf(b)).length], [200, 401, 1])
    assert.equal((await g.call('DELETE', CURRENT, { token: b })).status, 204)
    assert.equal(await status(b), 401)
  })

  it('of another is neither seen nor ended, exactly as one that does not exist', async () => {
    const [marys, noors] = [await signedIn(g, 'mary'), await signedIn(g, 'noor')]
    const [{ reference }] = await sessionsOf(noors)
    const answers = []
    for (const guess of [reference, 'SE-00000-000000', 'x'])
      answers.push(await g.call('DELETE', `/api/v1/sessions/${guess}`, { token: marys }))
    for (const answer of answers) assertProblem(answer, 404)
    assert.equal(new Set(answers.map(a => a.body.detail)).size, 1)
    await g.call('POST', OTHERS, { token: marys })
    assert.equal(await status(noors), 200)
  })

  it('is listed and ended by an administrator whose grant covers everything, and by nobody else', async () => {
    await g.call('POST', '/api/v1/areas', {
      token: admin,
      body: { areas: [{ code: 'ET', name: 'Ethiopia' }] },
    })
    const [limited, auditor] = [await g.as('system-administrator', { areas: ['ET'] }), await g.as('auditor')]
    const [first, second] = [await signedIn(g, 'noor'), await signedIn(g, 'noor')]
    const path = '/api/v1/users/noor/sessions'
    const list = await g.call('GET', path, { token: admin })
    assert.equal(list.status, 200)
    assert.ok(list.body.items.every((s: { current: boolean }) => !s.current))
    assert.equal((await g.call('GET', path, { token: auditor })).status, 200)
    const [{ reference }] = list.body.items
    for (const [token, method, at] of [
      [limited, 'GET', path],
      [limited, 'DELETE', path],
      [limited, 'DELETE', `${path}/${reference}`],
      [auditor, 'DELETE', path],
      [first, 'DELETE', `${path}/${reference}`],
    ] as const)
      assertProblem(await g.call(method, at, { token }), 403, { about: `${method} ${at}` })
    assertProblem(await g.call('DELETE', `/api/v1/users/mary/sessions/${reference}`, { token: admin }), 404)
    assert.equal((await g.call('DELETE', `${path}/${reference}`, { token: admin })).status, 204)
    assert.deepEqual([await status(first), await status(second)], [200, 401])
    assert.ok((await g.call('DELETE', path, { token: admin })).body.ended >= 1)
    assert.equal(await status(first), 401)
    assertProblem(await g.call('GET', '/api/v1/users/nobody/sessions', { token: admin }), 404)
  })

  it('ends when it was not used for an hour, and after twelve hours however much it was', async () => {
    const set = (token: string, what: ReturnType<typeof sql>) =>
      g.db.run(sql`UPDATE access.sessions SET ${what} WHERE token_hash = sha256(${token}::bytea)`)
    const token = await signedIn(g, 'mary')
    await set(token, sql`last_seen_at = now() - interval '59 minutes'`)
    assert.equal(await status(token), 200, 'and is used by this')
    assert.equal(await status(token), 200)
    await set(token, sql`last_seen_at = now() - interval '61 minutes'`)
    assert.equal(await status(token), 401)
    assert.equal(await status(token), 401, 'and trying does not bring it back')
    const long = await signedIn(g, 'mary')
    await set(long, sql`expires_at = now() - interval '1 second'`)
    assert.equal(await status(long), 401)
    const { expiresAt } = (await tryToSignIn(g, 'mary')).body
    assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 12 * 3_600_000) < 60_000)
  })

  it('is forgotten three months after it ended, not before', async () => {
    const [kept, old] = [await signedIn(g, 'noor'), await signedIn(g, 'noor')]
    const ended = (token: string, days: number) =>
      g.db.run(sql`
        UPDATE access.sessions SET expires_at = now() - make_interval(days => ${days})
        WHERE token_hash = sha256(${token}::bytea)`)
    await ended(kept, 89)
    await ended(old, 91)
    await g.services.access.sweep()
    const left = (token: string) =>
      g.db.one(sql`SELECT id FROM access.sessions WHERE token_hash = sha256(${token}::bytea)`)
    assert.deepEqual([(await left(kept)) !== undefined, await left(old)], [true, undefined])
  })

  it('is noted as used once a minute, and costs no write otherwise', async () => {
    const token = await signedIn(g, 'mary')
    const { db } = g.services
    const run = db.run.bind(db)
    let notes = 0
    db.run = statement => {
      if (statement.sql.includes('last_seen_at')) notes++
      return run(statement)
    }
    const secondsAgo = async () =>
      (await g.db.one(sql`
        SELECT extract(epoch FROM now() - last_seen_at)::int AS s FROM access.sessions
        WHERE token_hash = sha256(${token}::bytea)`))!.s
    try {
      for (let n = 0; n < 3; n++) await status(token)
      assert.equal(notes, 0)
      await g.db.run(sql`
        UPDATE access.sessions SET last_seen_at = now() - interval '2 minutes'
        WHERE token_hash = sha256(${token}::bytea)`)
      for (let n = 0; n < 3; n++) await status(token)
      assert.equal(notes, 1)
      assert.ok((await secondsAgo()) < 60)
    } finally {
      db.run = run
    }
  })

  it('leaves a trail: who, from where, how, and the end of it', async () => {
    await addUser(g, 'trail', 'auditor')
    await tryToSignIn(g, 'trail', { password: 'wrong horse' })
    const [first, second] = [await signedIn(g, 'trail'), await signedIn(g, 'trail')]
    await g.call('POST', OTHERS, { token: second })
    await g.call('DELETE', CURRENT, { token: second })
    const rows = await g.db.query(sql`
      SELECT action, actor_name, address, after FROM audit.entries
      WHERE (actor_name = 'trail' OR after->>'name' = 'trail') AND action <> 'user.create' ORDER BY xid, at`)
    assert.deepEqual(
      rows.map(r => r.action),
      ['user.sign-in-failed', 'user.sign-in', 'user.sign-in', 'session.end', 'user.sign-out'],
    )
    const { session, ...how } = rows[1]!.after
    assert.deepEqual(how, { how: 'password', secondFactor: false })
    assert.match(session, /^SE-/)
    const auditor = await g.as('auditor')
    const { body } = await g.call('GET', '/api/v1/audit-entries?subject=user:trail', { token: auditor })
    assert.deepEqual(
      body.items.map((i: { action: string; after: { session?: string } | null }) => [
        i.action,
        i.after?.session,
      ]),
      [
        ['user.sign-out', body.items[2].after.session],
        ['session.end', undefined],
        ['user.sign-in', body.items[0].after.session],
        ['user.sign-in', session],
        ['user.sign-in-failed', undefined],
        ['user.create', undefined],
      ],
      'all of it is found by the user',
    )
    assert.ok(rows.every(r => r.address.endsWith('127.0.0.1')))
    const all = await g.db.query(sql`SELECT e::text AS text FROM audit.entries e`)
    for (const secret of [first, second, PASSWORD, 'wrong horse'])
      assert.ok(
        all.every(e => !e.text.includes(secret)),
        'nothing secret is on the trail',
      )
  })

  it('keeps nothing of a password that was typed in the place of the name, but its length', async () => {
    const typed = 'purple.rain.falls'
    assertProblem(await tryToSignIn(g, typed, { password: 'mary' }), 401)
    const failed = await g.db.query(
      sql`SELECT after FROM audit.entries WHERE action = 'user.sign-in-failed' ORDER BY xid DESC, at DESC LIMIT 1`,
    )
    assert.deepEqual(failed, [{ after: { nameLength: typed.length } }])
    const all = await g.db.query(sql`SELECT e::text AS text FROM audit.entries e`)
    assert.ok(all.every(e => !e.text.includes(typed)))
  })
})

describe('a sign-in by cookie', () => {
  let g: TestGateway
  before(async () => {
    g = await startTestGateway()
    for (const name of ['mary', 'noor']) await addUser(g, name, 'auditor')
  })
  after(() => g.close())

  const end = (headers: Record<string, string>, more: CallOptions = {}) =>
    g.call('POST', OTHERS, { headers, ...more })

  it('keeps the token from scripts, from other hosts and from plain connections', async () => {
    const { set, body, token } = await browserOf(g, 'mary')
    assert.match(set, /^__Host-annona-session=ses_[\w-]{43}; /)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
      assert.ok(set.split('; ').includes(attribute), `${attribute}: ${set}`)
    assert.doesNotMatch(set, /Domain/i)
    assert.deepEqual(Object.keys(body).sort(), ['csrf', 'expiresAt'])
    assert.ok(!JSON.stringify(body).includes(token.slice(4)))
  })

  it('reads without more, and is told its CSRF token again', async () => {
    const { cookie, csrf } = await browserOf(g, 'mary')
    const { status, body } = await g.call('GET', CURRENT, { headers: { Cookie: `theme=dark; ${cookie}` } })
    assert.deepEqual([status, body.name, body.csrf], [200, 'mary', csrf])
    const token = await signedIn(g, 'mary')
    assert.equal((await g.call('GET', CURRENT, { token })).body.csrf, undefined)
  })

  it('changes nothing without the CSRF token of its own session', async () => {
    const [mary, noor] = [await browserOf(g, 'mary'), await browserOf(g, 'noor')]
    const again = await browserOf(g, 'mary')
    assert.equal(new Set([mary.csrf, noor.csrf, again.csrf]).size, 3)
    for (const csrf of [
      undefined,
      '',
      'x',
      noor.csrf,
      again.csrf,
      mary.token,
      `${mary.csrf}x`,
      mary.csrf.toLowerCase(),
    ])
      assertProblem(
        await end({ Cookie: mary.cookie, ...(csrf === undefined ? {} : { 'X-CSRF-Token': csrf }) }),
        403,
        { rule: 'csrf', about: csrf },
      )
    assert.equal((await end({ Cookie: mary.cookie, 'X-CSRF-Token': mary.csrf })).status, 200)
  })

  it('is refused to pages of other origins, though they knew the CSRF token', async () => {
    const { cookie, csrf } = await browserOf(g, 'mary')
    const headers = { Cookie: cookie, 'X-CSRF-Token': csrf }
    const { host } = new URL(g.url)
    for (const from of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `https://${host}.evil.example` },
      { Origin: 'https://annona.test.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: g.url, 'Sec-Fetch-Site': 'cross-site' },
    ])
      assertProblem(await end({ ...headers, ...(from as Record<string, string>) }), 403, {
        rule: 'csrf',
        about: JSON.stringify(from),
      })
    for (const from of [
      { Origin: g.url },
      { Origin: 'https://annona.test' },
      { 'Sec-Fetch-Site': 'same-origin' },
    ])
      assert.equal((await end({ ...headers, ...(from as Record<string, string>) })).status, 200)
    const login = await tryToSignIn(g, 'mary', { cookie: true }, { Origin: 'https://evil.example' })
    assertProblem(login, 403, { rule: 'csrf' })
    assert.equal(login.headers.get('Set-Cookie'), null)
  })

  it('reads nothing for pages of other origins, which would leave traces in the person’s name', async () => {
    const { cookie } = await browserOf(g, 'mary')
    const reading = (from: Record<string, string>, path = CURRENT) =>
      g.call('GET', path, { headers: { Cookie: cookie, ...from } })
    for (const from of [
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://evil.example' },
    ] as Record<string, string>[])
      for (const path of [CURRENT, '/api/v1/events'])
        assertProblem(await reading(from, path), 403, { rule: 'csrf', about: JSON.stringify(from) })
    // An address that somebody types, as of a file, comes from no page.
    for (const site of ['same-origin', 'none'])
      assert.equal((await reading({ 'Sec-Fetch-Site': site })).status, 200)
  })

  it('cannot be sent by a form: a body of a form is not read', async () => {
    const { cookie } = await browserOf(g, 'mary')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      for (const headers of [{ 'Content-Type': type }, { 'Content-Type': type, Cookie: cookie }])
        assertProblem(
          await g.call('POST', '/api/v1/sessions', {
            raw: '{"username":"mary","password":"x","cookie":true}',
            headers,
          }),
          415,
        )
  })

  it('is refused when there are two of the name: one of them was planted', async () => {
    const [mary, noor] = [await browserOf(g, 'mary'), await browserOf(g, 'noor')]
    for (const both of [`${mary.cookie}; ${noor.cookie}`, `${mary.cookie};${mary.cookie}`])
      assertProblem(await g.call('GET', CURRENT, { headers: { Cookie: both } }), 401)
  })

  it('is not looked at beside Authorization, right or wrong, and is no place for other tokens', async () => {
    const { cookie } = await browserOf(g, 'mary')
    const noors = await signedIn(g, 'noor')
    const both = await g.call('POST', OTHERS, { token: noors, headers: { Cookie: cookie } })
    assert.equal(both.status, 200, 'a header needs no CSRF token')
    const whose = await g.call('GET', CURRENT, { token: noors, headers: { Cookie: cookie } })
    assert.deepEqual([whose.body.name, whose.body.csrf], ['noor', undefined])
    for (const Authorization of ['Bearer', 'Basic bWFyeTp4', 'Bearer x', ''])
      if (Authorization !== '')
        assertProblem(await g.call('GET', CURRENT, { headers: { Cookie: cookie, Authorization } }), 401)
    const jwt = await g.as('auditor')
    for (const [name, value] of [
      [COOKIE, jwt],
      [COOKIE, ''],
      [COOKIE, 'ses_'],
      ['annona-session', cookie.split('=')[1]!],
      [COOKIE.toLowerCase(), cookie.split('=')[1]!],
      [`x${COOKIE}`, cookie.split('=')[1]!],
    ] as const)
      assertProblem(await g.call('GET', CURRENT, { headers: { Cookie: `${name}=${value}` } }), 401, {
        about: name,
      })
  })

  it('is taken away by signing out, which needs the CSRF token too', async () => {
    const { cookie, csrf } = await browserOf(g, 'mary')
    assertProblem(await g.call('DELETE', CURRENT, { headers: { Cookie: cookie } }), 403, { rule: 'csrf' })
    const out = await g.call('DELETE', CURRENT, { headers: { Cookie: cookie, 'X-CSRF-Token': csrf } })
    assert.equal(out.status, 204)
    assert.match(out.headers.get('Set-Cookie')!, /^__Host-annona-session=; .*Secure.*Max-Age=0$/)
    assertProblem(await g.call('GET', CURRENT, { headers: { Cookie: cookie } }), 401)
  })

  it('has a plain cookie on this machine for development, and none over plain connections from elsewhere', async () => {
    for (const [host, expected] of [
      ['127.0.0.1', 201],
      ['0.0.0.0', 422],
    ] as const) {
      const plain = await startTestGateway({ issuer: '', host })
      try {
        await addUser(plain, 'mary', 'auditor')
        const answer = await tryToSignIn(plain, 'mary', { cookie: true })
        assert.equal(answer.status, expected)
        if (expected === 422) assertProblem(answer, 422, { rule: 'cookie-needs-https' })
        else
          assert.match(
            answer.headers.get('Set-Cookie')!,
            /^annona-session=ses_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
          )
      } finally {
        await plain.close()
      }
    }
  })
})
