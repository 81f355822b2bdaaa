import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { assertProblem } from '#tests/support/hostile.ts'
import { CLIENT_SECRET } from '#tests/support/oidc-provider.ts'
import { asChosen, signedIn } from '#tests/support/people.ts'
import {
  BEGIN,
  CALLBACK,
  HOME,
  isCallback,
  ministryAt,
  type SingleSignOnRig,
  startSingleSignOn,
} from '#tests/support/single-sign-on.ts'

const PASSWORD = 'correct horse battery'
const ALL = [{ role: 'system-administrator' }]

describe('single sign-on', function () {
  this.timeout(60_000)
  let sso: SingleSignOnRig
  before(async () => {
    sso = await startSingleSignOn()
  })
  beforeEach(() => {
    sso.provider.instead.clear()
    sso.provider.asked.clear()
  })
  after(() => sso.close())

  describe('lets somebody in', () => {
    it('by the provider they choose, with what their groups are granted, back to where they came from', async () => {
      sso.person('abebe', ['registry', 'unmapped'])
      const offered = await sso.g.call('GET', '/api/v1/sign-in')
      assert.deepEqual(offered.body, { items: [{ code: 'ministry', name: 'Ministry <staff>' }] })
      const { browser, answer } = await sso.signIn('abebe')
      assert.equal(answer.status, 303, answer.body)
      assert.equal(answer.headers.get('Location'), '/verify')
      const me = await sso.whoIs(browser)
      assert.equal(me?.name, 'abebe')
      assert.ok(me.permissions.includes('registrant:write') && !me.permissions.includes('payment:write'))
      assert.deepEqual(await sso.rolesOf('abebe'), ['registry-manager oidc:ministry'])
    })

    it('under one account, granted anew at each sign-in; what an administrator gave stays', async () => {
      sso.person('hanna', ['registry', 'finance'])
      await sso.signIn('hanna')
      await sso.g.db.run(sql`
        INSERT INTO access.grants (id, holder_id, role)
        SELECT kernel.uuid7(), id, 'auditor' FROM access.users WHERE username = 'hanna'`)
      sso.person('hanna', ['finance'])
      assert.equal((await sso.signIn('hanna')).answer.status, 303)
      assert.deepEqual(await sso.rolesOf('hanna'), ['auditor given', 'finance-officer oidc:ministry'])
      sso.person('hanna', [])
      const { browser, answer } = await sso.signIn('hanna')
      await sso.assertRefused(browser, answer, 403, 'no-group')
      assert.deepEqual(await sso.rolesOf('hanna'), ['auditor given'])
      const { n } = (await sso.g.db.one<{ n: number }>(
        sql`SELECT count(*)::int AS n FROM access.users WHERE username = 'hanna'`,
      ))!
      assert.equal(n, 1)
    })

    it('and tells the audit trail', async () => {
      sso.person('lemlem', ['finance'])
      await sso.signIn('lemlem')
      const entries = await sso.g.db.query<{ action: string; after: Record<string, unknown> }>(sql`
        SELECT action, after FROM audit.entries WHERE request_id = (
          SELECT request_id FROM audit.entries WHERE action = 'user.create' AND after->>'username' = 'lemlem')
        ORDER BY at`)
      assert.deepEqual(
        entries.map(e => e.action),
        ['user.create', 'user.groups-change', 'user.sign-in'],
      )
      assert.deepEqual(entries[0]!.after.subject, 'lemlem')
      assert.deepEqual(entries[2]!.after.how, 'oidc:ministry')
    })

    it('as the same person, when a provider that is trusted in this has verified the email of an account, but not into it', async () => {
      const email = 'marta@example.org'
      const body = { username: 'marta', name: 'Marta', email, password: PASSWORD, grants: [] }
      assert.equal((await sso.g.call('POST', '/api/v1/users', { token: sso.admin, body })).status, 201)
      for (const [subject, email_verified, trustsEmail] of [
        ['marta-2', true, true],
        ['marta-3', false, true],
        ['marta-4', true, false],
      ] as const) {
        await sso.change({ trustsEmail })
        sso.person(subject, ['finance'], { email: 'Marta@Example.org', email_verified })
        assert.equal((await sso.signIn(subject)).answer.status, 303)
      }
      const accounts = await sso.g.db.query<{ email: string | null; same: boolean }>(sql`
        SELECT u.email, u.person_id = m.person_id AS same FROM access.users u, access.users m
        WHERE m.username = 'marta' AND u.username LIKE 'marta-%' ORDER BY u.username`)
      const stranger = { email: null, same: false }
      assert.deepEqual(accounts, [{ email, same: true }, stranger, stranger])
    })
  })

  describe('keeps out', () => {
    it('and leaves it to the console to say why, where the sign-in was begun there', async () => {
      sso.person('outside', ['unmapped'])
      const comeBack = async (path: string) => {
        sso.provider.signsIn = 'outside'
        const browser = sso.fresh()
        const { url } = await browser.go(`${BEGIN}?return=${encodeURIComponent(path)}`, isCallback)
        const answer = await browser.ask(url.href)
        assert.equal(await sso.whoIs(browser), undefined)
        return answer
      }
      const { status, headers } = await comeBack('/console/areas?q=XX')
      assert.equal(status, 303)
      assert.equal(headers.get('Location'), '/console/areas?q=XX&refused=no-group')
      assert.equal((await comeBack('/consoles')).status, 403)
    })

    it('who has no group here, and who is unknown where accounts are not made', async () => {
      sso.person('nobody', ['unmapped'])
      const without = await sso.signIn('nobody')
      await sso.assertRefused(without.browser, without.answer, 403, 'no-group')
      assert.deepEqual(await sso.lastRefusal(), {
        provider: 'ministry',
        reason: 'no-group',
        subject: 'nobody',
      })
      sso.person('stranger', ['finance'])
      await sso.change({ makesAccounts: false })
      const unknown = await sso.signIn('stranger')
      await sso.change({ makesAccounts: true })
      await sso.assertRefused(unknown.browser, unknown.answer, 403, 'unknown-person')
      assert.equal((await sso.signIn('stranger')).answer.status, 303)
    })

    it('who has the name or the email of an account that is not theirs', async () => {
      const body = {
        username: 'minister',
        name: 'M',
        email: 'm@example.org',
        password: PASSWORD,
        grants: ALL,
      }
      assert.equal((await sso.g.call('POST', '/api/v1/users', { token: sso.admin, body })).status, 201)
      for (const username of ['minister', 'MINISTER', ' Minister']) {
        sso.person('thief', ['finance'], {
          preferred_username: username,
          email: 'm@example.org',
          email_verified: true,
        })
        const { browser, answer } = await sso.signIn('thief')
        await sso.assertRefused(browser, answer, 403, 'name-taken')
      }
      assert.deepEqual(await sso.rolesOf('minister'), ['system-administrator given'])
    })

    it('whose account is disabled, also when that happens while they are at the provider', async () => {
      sso.person('dawit', ['finance'])
      await sso.signIn('dawit')
      const { browser, back } = await sso.signedInThere('dawit')
      assert.equal(
        (await sso.g.call('POST', '/api/v1/users/dawit/disable', { token: sso.admin })).status,
        200,
      )
      await sso.assertRefused(browser, await browser.ask(back.href), 403, 'account-disabled')
    })

    it('who declines, whatever the provider says about it', async () => {
      const { browser, back } = await sso.signedInThere(undefined)
      assert.match(back.search, /script/)
      await sso.assertRefused(browser, await browser.ask(back.href), 403, 'sign-in-declined')
      assert.deepEqual(await sso.lastRefusal(), {
        provider: 'ministry',
        reason: 'sign-in-declined',
        detail: 'access_denied',
      })
    })

    it('everybody, when the provider is switched off; their sign-ins end and their grants are gone', async () => {
      sso.person('sara', ['finance'])
      const { browser } = await sso.signIn('sara')
      const { browser: late, back } = await sso.signedInThere('sara')
      await sso.change({ state: 'disabled' })
      assert.equal(await sso.whoIs(browser), undefined)
      assert.deepEqual(await sso.rolesOf('sara'), [])
      await sso.assertRefused(late, await late.ask(back.href), 404, 'not-found')
      assert.equal((await sso.fresh().ask(BEGIN)).status, 404)
      assert.deepEqual((await sso.g.call('GET', '/api/v1/sign-in')).body, { items: [] })
      await sso.change({ state: 'active' })
      assert.equal((await sso.signIn('sara')).answer.status, 303)
    })
  })

  describe('an identity', () => {
    const link = (username: string, subject: string, token = sso.admin) =>
      sso.g.call('POST', `/api/v1/users/${username}/identities`, {
        token,
        body: { provider: 'ministry', subject },
      })

    it('is linked by an administrator and confirmed by its user, and leads into that account and no other', async () => {
      const body = { username: 'tigist', name: 'T', password: PASSWORD, grants: [] }
      await sso.g.call('POST', '/api/v1/users', { token: sso.admin, body })
      await asChosen(sso.g, 'tigist')
      const linked = await link('tigist', 'employee-17')
      assert.deepEqual([linked.status, linked.body.state], [201, 'pending'])
      const token = await signedIn(sso.g, 'tigist', { password: PASSWORD })
      const confirmed = await sso.g.call('POST', '/api/v1/identities/ministry/confirm', { token })
      assert.deepEqual([confirmed.status, confirmed.body.state], [200, 'confirmed'])
      sso.person('employee-17', ['finance'], { preferred_username: 'minister' })
      const { browser } = await sso.signIn('employee-17')
      assert.equal((await sso.whoIs(browser))?.name, 'tigist')
      assertProblem(await link('tigist', 'employee-18'), 409, { rule: 'identity-taken' })
      assertProblem(await link('minister', 'employee-17'), 409, { rule: 'identity-taken' })
      const listed = await sso.g.call('GET', '/api/v1/users/tigist/identities', { token: sso.admin })
      assert.deepEqual(
        listed.body.items.map((i: { subject: string }) => i.subject),
        ['employee-17'],
      )
      const gone = await sso.g.call('DELETE', '/api/v1/users/tigist/identities/ministry', {
        token: sso.admin,
      })
      assert.equal(gone.status, 204)
      assert.equal(await sso.whoIs(browser), undefined)
      assert.deepEqual(await sso.rolesOf('tigist'), [])
    })

    it('is not linked by others, nor to who does not exist', async () => {
      assertProblem(await link('minister', 'x', await sso.g.as('auditor')), 403)
      assertProblem(await link('nobody-here', 'x'), 404)
      const elsewhere = { provider: 'nowhere', subject: 'x' }
      const none = await sso.g.call('POST', '/api/v1/users/minister/identities', {
        token: sso.admin,
        body: elsewhere,
      })
      assertProblem(none, 400, { pointer: '/provider' })
    })

    it('is not linked by somebody to themselves, who do not change their own provider either', async () => {
      const group = { group: 'admins', role: 'system-administrator' }
      await sso.change({ mappings: [...ministryAt(sso.provider.issuer).mappings, group] })
      sso.person('boss', ['admins'])
      const { browser } = await sso.signIn('boss')
      const csrf = (
        JSON.parse((await browser.ask(`${HOME}/api/v1/sessions/current`)).body) as { csrf: string }
      ).csrf
      const send = (method: string, path: string, body: object) =>
        browser.ask(HOME + path, {
          method,
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, Origin: HOME },
        })
      const linking = await send('POST', '/api/v1/users/boss/identities', {
        provider: 'ministry',
        subject: 'x',
      })
      const changing = await send('PUT', '/api/v1/identity-providers/ministry', {
        ...(await sso.settings()),
        mappings: [{ group: 'admins', role: 'payment-approver' }],
      })
      for (const { status, body } of [linking, changing]) {
        assert.equal(status, 422, body)
        assert.equal((JSON.parse(body) as { rule: string }).rule, 'own-grants')
      }
      await sso.change({ mappings: ministryAt(sso.provider.issuer).mappings })
    })
  })

  describe('providers are administered', () => {
    it('and their secret is never shown, nor kept as it is', async () => {
      const read = await sso.g.call('GET', '/api/v1/identity-providers/ministry', { token: sso.admin })
      assert.equal(read.status, 200)
      assert.equal(read.body.redirectUri, CALLBACK)
      const listed = await sso.g.call('GET', '/api/v1/identity-providers', { token: sso.admin })
      await sso.change({ clientSecret: CLIENT_SECRET })
      const kept = await sso.g.db.query(sql`
        SELECT t::text FROM access.identity_providers t UNION ALL SELECT t::text FROM audit.entries t`)
      for (const shown of [read.body, listed.body, kept]) {
        assert.ok(!JSON.stringify(shown).includes(CLIENT_SECRET))
        assert.ok(!JSON.stringify(shown).includes(Buffer.from(CLIENT_SECRET).toString('hex')))
      }
    })

    it('with every mistake told, and every change on the audit trail', async () => {
      const create = (more: object) =>
        sso.g.call('POST', '/api/v1/identity-providers', {
          token: sso.admin,
          body: { ...ministryAt(sso.provider.issuer), code: 'new', ...more },
        })
      assertProblem(await create({ code: 'ministry' }), 409, { rule: 'code-taken' })
      assertProblem(await create({ mappings: [{ group: 'x', role: 'king' }] }), 400, {
        pointer: '/mappings/0/role',
      })
      assertProblem(await create({ mappings: [{ group: 'x', role: 'auditor', areas: ['ZZ'] }] }), 400, {
        pointer: '/mappings/0/areas',
      })
      for (const issuer of ['ftp://x.example', 'https://x.example/?a=b', 'https://u:p@x.example'])
        assertProblem(await create({ issuer }), 400, { pointer: '/issuer' })
      const current = await sso.settings()
      const stale = { token: sso.admin, body: current, headers: { 'If-Match': '"v1"' } }
      assertProblem(await sso.g.call('PUT', '/api/v1/identity-providers/ministry', stale), 412)
      await sso.change({ name: 'Renamed' })
      const entry = await sso.g.db.one<{ before: object; after: object }>(sql`
        SELECT before, after FROM audit.entries WHERE action = 'identity-provider.update' ORDER BY at DESC LIMIT 1`)
      const { version } = entry!.after as { version: number }
      assert.deepEqual(entry!.before, { name: current.name, version: version - 1 })
      assert.deepEqual(entry!.after, { name: 'Renamed', version })
    })
  })
})
