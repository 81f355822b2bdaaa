import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type CallResult, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { describedOperations } from '#tests/support/openapi.ts'
import { addUser, codeOf, enrol, PASSWORD, signedIn, tryToSignIn } from '#tests/support/people.ts'
import { drawn, readQrText } from '#tests/support/qr.ts'

const CURRENT = '/api/v1/sessions/current'
const FACTOR = '/api/v1/second-factor'
/** What a sign-in can do that is not finished. */
const PART_OF_SIGN_IN = [
  'beginSecondFactor',
  'changePassword',
  'confirmSecondFactor',
  'deleteCurrentSession',
  'getCurrentSession',
  'getSecondFactor',
]

const withStatus = (answers: CallResult[], status: number) => answers.filter(a => a.status === status).length
const atOnce = <T>(n: number, one: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: n }, (_, i) => one(i)))

/** A code that is not right now, nor a step before or after. */
const wrongCode = (secret: string, n = 0): string => {
  const right = [-2, -1, 0, 1, 2].map(steps => codeOf(secret, steps))
  const codes = Array.from({ length: 200 }, (_, i) => String(i * 4_973).padStart(6, '0'))
  return codes.filter(code => !right.includes(code))[n]!
}

describe('a second factor', function () {
  this.timeout(60_000)
  let g: TestGateway
  let made = 0
  before(async () => {
    g = await startTestGateway({ trustProxy: true })
  })
  after(() => g.close())

  /** Somebody with a second factor, who has an address of their own. */
  const somebody = async () => {
    const name = `user${++made}`
    const home = { 'X-Forwarded-For': `192.0.2.${made}` }
    await addUser(g, name, 'auditor')
    const first = await signedIn(g, name, {}, home)
    return { name, home, first, ...(await enrol(g, first)) }
  }
  const status = async (token: string) => (await g.call('GET', CURRENT, { token })).status
  const actionsOf = async (name: string) =>
    (
      await g.db.query(sql`
        SELECT action FROM audit.entries WHERE actor_name = ${name} OR after->>'name' = ${name} ORDER BY xid, at`)
    ).map(r => r.action)

  it('is begun with the password, shown as text and as a QR code, and counts once confirmed', async () => {
    await addUser(g, 'begun', 'auditor')
    const token = await signedIn(g, 'begun')
    const begin = (password: string) => g.call('POST', FACTOR, { token, body: { password } })
    assertProblem(await begin('wrong horse'), 422, { rule: 'wrong-password' })
    const { body } = await begin(PASSWORD)
    assert.match(body.secret, /^[A-Z2-7]{32}$/)
    assert.match(body.uri, new RegExp(`^otpauth://totp/Annona:begun\\?.*secret=${body.secret}`))
    for (const part of ['issuer=Annona', 'algorithm=SHA1', 'digits=6', 'period=30'])
      assert.ok(body.uri.includes(part), part)
    assert.equal((await readQrText(drawn(body.qr))).text, body.uri)
    assert.equal((await tryToSignIn(g, 'begun')).status, 201, 'nothing is asked for yet')
    const confirm = (code: string) => g.call('POST', `${FACTOR}/confirm`, { token, body: { code } })
    assertProblem(await confirm(wrongCode(body.secret)), 422, { rule: 'wrong-code' })
    const again = (await begin(PASSWORD)).body
    assert.notEqual(again.secret, body.secret)
    assertProblem(await confirm(codeOf(body.secret)), 422, { about: 'of the secret before' })
    const confirmed = await confirm(codeOf(again.secret))
    assert.equal(confirmed.status, 200)
    assert.equal(new Set(confirmed.body.recoveryCodes).size, 10)
    assertProblem(await begin(PASSWORD), 422, { rule: 'second-factor-on' })
    assertProblem(await confirm(codeOf(again.secret, 1)), 422, { about: 'confirmed before' })
  })

  it('is asked for after the right password alone, and ends the sign-ins that came without', async () => {
    await addUser(g, 'asked', 'auditor')
    const [own, other] = [await signedIn(g, 'asked'), await signedIn(g, 'asked')]
    const { secret } = await enrol(g, own)
    assert.deepEqual([await status(own), await status(other)], [200, 401])
    assertProblem(await tryToSignIn(g, 'asked'), 401, { rule: 'second-factor-required' })
    assertProblem(await tryToSignIn(g, 'asked', { password: 'wrong horse' }), 401, {
      rule: 'unauthenticated',
    })
    const both = { password: 'wrong horse', code: codeOf(secret) }
    assertProblem(await tryToSignIn(g, 'asked', both), 401, { rule: 'unauthenticated' })
    assertProblem(await tryToSignIn(g, 'asked', { code: wrongCode(secret) }), 401, {
      rule: 'unauthenticated',
    })
    const token = await signedIn(g, 'asked', { code: codeOf(secret) })
    const { items } = (await g.call('GET', '/api/v1/sessions', { token })).body
    assert.ok(items.every((s: { secondFactor: boolean }) => s.secondFactor))
  })

  it('takes each code once, and none before it', async () => {
    const { name, home, secret } = await somebody()
    const sign = (steps: number) => tryToSignIn(g, name, { code: codeOf(secret, steps) }, home)
    assert.equal((await sign(-1)).status, 401, 'that confirmed it')
    assert.equal((await sign(1)).status, 201)
    assert.equal((await sign(1)).status, 401)
    assert.equal((await sign(0)).status, 401)
  })

  it('takes a code once, also when it is sent eight times at once', async () => {
    const { name, home, secret } = await somebody()
    const answers = await atOnce(8, () => tryToSignIn(g, name, { code: codeOf(secret) }, home))
    assert.deepEqual([withStatus(answers, 201), withStatus(answers, 401)], [1, 7])
  })

  it('is replaced once by each recovery code, however it is typed, also when it is sent eight times at once', async () => {
    const { name, home, recoveryCodes } = await somebody()
    const typed = recoveryCodes[0]!
      .toLowerCase()
      .replaceAll('-', ' ')
      .replaceAll('0', 'o')
      .replaceAll('1', 'l')
    const answers = await atOnce(8, () => tryToSignIn(g, name, { recoveryCode: typed }, home))
    assert.deepEqual([withStatus(answers, 201), withStatus(answers, 401)], [1, 7])
    const { token } = answers.find(a => a.status === 201)!.body
    assert.equal((await g.call('GET', FACTOR, { token })).body.recoveryCodesLeft, 9)
    const other = await somebody()
    const stolen = await tryToSignIn(g, other.name, { recoveryCode: recoveryCodes[1] }, other.home)
    assertProblem(stolen, 401, { about: "another user's code" })
    assert.ok((await actionsOf(name)).includes('user.recovery-code-use'))
  })

  it('is kept sealed, and nothing of it is on the trail', async () => {
    const { name, secret, recoveryCodes, home } = await somebody()
    await signedIn(g, name, { recoveryCode: recoveryCodes[3] }, home)
    const texts = await g.db.query(sql`
      SELECT e::text AS text FROM audit.entries e UNION ALL SELECT t::text FROM access.totp t
      UNION ALL SELECT r::text FROM access.recovery_codes r UNION ALL SELECT a::text FROM idempotency.answers a`)
    for (const hidden of [secret, ...recoveryCodes, recoveryCodes[3]!.replaceAll('-', '')])
      assert.ok(texts.every(t => !t.text.includes(hidden)))
    const { sealed } = (await g.db.one(sql`
      SELECT secret_sealed AS sealed FROM access.totp t JOIN access.users u ON u.id = t.user_id
      WHERE u.username = ${name}`))!
    assert.ok(sealed.length >= 20 + 12 + 16, 'initialisation vector, tag and secret')
    assert.ok((await actionsOf(name)).includes('user.second-factor-on'))
  })

  it('is turned off with the password and a code, which ends the other sign-ins', async () => {
    const { name, home, first, secret, recoveryCodes } = await somebody()
    const other = await signedIn(g, name, { recoveryCode: recoveryCodes[0] }, home)
    const remove = (body: object) => g.call('POST', `${FACTOR}/remove`, { token: first, body, headers: home })
    assertProblem(await remove({ password: PASSWORD }), 422, { rule: 'wrong-code' })
    assertProblem(await remove({ password: PASSWORD, code: wrongCode(secret) }), 422, { rule: 'wrong-code' })
    assertProblem(await remove({ password: 'wrong horse', code: codeOf(secret) }), 422, {
      rule: 'wrong-password',
    })
    assert.equal(await status(other), 200)
    assert.equal((await remove({ password: PASSWORD, code: codeOf(secret) })).status, 204)
    assert.deepEqual([await status(first), await status(other)], [200, 401])
    assert.equal((await tryToSignIn(g, name, {}, home)).status, 201)
    assertProblem(await remove({ password: PASSWORD, recoveryCode: recoveryCodes[1] }), 422, {
      rule: 'wrong-code',
    })
  })

  it('has its recovery codes replaced, and those before them end', async () => {
    const { name, home, first, secret, recoveryCodes } = await somebody()
    const body = { password: PASSWORD, code: codeOf(secret) }
    const renewed = await g.call('POST', `${FACTOR}/recovery-codes`, { token: first, body, headers: home })
    assert.equal(renewed.body.recoveryCodes.length, 10)
    assert.equal((await tryToSignIn(g, name, { recoveryCode: recoveryCodes[0] }, home)).status, 401)
    await signedIn(g, name, { recoveryCode: renewed.body.recoveryCodes[0] }, home)
  })

  it('is reset by an administrator, on the trail, and never by the same person', async () => {
    const { name, home, first } = await somebody()
    const admin = await g.as('system-administrator')
    const reset = (username: string, token: string) =>
      g.call('DELETE', `/api/v1/users/${username}/second-factor`, { token })
    assertProblem(await reset(name, await g.as('auditor')), 403)
    assertProblem(await reset('nobody', admin), 404)
    assert.equal((await reset(name, admin)).status, 204)
    assert.equal(await status(first), 401)
    assert.equal((await tryToSignIn(g, name, {}, home)).status, 201)
    const { n } = (await g.db.one(sql`
      SELECT count(*)::int AS n FROM audit.entries e JOIN access.users u ON u.id = e.subject_id
      WHERE e.action = 'user.second-factor-reset' AND u.username = ${name} AND actor_kind = 'client'`))!
    assert.equal(n, 1)
    for (const account of ['boss', 'boss2']) await addUser(g, account, 'system-administrator')
    const boss = await signedIn(g, 'boss')
    await enrol(g, boss)
    assertProblem(await reset('boss', boss), 422, { rule: 'own-account' })
    await g.db.run(sql`
      UPDATE access.users SET person_id = (SELECT person_id FROM access.users WHERE username = 'boss')
      WHERE username = 'boss2'`)
    assertProblem(await reset('boss', await signedIn(g, 'boss2')), 422, { rule: 'own-account' })
  })

  it('is nothing for systems', async () => {
    const token = await g.as('auditor')
    assertProblem(await g.call('POST', FACTOR, { token, body: { password: PASSWORD } }), 422, {
      rule: 'users-only',
    })
    assertProblem(await g.call('POST', `${FACTOR}/confirm`, { token, body: { code: '123456' } }), 422)
    assert.equal((await g.call('GET', FACTOR, { token })).body.enrolled, false)
  })

  it('is not turned on by guessing its code: thirty wrong ones a day, each on the trail', async () => {
    await addUser(g, 'beginner')
    const token = await signedIn(g, 'beginner')
    const { secret } = (await g.call('POST', FACTOR, { token, body: { password: PASSWORD } })).body
    const confirm = (code: string) => g.call('POST', `${FACTOR}/confirm`, { token, body: { code } })
    const answers = await atOnce(40, i => confirm(wrongCode(secret, i)))
    assert.deepEqual([withStatus(answers, 422), withStatus(answers, 429)], [30, 10])
    assertProblem(await confirm(codeOf(secret)), 429, { about: 'the right one neither' })
    const failed = (await actionsOf('beginner')).filter(a => a === 'user.second-factor-failed')
    assert.equal(failed.length, 30)
  })

  describe('that somebody guesses who knows the password', () => {
    it('is guessed ten times from one network, all at once or not', async () => {
      const { name, secret } = await somebody()
      const there = { 'X-Forwarded-For': '198.51.100.1' }
      const answers = await atOnce(50, i => tryToSignIn(g, name, { code: wrongCode(secret, i) }, there))
      assert.deepEqual([withStatus(answers, 401), withStatus(answers, 429)], [10, 40])
    })

    it('is guessed thirty times from all the world, and its user still comes in', async () => {
      const { name, home, secret, recoveryCodes } = await somebody()
      const from = (i: number) => ({ 'X-Forwarded-For': `203.0.113.${i}` })
      const guesses = await atOnce(40, i => tryToSignIn(g, name, { code: wrongCode(secret, i) }, from(i)))
      assert.deepEqual([withStatus(guesses, 401), withStatus(guesses, 429)], [30, 10])
      const right = await tryToSignIn(g, name, { code: codeOf(secret) }, from(99))
      assertProblem(right, 429, { about: 'even the right code, from where the user is not known' })
      assert.equal((await tryToSignIn(g, name, { code: codeOf(secret) }, home)).status, 201)
      const away = await tryToSignIn(g, name, { recoveryCode: recoveryCodes[0] }, from(99))
      assert.equal(away.status, 201, 'and from elsewhere with a recovery code')
      const failed = (await actionsOf(name)).filter(a => a === 'user.second-factor-failed')
      assert.equal(failed.length, 30)
    })

    it('does not make a network known by knowing the password', async () => {
      const there = { 'X-Forwarded-For': '198.51.100.50' }
      await addUser(g, 'guessed', 'auditor')
      const name = 'guessed'
      const before = await signedIn(g, name, {}, there)
      assert.equal(await status(before), 200)
      const { secret } = await enrol(g, await signedIn(g, name, {}, { 'X-Forwarded-For': '192.0.2.200' }))
      for (let n = 0; n < 3; n++) assertProblem(await tryToSignIn(g, name, {}, there), 401)
      const from = (i: number) => ({ 'X-Forwarded-For': `198.51.100.${100 + i}` })
      await atOnce(31, i => tryToSignIn(g, name, { code: wrongCode(secret, i) }, from(i)))
      assertProblem(await tryToSignIn(g, name, { code: codeOf(secret) }, there), 429)
    })
  })
})

