import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import type { Browser } from '#tests/support/browser.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { addUser, signedIn } from '#tests/support/people.ts'
import { HOME, ministryAt, type SingleSignOnRig, startSingleSignOn } from '#tests/support/single-sign-on.ts'

/** A gateway goes on for a second with what it knew of an account. */
const FORGOTTEN_MS = 1_100
const ADMINS = { group: 'admins', role: 'system-administrator' }
const OWN = '/api/v1/identities'

const tokenOf = (browser: Browser): string => browser.cookies(HOME).get('__Host-annona-session')!

describe('identities under attack', function () {
  this.timeout(60_000)
  let sso: SingleSignOnRig
  before(async () => {
    sso = await startSingleSignOn()
  })
  after(() => sso.close())
  const mappings = () => ministryAt(sso.provider.issuer).mappings

  const call = (method: string, path: string, token: string, body?: object) =>
    sso.g.call(method, path, { token, ...(body ? { body } : {}) })
  const may = async (token: string, permission: string): Promise<boolean> =>
    (await call('GET', '/api/v1/sessions/current', token)).body.permissions.includes(permission)
  const idOf = async (username: string): Promise<string> =>
    (await sso.g.db.one<{ id: string }>(sql`SELECT id FROM access.users WHERE username = ${username}`))!.id
  const link = (username: string, subject = username, token = sso.admin) =>
    call('POST', `/api/v1/users/${username}/identities`, token, { provider: 'ministry', subject })
  /** Somebody with a password whom an administrator linked to `ministry` and who confirmed it; signed in by both. */
  const linked = async (username: string, groups: string[], ...roles: string[]) => {
    await addUser(sso.g, username, ...roles)
    const byPassword = await signedIn(sso.g, username)
    assert.equal((await link(username)).status, 201)
    assert.equal((await call('POST', `${OWN}/ministry/confirm`, byPassword)).status, 200)
    sso.person(username, groups)
    const { browser, answer } = await sso.signIn(username)
    assert.equal(answer.status, 303, answer.body)
    return { byPassword, byProvider: tokenOf(browser) }
  }
  const entriesOf = (username: string, action: string) =>
    sso.g.db.query<{ actor: string; before: Record<string, unknown>; after: Record<string, unknown> }>(sql`
      SELECT actor_name AS actor, before, after FROM audit.entries
      WHERE action = ${action} AND subject_id = (SELECT id FROM access.users WHERE username = ${username})
      ORDER BY xid, at`)

  describe('what a group was granted', () => {
    it('counts in sign-ins by its provider; by password there is what an administrator gave', async () => {
      const { byPassword, byProvider } = await linked('both', ['payments'], 'auditor')
      const granted = async (token: string) => [
        await may(token, 'payment:approve'),
        await may(token, 'audit:read'),
      ]
      assert.deepEqual(await granted(byProvider), [true, true])
      assert.deepEqual(await granted(byPassword), [false, true])
      assert.deepEqual(await granted(await signedIn(sso.g, 'both')), [false, true])
    })

    it('is gone twelve hours after the last sign-in, and there again with the next', async () => {
      const { byProvider } = await linked('daily', ['payments'])
      const { hours } = (await sso.g.db.one<{ hours: number }>(sql`
        SELECT extract(epoch FROM expires_at - now()) / 3600 AS hours FROM access.grants
        WHERE holder_id = ${await idOf('daily')}`))!
      assert.ok(hours > 11.9 && hours <= 12, String(hours))
      await sso.g.db.run(sql`UPDATE access.grants SET expires_at = now() WHERE source = 'oidc:ministry'`)
      await pause(FORGOTTEN_MS)
      assert.equal(await may(byProvider, 'payment:approve'), false, 'also in a session that lasts')
      const { browser } = await sso.signIn('daily')
      await pause(FORGOTTEN_MS)
      assert.equal(await may(tokenOf(browser), 'payment:approve'), true)
    })

    it('goes on in the work that was asked for in such a sign-in, until it ends', async () => {
      await linked('worker', ['payments'])
      const id = await idOf('worker')
      const now = async (signedInBy?: string) => {
        await pause(FORGOTTEN_MS)
        const actor = await sso.g.services.access.actorNow({
          kind: 'user',
          id,
          ...(signedInBy ? { signedInBy } : {}),
        })
        return actor!.grants.map(g => g.role)
      }
      assert.deepEqual(await now('oidc:ministry'), ['payment-approver'])
      assert.deepEqual([await now(), await now('oidc:other')], [[], []])
      await sso.g.db.run(sql`UPDATE access.grants SET expires_at = now() WHERE holder_id = ${id}`)
      assert.deepEqual(await now('oidc:ministry'), [])
    })

    it('is gone at once when its mapping is removed, made another’s or narrowed; the rest stays', async () => {
      for (const [name, change] of [
        ['removed', []],
        ['another', [{ group: 'treasury', role: 'payment-approver' }]],
        ['narrowed', [{ group: 'payments', role: 'payment-approver', areas: ['NN'] }]],
      ] as const) {
        if (name === 'narrowed')
          await call('POST', '/api/v1/areas', sso.admin, { areas: [{ code: 'NN', name: 'N' }] })
        await sso.g.db.run(sql`DELETE FROM access.grants WHERE source = 'oidc:ministry'`)
        const { byProvider } = await linked(`map-${name}`, ['payments', 'finance'])
        await sso.change({ mappings: [...mappings().filter(m => m.group !== 'payments'), ...change] })
        assert.deepEqual(await sso.rolesOf(`map-${name}`), ['finance-officer oidc:ministry'])
        await pause(FORGOTTEN_MS)
        assert.equal(await may(byProvider, 'payment:approve'), false)
        assert.equal(await may(byProvider, 'fund:read'), true)
        const entry = (await entriesOf(`map-${name}`, 'user.groups-change')).at(-1)!
        const [had, has] = [entry.before, entry.after].map(state =>
          (state['grants.oidc:ministry'] as { role: string }[]).map(g => g.role),
        )
        assert.deepEqual([had, has], [['finance-officer', 'payment-approver'], ['finance-officer']])
        await sso.change({ mappings: mappings() })
      }
    })

    it('stays through a change of the provider that touches no mapping', async () => {
      await linked('steady', ['payments'])
      await sso.change({ name: 'Renamed', mappings: mappings().toReversed() })
      assert.deepEqual(await sso.rolesOf('steady'), ['payment-approver oidc:ministry'])
    })
  })

  describe('a link that an administrator made', () => {
    it('signs nobody in and grants nothing until its user has confirmed it', async () => {
      await addUser(sso.g, 'victim', 'payment-approver')
      await addUser(sso.g, 'attacker', 'system-administrator')
      const attacker = await signedIn(sso.g, 'attacker')
      assert.equal((await link('victim', 'attacker-there', attacker)).status, 201)
      sso.person('attacker-there', ['finance'])
      const { browser, answer } = await sso.signIn('attacker-there')
      await sso.assertRefused(browser, answer, 403, 'identity-unconfirmed')
      assert.deepEqual(await sso.rolesOf('victim'), ['payment-approver given'])
      const none = await sso.g.db.query(sql`SELECT FROM access.users WHERE username = 'attacker-there'`)
      assert.equal(none.length, 0, 'nor has it made an account of its own')

      for (const token of [attacker, sso.admin])
        for (const [method, path] of [
          ['POST', `${OWN}/ministry/confirm`],
          ['DELETE', `${OWN}/ministry`],
        ] as const)
          assert.ok([404, 422].includes((await call(method, path, token)).status), `${method} as another`)
      const victim = await signedIn(sso.g, 'victim')
      const seen = (await call('GET', OWN, victim)).body.items
      assert.deepEqual(
        seen.map((i: { subject: string; state: string }) => [i.subject, i.state]),
        [['attacker-there', 'pending']],
      )
      const told = await sso.g.db.query(sql`
        SELECT payload FROM outbox.messages
        WHERE type = 'user.identity-linked' AND subject_id = ${await idOf('victim')}`)
      assert.deepEqual(told, [{ payload: { username: 'victim', provider: 'ministry' } }])
      assert.equal((await call('DELETE', `${OWN}/ministry`, victim)).status, 204)
      assert.deepEqual((await call('GET', OWN, victim)).body.items, [])
      assertProblem(await call('POST', `${OWN}/ministry/confirm`, victim), 404)
      assert.deepEqual(
        [
          (await entriesOf('victim', 'user.identity-link'))[0]!.actor,
          (await entriesOf('victim', 'user.identity-decline'))[0]!.actor,
        ],
        ['attacker', 'victim'],
      )
    })

    it('is confirmed once, by its user, on the trail; then only an administrator takes it away', async () => {
      const { byPassword } = await linked('willing', ['finance'])
      for (const [method, path] of [
        ['POST', `${OWN}/ministry/confirm`],
        ['DELETE', `${OWN}/ministry`],
      ] as const)
        assertProblem(await call(method, path, byPassword), 422, { rule: 'identity-confirmed' })
      const [entry] = await entriesOf('willing', 'user.identity-confirm')
      assert.deepEqual(
        [entry!.actor, entry!.after],
        ['willing', { provider: 'ministry', subject: 'willing' }],
      )
    })

    it('is not confirmed in a sign-in by that provider, nor by an API client', async () => {
      await addUser(sso.g, 'circular')
      await link('circular')
      const user = { id: await idOf('circular'), username: 'circular' }
      const session = (how: 'oidc:ministry' | 'oidc:other') =>
        sso.g.services.access.openSession({ requestId: 'test-request' }, user, how)
      const confirm = (token: string) => call('POST', `${OWN}/ministry/confirm`, token)
      assertProblem(await confirm((await session('oidc:ministry')).token), 422, { rule: 'other-sign-in' })
      assertProblem(await confirm(sso.admin), 422, { rule: 'other-sign-in' })
      const other = await confirm((await session('oidc:other')).token)
      assert.equal(
        other.status,
        200,
        'who has no password confirms it where they signed in by another provider',
      )
    })

    it('is not confirmed by whoever made it, when the account has become theirs', async () => {
      await addUser(sso.g, 'maker', 'system-administrator')
      await addUser(sso.g, 'puppet')
      assert.equal((await link('puppet', 'puppet', await signedIn(sso.g, 'maker'))).status, 201)
      await sso.g.db.run(sql`
        UPDATE access.users SET person_id = (SELECT person_id FROM access.users WHERE username = 'maker')
        WHERE username = 'puppet'`)
      const puppet = await signedIn(sso.g, 'puppet')
      assertProblem(await call('POST', `${OWN}/ministry/confirm`, puppet), 422, { rule: 'own-grants' })
    })
  })

  describe('a role that a group is granted', () => {
    it('is not edited by who has an identity at the provider, in the group or not', async () => {
      const role = { name: 'Staff', permissions: ['area:read'] }
      for (const [code, permissions] of [
        ['staff', ['area:read']],
        ['roler', ['role:read', 'role:write']],
      ] as const)
        await call('POST', '/api/v1/roles', sso.admin, { code, name: code, permissions })
      await sso.change({ mappings: [...mappings(), { group: 'staff', role: 'staff' }] })
      for (const name of ['rita', 'rob']) await addUser(sso.g, name, 'roler')
      await link('rita')
      const edit = async (name: string) =>
        call('PUT', '/api/v1/roles/staff', await signedIn(sso.g, name), role)
      assertProblem(await edit('rita'), 422, { rule: 'own-role' })
      assert.equal((await edit('rob')).status, 200)
      await sso.change({ mappings: mappings() })
    })
  })
})

