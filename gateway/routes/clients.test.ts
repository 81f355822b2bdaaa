import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as oauth from 'openid-client'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { ALGORITHMS, askBySecret, clientWith, keyFor, type TestClient } from '#tests/support/clients.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

const root = systemCtx('test', 'test')
const HOUR = 3_600_000

describe('the API of clients', function () {
  this.timeout(20_000)
  let g: TestGateway
  let admin: string
  /** Another administrator, who is shown the first secrets. */
  let maker: string
  before(async () => {
    g = await startTestGateway({ clientSecretDays: 90 })
    admin = await g.as('system-administrator')
    maker = await g.as('system-administrator')
  })
  after(() => g.close())

  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    g.call(method, `/api/v1/clients${path}`, { token: admin, body, headers })
  const actionsOn = async (clientId: string) => {
    const rows = await g.db.query<{ action: string }>(sql`
      SELECT e.action FROM audit.entries e JOIN access.clients c ON c.id = e.subject_id
      WHERE c.client_id = ${clientId} ORDER BY e.at`)
    return rows.map(r => r.action)
  }
  const works = async (client: TestClient) => (await askBySecret(g, client)).status === 200
  const made = async (clientId: string, more: object = {}): Promise<TestClient> => {
    const client = { clientId, name: clientId, grants: [], ...more }
    const { status, body } = await g.call('POST', '/api/v1/clients', { token: maker, body: client })
    assert.equal(status, 201, JSON.stringify(body))
    return { clientId, secret: body.clientSecret }
  }
  const user = async (username: string, role?: string) => {
    const password = 'correct horse battery'
    const grants = role ? [{ role }] : []
    await g.services.access.createUser(root, { username, name: username, password, grants })
    return (await g.call('POST', '/api/v1/sessions', { body: { username, password } })).body.token as string
  }

  it('shows a client with what it is granted by codes, and of its secrets all but the secrets', async () => {
    await g.services.areas.createMany(root, [{ code: 'ET', name: 'Ethiopia' }])
    await user('tigist')
    const grants = [{ role: 'registrar', areas: ['ET'] }, { role: 'auditor' }]
    const client = await made('kobo', { name: 'Kobo', owner: 'tigist', grants })
    const { status, body, headers } = await call('GET', '/kobo')
    assert.equal(status, 200)
    assert.equal(headers.get('ETag'), '"v1"')
    const [{ id, createdAt, expiresAt, ...secret }] = body.secrets
    assert.match(id, /^CS-/)
    assert.deepEqual(secret, { hint: client.secret.slice(-4), lastUsed: null })
    assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 90 * 24 * HOUR)
    assert.deepEqual([body.owner, body.status, body.keys], ['tigist', 'active', []])
    assert.deepEqual(body.grants, [
      { role: 'auditor', source: 'given' },
      { role: 'registrar', areas: ['ET'], source: 'given' },
    ])
    assert.ok(!JSON.stringify(body).includes(client.secret))
    assert.ok(await works(client))
    const today = new Date().toISOString().slice(0, 10)
    assert.equal((await call('GET', '/kobo')).body.secrets[0].lastUsed, today)
    assertProblem(await call('GET', '/nobody'), 404)
    assertProblem(await call('POST', '', { clientId: 'kobo', name: 'x', grants: [] }), 409)
    assertProblem(await call('POST', '', { clientId: 'k2', name: 'x', grants: [], owner: 'nobody' }), 400, {
      pointer: '/owner',
    })
  })

  it('lists them in pages, by name, by status, and those that need a new secret soon', async () => {
    for (const id of ['list-a', 'list-b', 'list-c']) await made(id, { name: `Say 100% ${id}` })
    await call('POST', '/list-b/disable')
    const ids = async (query: string) => {
      const { status, body } = await call('GET', `?q=list-&${query}`)
      assert.equal(status, 200)
      return body.items.map((c: { clientId: string }) => c.clientId)
    }
    const first = await call('GET', '?q=list-&limit=2')
    assert.deepEqual(await ids('limit=2'), ['list-a', 'list-b'])
    assert.deepEqual(await ids(`limit=2&cursor=${first.body.next}`), ['list-c'])
    assert.deepEqual(await ids('status=disabled'), ['list-b'])
    assert.equal((await call('GET', `?q=${encodeURIComponent('100% LIST-')}`)).body.items.length, 3)
    assert.equal((await call('GET', `?q=${encodeURIComponent('1_0%')}`)).body.items.length, 0)
    assert.deepEqual(await ids('expiringDays=89'), [])
    await g.db.run(sql`
      UPDATE access.client_secrets s SET expires_at = now() + interval '5 days'
      FROM access.clients c WHERE c.id = s.client_id AND c.client_id IN ('list-a', 'list-c')`)
    assert.deepEqual(await ids('expiringDays=6'), ['list-a', 'list-c'])
    assert.deepEqual(await ids('expiringDays=4'), [])
    await call('POST', '/list-a/secrets', {})
    assert.deepEqual(await ids('expiringDays=6'), ['list-c'], 'one with a newer secret is not among them')
  })

  it('changes a client as it was read, or not at all', async () => {
    await made('changing')
    const patch = (body: object, version?: number) =>
      call('PATCH', '/changing', body, version ? { 'If-Match': `"v${version}"` } : {})
    const { body, headers } = await patch({ name: 'Anew' }, 1)
    assert.deepEqual([body.name, headers.get('ETag')], ['Anew', '"v2"'])
    assertProblem(await patch({ name: 'Too late' }, 1), 412)
    assert.equal((await patch({ name: 'Anew' })).body.version, 2, 'the same again changes nothing')
    await user('sara')
    assert.equal((await patch({ owner: 'sara' }, 2)).body.owner, 'sara')
    assert.equal((await patch({ owner: null })).body.owner, null)
    assertProblem(await patch({ owner: 'nobody' }), 400, { pointer: '/owner' })
    const granted = await call('PUT', '/changing/grants', { grants: [{ role: 'auditor' }] })
    assert.deepEqual(granted.body.grants, [{ role: 'auditor', source: 'given' }])
    const refused = await call('PUT', '/changing/grants', { grants: [{ role: 'king' }] })
    assertProblem(refused, 400, { pointer: '/grants/0/role' })
    assert.deepEqual((await call('GET', '/changing')).body.grants, granted.body.grants)
    assert.deepEqual(await actionsOn('changing'), [
      'client.create',
      'client.update',
      'client.update',
      'client.update',
      'client.grant',
    ])
  })

  it('leaves on the trail what it was and became, under whose hand, and nothing of its secrets', async () => {
    const client = await made('trailed')
    const key = keyFor('EdDSA')
    await call('PATCH', '/trailed', { name: 'Anew' })
    await call('PUT', '/trailed/keys', { keys: [key.jwk] })
    const second = (await call('POST', '/trailed/secrets', { graceHours: 1 })).body
    await works({ clientId: 'trailed', secret: second.secret })
    await call('POST', '/trailed/revoke-tokens')
    const entries = await g.db.query(sql`
      SELECT e.action, e.actor_name AS by, e.before, e.after FROM audit.entries e
      JOIN access.clients c ON c.id = e.subject_id WHERE c.client_id = 'trailed' ORDER BY e.at`)
    const [created, renamed, keyed, rotated, signedIn, revoked] = entries
    assert.equal(entries.length, 6)
    assert.deepEqual(
      [created!.after.clientId, created!.after.ownerId, created!.after.keys],
      ['trailed', null, []],
    )
    assert.deepEqual([renamed!.before, renamed!.after], [{ name: 'trailed' }, { name: 'Anew' }])
    assert.deepEqual(Object.keys(keyed!.after), ['keys'])
    assert.deepEqual([keyed!.before.keys, keyed!.after.keys[0].jwk.x], [[], key.jwk.x])
    const [before, after] = [rotated!.before.secrets, rotated!.after.secrets]
    assert.deepEqual([before.length, after.length, after[1].id], [1, 2, second.id])
    assert.ok(after[0].id === before[0].id && after[0].expiresAt < before[0].expiresAt)
    assert.deepEqual([signedIn!.action, signedIn!.by], ['client.sign-in', 'trailed'])
    assert.deepEqual([revoked!.before, revoked!.after], [{ tokenSeries: 1 }, { tokenSeries: 2 }])
    const { trail } = (await g.db.one<{ trail: string }>(
      sql`SELECT string_agg(e::text, '') AS trail FROM audit.entries e`,
    ))!
    for (const secret of [client.secret, second.secret])
      for (const form of [secret, createHash('sha256').update(secret).digest('hex')])
        assert.ok(!trail.includes(form))
  })

  it('lets nobody raise a client of their own, or make one with power theirs', async () => {
    const mine = await user('lemma', 'system-administrator')
    const asLemma = (method: string, path: string, body?: unknown) =>
      g.call(method, `/api/v1/clients${path}`, { token: mine, body })
    const grants = [{ role: 'payment-approver' }]
    const own = { clientId: 'lemmas', name: 'x', owner: 'lemma' }
    assertProblem(await asLemma('POST', '', { ...own, grants }), 422, { rule: 'own-grants' })
    assert.equal((await asLemma('POST', '', { ...own, grants: [] })).status, 201)
    assertProblem(await asLemma('PUT', '/lemmas/grants', { grants }), 422, { rule: 'own-grants' })
    assertProblem(await asLemma('PATCH', '/lemmas', { owner: null }), 422, { rule: 'own-grants' })
    await made('others', { grants })
    assertProblem(await asLemma('PATCH', '/others', { owner: 'lemma' }), 422, { rule: 'own-grants' })
    assert.equal((await asLemma('PATCH', '/lemmas', { name: 'Renamed' })).status, 200)
    assert.equal((await call('PUT', '/lemmas/grants', { grants })).status, 200, 'somebody else may')
    await call('POST', '/lemmas/disable')
    assertProblem(await asLemma('POST', '/lemmas/enable'), 422, { rule: 'own-grants' })

    const self = await clientWith(g, ['system-administrator'])
    const token = (await askBySecret(g, self)).body.access_token
    const raised = await g.call('PUT', `/api/v1/clients/${self.clientId}/grants`, { token, body: { grants } })
    assertProblem(raised, 422, { rule: 'own-grants' })
  })

  it('counts a client without an owner as whoever made it and was shown its secret, at every decision', async () => {
    const mine = await user('maker', 'system-administrator')
    const body = { clientId: 'makers', name: 'x', grants: [] }
    assert.equal((await g.call('POST', '/api/v1/clients', { token: mine, body })).status, 201)
    const row = await g.db.one<{ maker: string; person: string; client: string }>(sql`
      SELECT u.id AS maker, u.person_id AS person, c.id AS client FROM access.users u, access.clients c
      WHERE u.username = 'maker' AND c.client_id = 'makers'`)
    const { access } = g.services
    const persons = async () => (await access.identitiesOf([row!.client])).get(row!.client)!.persons
    assert.deepEqual(await persons(), [row!.person])
    assert.equal((await access.actorNow({ kind: 'client', id: row!.client }))!.personId, row!.person)
    await user('owner-of-it', 'auditor')
    const owner = (await g.db.one<{ id: string }>(
      sql`SELECT person_id AS id FROM access.users WHERE username = 'owner-of-it'`,
    ))!.id
    assert.equal((await call('PATCH', '/makers', { owner: 'owner-of-it' })).status, 200)
    assert.deepEqual(new Set(await persons()), new Set([owner, row!.person]), 'whoever knows the secret, too')
    await call('POST', '/makers/secrets', { graceHours: 0 })
    assert.deepEqual(new Set(await persons()), new Set([owner, row!.person]), 'while tokens may be about')
    await g.db.run(sql`
      UPDATE access.client_secrets SET revoked_at = revoked_at - interval '16 minutes' WHERE client_id = ${row!.client}`)
    assert.deepEqual(await persons(), [owner], 'and then the owner alone')
  })

  it('is for administrators of everything alone', async () => {
    await g.services.areas.createMany(root, [{ code: 'KE', name: 'Kenya' }])
    const limited = await g.as('system-administrator', { areas: ['KE'] })
    const auditor = await g.as('auditor')
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/kobo', undefined],
      ['POST', '', { clientId: 'zz', name: 'x', grants: [] }],
      ['PATCH', '/kobo', { name: 'x' }],
      ['PUT', '/kobo/grants', { grants: [] }],
      ['PUT', '/kobo/keys', { keys: [] }],
      ['POST', '/kobo/secrets', {}],
      ['DELETE', '/kobo/secrets/CS-00000-000000', undefined],
      ['POST', '/kobo/revoke-tokens', undefined],
      ['POST', '/kobo/disable', undefined],
      ['POST', '/kobo/enable', undefined],
    ] as const) {
      const about = `${method} ${path}`
      const asLimited = await g.call(method, `/api/v1/clients${path}`, { token: limited, body })
      assertProblem(asLimited, 403, { rule: 'area-scope', about })
      if (method === 'GET') continue
      assertProblem(await g.call(method, `/api/v1/clients${path}`, { token: auditor, body }), 403, { about })
    }
  })

  it('gives a new secret while the one before goes on for its grace, two at most', async () => {
    const first = await made('rotating')
    const rotate = (graceHours?: number) =>
      call('POST', '/rotating/secrets', graceHours === undefined ? {} : { graceHours })
    const { status, body, headers } = await rotate()
    assert.deepEqual([status, headers.get('Cache-Control')], [201, 'no-store'])
    const second = { clientId: 'rotating', secret: body.secret }
    assert.deepEqual([await works(first), await works(second)], [true, true])
    const [old, young] = (await call('GET', '/rotating')).body.secrets
    assert.ok(Math.abs(Date.parse(old.expiresAt) - Date.now() - 24 * HOUR) < HOUR)
    assert.deepEqual([young.id, young.hint], [body.id, body.secret.slice(-4)])

    assertProblem(await rotate(1), 409, { rule: 'two-secrets' })
    assert.deepEqual([await works(first), await works(second)], [true, true])
    await g.db.run(sql`
      UPDATE access.client_secrets SET expires_at = now() - interval '1 second'
      WHERE hint = ${first.secret.slice(-4)}`)
    assert.deepEqual([await works(first), await works(second)], [false, true], 'the grace is over')

    const third = { clientId: 'rotating', secret: (await rotate(0)).body.secret }
    assert.deepEqual([await works(second), await works(third)], [false, true])
    const { id } = (await call('GET', '/rotating')).body.secrets[0]
    assertProblem(await call('DELETE', `/kobo/secrets/${id}`), 404, { about: 'a secret of another client' })
    assert.deepEqual((await call('DELETE', `/rotating/secrets/${id}`)).body.secrets, [])
    assertProblem(await call('DELETE', `/rotating/secrets/${id}`), 404)
    assert.deepEqual([await works(third), await works({ ...third, secret: '' })], [false, false])
  })

  it('never lengthens the life of a secret that ends before its grace does', async () => {
    await made('ending')
    await g.db.run(sql`
      UPDATE access.client_secrets s SET expires_at = now() + interval '1 hour'
      FROM access.clients c WHERE c.id = s.client_id AND c.client_id = 'ending'`)
    await call('POST', '/ending/secrets', { graceHours: 720 })
    const [old] = (await call('GET', '/ending')).body.secrets
    assert.ok(Date.parse(old.expiresAt) < Date.now() + 2 * HOUR)
  })

  it('rotates one after the other, however many ask at once', async () => {
    await made('raced')
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/raced/secrets', {})))
    assert.deepEqual(
      answers.map(a => a.status).toSorted((a, b) => a - b),
      [201, 409, 409, 409, 409, 409],
    )
    assert.equal((await call('GET', '/raced')).body.secrets.length, 2)
  })

  it('takes public keys and refuses the rest', async () => {
    await made('keyed')
    const key = keyFor('ES256', 'k1')
    const { status, body } = await call('PUT', '/keyed/keys', { keys: [key.jwk] }, { 'If-Match': '"v1"' })
    assert.deepEqual(body.warnings, [])
    assert.equal(status, 200)
    assert.deepEqual(
      body.keys.map((k: { kid: string; alg: string; lastUsed: null }) => [k.kid, k.alg, k.lastUsed]),
      [['k1', 'ES256', null]],
    )
    const put = (jwk: object) => call('PUT', '/keyed/keys', { keys: [jwk] })
    assertProblem(await put({ ...key.jwk, ...key.privateKey.export({ format: 'jwk' }) }), 400, {
      pointer: '/keys/0/d',
    })
    assertProblem(await put({ ...key.jwk, x5u: 'https://evil.example' }), 400, { pointer: '/keys/0/x5u' })
    assertProblem(await put({ ...key.jwk, alg: 'ES384' }), 400, { pointer: '/keys/0/alg' })
    assertProblem(await call('PUT', '/keyed/keys', { keys: [] }, { 'If-Match': '"v1"' }), 412)
    assert.deepEqual((await call('GET', '/keyed')).body.keys, body.keys)
  })
})