describe('an installation that requires a second factor', () => {
  let g: TestGateway
  before(async () => {
    g = await startTestGateway({ secondFactor: 'required' })
    await addUser(g, 'mary', 'system-administrator')
  })
  after(() => g.close())

  it('lets who has none set one up and sign out, and nothing else', async () => {
    const token = await signedIn(g, 'mary')
    const { body } = await g.call('GET', CURRENT, { token })
    assert.deepEqual([body.mustEnrol, body.mustChangePassword, body.permissions], [true, false, []])
    const guarded = describedOperations().operations.filter(o => o.operation['x-permission'])
    const open = guarded.filter(o => o.operation['x-part-of-sign-in'])
    assert.deepEqual(open.map(o => o.id).toSorted(), PART_OF_SIGN_IN)
    assert.ok(guarded.length >= 100, `${guarded.length} operations`)
    for (const o of guarded.filter(one => !open.includes(one)))
      assertProblem(
        await g.call(o.method.toUpperCase(), o.path.replaceAll(/\{\w+\}/g, 'X1'), { token }),
        403,
        {
          rule: 'second-factor-enrolment-required',
          about: o.id,
        },
      )
    await enrol(g, token)
    const now = (await g.call('GET', CURRENT, { token })).body
    assert.equal(now.mustEnrol, false)
    assert.ok(now.permissions.includes('user:write'))
    assert.equal((await g.call('GET', '/api/v1/users', { token })).status, 200)
  })

  it('asks nothing of systems, nor of who signs in at a provider', async () => {
    const token = await g.as('system-administrator')
    assert.equal((await g.call('GET', '/api/v1/users', { token })).status, 200)
    await addUser(g, 'federated', 'auditor')
    const user = (await g.db.one<{ id: string; username: string }>(
      sql`SELECT id, username FROM access.users WHERE username = 'federated'`,
    ))!
    const call = { requestId: 'request-1', address: '192.0.2.1', userAgent: 'test' }
    const opened = await g.services.access.openSession(call, user, 'oidc:agency')
    assert.equal((await g.call('GET', CURRENT, { token: opened.token })).body.mustEnrol, false)
    await g.db.run(sql`UPDATE access.users SET status = 'disabled' WHERE id = ${user.id}`)
    await assert.rejects(g.services.access.openSession(call, user, 'oidc:agency'), {
      code: 'unauthenticated',
    })
  })
})