describe('the last administrator, who comes by a provider', function () {
  this.timeout(60_000)
  let sso: SingleSignOnRig
  before(async () => {
    sso = await startSingleSignOn()
    await sso.change({ mappings: [ADMINS, { group: 'finance', role: 'finance-officer' }] })
    sso.person('chief', ['admins'])
    assert.equal((await sso.signIn('chief')).answer.status, 303)
    // Days later: what the groups gave has ended, and the next sign-in gives it again.
    await sso.g.db.run(sql`UPDATE access.grants SET expires_at = now() - interval '2 days'`)
  })
  after(() => sso.close())

  const last = { rule: 'last-administrator' }
  const change = async (more: object) =>
    sso.g.call('PUT', '/api/v1/identity-providers/ministry', {
      token: sso.admin,
      body: { ...(await sso.settings()), ...more },
    })
  const unlink = () => sso.g.call('DELETE', '/api/v1/users/chief/identities/ministry', { token: sso.admin })
  const kept = async () =>
    (
      await sso.g.db.query(sql`SELECT after FROM audit.entries WHERE action = 'identity.kept-administrator'`)
    ).map(e => e.after)

  it('is not taken away by switching it off, by its mappings, or by unlinking', async () => {
    assertProblem(await change({ state: 'disabled' }), 422, last)
    assertProblem(await change({ mappings: [] }), 422, last)
    assertProblem(await unlink(), 422, last)
    assert.deepEqual(await sso.rolesOf('chief'), ['system-administrator oidc:ministry'])
    assert.equal((await sso.fresh().ask(`${HOME}/api/v1/sign-in/ministry`)).status, 302)
  })

  it('is not made safe by an account that nobody can sign in to with what it was given', async () => {
    sso.person('clerk', ['finance'])
    await sso.signIn('clerk')
    const given = await sso.g.call('PUT', '/api/v1/users/clerk/grants', {
      token: sso.admin,
      body: { grants: [{ role: 'system-administrator' }] },
    })
    assert.equal(given.status, 200)
    assertProblem(await change({ state: 'disabled' }), 422, last)
    await sso.g.call('PUT', '/api/v1/users/clerk/grants', { token: sso.admin, body: { grants: [] } })
  })

  it('keeps the right when the groups say otherwise, on the trail, and gets the rest of what they say', async () => {
    for (const groups of [['finance'], []]) {
      sso.person('chief', groups)
      const { browser, answer } = await sso.signIn('chief')
      assert.equal(answer.status, 303, answer.body)
      assert.ok((await sso.whoIs(browser))!.permissions.includes('user:write'))
      assert.deepEqual(await sso.rolesOf('chief'), [
        ...groups.map(() => 'finance-officer oidc:ministry'),
        'system-administrator oidc:ministry',
      ])
    }
    const entry = { roles: ['system-administrator'] }
    assert.deepEqual(await kept(), [entry, entry])
  })

  it('loses it as soon as there is another', async () => {
    await addUser(sso.g, 'second', 'system-administrator')
    const { browser, answer } = await sso.signIn('chief')
    await sso.assertRefused(browser, answer, 403, 'no-group')
    assert.deepEqual(await sso.rolesOf('chief'), [])
    assert.equal((await kept()).length, 2)
    assert.equal((await unlink()).status, 204)
    assert.equal((await change({ state: 'disabled' })).status, 200)
  })
})