describe('an OAuth client that knows nothing of us but our metadata', function () {
  this.timeout(20_000)
  let g: TestGateway
  before(async () => {
    g = await startTestGateway()
  })
  after(() => g.close())

  /** As it is published, but at the address of the test. */
  const discovered = async (clientId: string, authentication: oauth.ClientAuth) => {
    const { status, body } = await g.call('GET', '/.well-known/oauth-authorization-server')
    assert.equal(status, 200)
    const here = JSON.parse(JSON.stringify(body).replaceAll(`${body.issuer}/`, `${g.url}/`))
    const config = new oauth.Configuration(here, clientId, undefined, authentication)
    oauth.allowInsecureRequests(config)
    return config
  }

  it('gets tokens by every method and algorithm that is named there, and ends them', async () => {
    const keys = ALGORITHMS.map(alg => keyFor(alg))
    const client = await clientWith(g, ['auditor'], keys)
    const { body: metadata } = await g.call('GET', '/.well-known/oauth-authorization-server')
    assert.deepEqual(
      metadata.token_endpoint_auth_signing_alg_values_supported.toSorted(),
      [...ALGORITHMS, 'Ed25519'].toSorted(),
    )
    const byKey = await Promise.all(
      keys.map(async ({ kid, alg, privateKey }) => {
        const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
        const key = await crypto.subtle.importKey('pkcs8', pkcs8, WEBCRYPTO[alg]!, false, ['sign'])
        return oauth.PrivateKeyJwt({ key, kid })
      }),
    )
    for (const authentication of [
      oauth.ClientSecretBasic(client.secret),
      oauth.ClientSecretPost(client.secret),
      ...byKey,
    ]) {
      const config = await discovered(client.clientId, authentication)
      const answer = await oauth.clientCredentialsGrant(config, { scope: 'audit:read' })
      assert.deepEqual([answer.scope, answer.token_type], ['audit:read', 'bearer'])
      const token = answer.access_token
      assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
      await oauth.tokenRevocation(config, token)
      assertProblem(await g.call('GET', '/api/v1/audit-entries', { token }), 401)
      await assert.rejects(oauth.clientCredentialsGrant(config, { scope: 'user:write' }), {
        error: 'invalid_scope',
        status: 400,
      })
    }
  })

  it('verifies them by the keys that are published, which hold nothing private', async () => {
    const { jwtVerify, createLocalJWKSet } = await import('jose')
    const token = await g.as('auditor')
    const { body, headers } = await g.call('GET', '/.well-known/jwks.json')
    assert.match(headers.get('Cache-Control') ?? '', /max-age/)
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), { issuer: 'https://annona.test' })
    assert.equal(payload.client_id, 'client-1')
    const published = await g.services.keys.publicKeys('token')
    assert.deepEqual(
      body.keys,
      published.map(({ kid, alg, jwk: { kty, crv, x, y } }) => ({ kty, crv, x, y, kid, alg, use: 'sig' })),
    )
  })

  it('is told that there is no public address where there is none', async () => {
    const hidden = await startTestGateway({ issuer: '' })
    try {
      assertProblem(await hidden.call('GET', '/.well-known/oauth-authorization-server'), 404)
      assert.ok(await hidden.as('auditor'), 'tokens are there all the same')
      const token = await hidden.as('system-administrator')
      const { clientId } = await clientWith(hidden, ['auditor'])
      const keyed = (keys: object[]) =>
        hidden.call('PUT', `/api/v1/clients/${clientId}/keys`, { token, body: { keys } })
      const { warnings } = (await keyed([keyFor('ES256').jwk])).body
      assert.deepEqual(
        warnings.map((w: { rule: string }) => w.rule),
        ['no-issuer'],
        'keys are of no use without an address to name in assertions',
      )
      assert.deepEqual((await keyed([])).body.warnings, [])
    } finally {
      await hidden.close()
    }
  })
})

const WEBCRYPTO: Record<string, EcKeyImportParams | RsaHashedImportParams | Algorithm> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}