describe('a password', () => {
  let g: TestGateway
  let admin: string
  before(async () => {
    g = await startTestGateway()
    admin = await g.as('system-administrator')
    for (const name of ['mary', 'noor', 'sara']) await addUser(g, name, 'auditor')
  })
  after(() => g.close())

  const change = (token: string, password: string, newPassword: string) =>
    g.call('PUT', '/api/v1/password', { token, body: { password, newPassword } })
  const set = (username: string, password: string, token = admin) =>
    g.call('PUT', `/api/v1/users/${username}/password`, { token, body: { password } })
  const status = async (token: string) => (await g.call('GET', CURRENT, { token })).status

  it('is changed by its user with the old one, and the other sign-ins end', async () => {
    const [own, other] = [await signedIn(g, 'mary'), await signedIn(g, 'mary')]
    assertProblem(await change(own, 'wrong horse', 'a better horse'), 422, { rule: 'wrong-password' })
    for (const [bad, code] of [
      ['short', 'minLength'],
      ['hail to mary', 'contains-name'],
      ['Password2026!', 'too-common'],
      [PASSWORD, 'unchanged'],
    ] as const) {
      const answer = await change(own, PASSWORD, bad)
      assertProblem(answer, 400, { about: bad })
      assert.equal(answer.body.errors[0].code, code)
    }
    assert.equal(await status(other), 200, 'nothing has changed yet')
    assert.equal((await change(own, PASSWORD, 'a better horse')).status, 204)
    assert.deepEqual([await status(own), await status(other)], [200, 401])
    assert.equal((await tryToSignIn(g, 'mary')).status, 401)
    await signedIn(g, 'mary', { password: 'a better horse' })
  })

  it('that an administrator sets is good for choosing another, and nothing else', async () => {
    const before = await signedIn(g, 'noor')
    assertProblem(await set('noor', 'noor is here'), 400)
    assertProblem(await set('noor', 'temporary mule', await g.as('auditor')), 403)
    assert.equal((await set('noor', 'temporary mule')).status, 204)
    assert.equal(await status(before), 401)
    assert.equal((await tryToSignIn(g, 'noor')).status, 401)
    const token = await signedIn(g, 'noor', { password: 'temporary mule' })
    const { body } = await g.call('GET', CURRENT, { token })
    assert.deepEqual([body.mustChangePassword, body.permissions], [true, []])
    for (const path of ['/api/v1/audit-entries', '/api/v1/sessions'])
      assertProblem(await g.call('GET', path, { token }), 403, { rule: 'password-change-required' })
    assertProblem(await change(token, 'temporary mule', 'temporary mule'), 400)
    assert.equal((await change(token, 'temporary mule', 'a horse of my own')).status, 204)
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
    const rows = await g.db.query(sql`
      SELECT action FROM audit.entries e JOIN access.users u ON u.id = e.subject_id
      WHERE u.username = 'noor' AND action LIKE 'user.password%' ORDER BY xid, at`)
    assert.deepEqual(
      rows.map(r => r.action),
      ['user.password-set', 'user.password-change'],
    )
  })

  it('is not set by an administrator for their own account', async () => {
    await addUser(g, 'boss', 'system-administrator')
    assertProblem(await set('boss', 'temporary mule', await signedIn(g, 'boss')), 422, {
      rule: 'own-account',
    })
  })

  it('that is changed while somebody signs in with the old one does not let them in', async () => {
    const token = await signedIn(g, 'sara')
    const [changed, ...signIns] = await Promise.all([
      change(token, PASSWORD, 'a faster horse'),
      ...Array.from({ length: 5 }, () => tryToSignIn(g, 'sara')),
    ])
    assert.equal(changed!.status, 204)
    for (const { body } of signIns.filter(a => a.status === 201)) assert.equal(await status(body.token), 401)
  })
})
