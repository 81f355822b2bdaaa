import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import {
  ALGORITHMS,
  ASSERTION_TYPE,
  askByAssertion,
  askBySecret,
  assertionOf,
  claimsOf,
  clientWith,
  hmac,
  keyFor,
  now,
  post,
  signed,
  type TestClient,
  type TestKey,
} from '#tests/support/clients.ts'
import { anotherGateway, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertOAuthError } from '#tests/support/hostile.ts'

const root = systemCtx('test', 'test')

describe('the assertion of a client', function () {
  this.timeout(20_000)
  const keys = new Map(ALGORITHMS.map(alg => [alg, keyFor(alg)]))
  const key = keys.get('ES256')!
  let g: TestGateway
  let client: TestClient
  before(async () => {
    g = await startTestGateway()
    client = await clientWith(g, ['auditor'], [...keys.values()])
  })
  after(() => g.close())
  beforeEach('nothing is slowed down by what was refused before', () =>
    g.db.run(sql`DELETE FROM access.throttles`),
  )

  const ask = (assertion: string) => askByAssertion(g, assertion)
  const refuse = async (assertion: string, about: string) =>
    assertOAuthError(await ask(assertion), 401, 'invalid_client', about)
  const accept = async (assertion: string, about = '') => {
    const answer = await ask(assertion)
    assert.equal(answer.status, 200, `${about} ${JSON.stringify(answer.body)}`)
    return answer.body.access_token as string
  }

  it('gets it a token, signed by any of its keys', async () => {
    for (const [alg, each] of keys) {
      const token = await accept(assertionOf(client.clientId, each), alg)
      assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
    }
    const { keys: shown } = await g.services.access.getClient(root, client.clientId)
    const today = new Date().toISOString().slice(0, 10)
    assert.deepEqual(
      shown.map(k => [k.kid, k.lastUsed]),
      [...keys.values()]
        .map(k => k.kid)
        .toSorted()
        .map(kid => [kid, today]),
    )
  })

  it('is for us, of the client, and for now', async () => {
    const at = now()
    for (const [about, claims] of Object.entries({
      'another issuer': { iss: 'other' },
      'no issuer': { iss: undefined },
      'another subject': { sub: 'system-9999' },
      'no subject': { sub: undefined },
      'a subject that is a list': { sub: [client.clientId] },
      'another audience': { aud: 'https://evil.example' },
      'another audience beside us': { aud: ['https://annona.test', 'https://evil.example'] },
      'no audience': { aud: undefined },
      'an empty audience': { aud: [] },
      'an audience that begins like ours': { aud: 'https://annona.test.evil.example' },
      expired: { exp: at - 90 },
      'too long': { exp: at + 400 },
      'for ever': { exp: 1e300 },
      'no end': { exp: undefined },
      'an end of text': { exp: String(at + 60) },
      'not yet': { nbf: at + 90 },
      'made in the future': { iat: at + 90 },
      'made at a text': { iat: 'now' },
      'no id': { jti: undefined },
      'an empty id': { jti: '' },
      'an id that is a number': { jti: 1 },
      'a long id': { jti: 'x'.repeat(300) },
    }))
      await refuse(assertionOf(client.clientId, key, claims), about)
    for (const typ of ['at+jwt', 'dpop+jwt', 'id+jwt', '', 1, ['JWT']])
      await refuse(assertionOf(client.clientId, key, {}, { typ }), `type ${JSON.stringify(typ)}`)
    for (const [about, claims, header] of [
      ['a clock a minute late', { iat: at - 170, exp: at - 50 }, {}],
      ['a clock a minute early', { iat: at + 50, nbf: at + 50, exp: at + 350 }, {}],
      ['for the token endpoint', { aud: 'https://annona.test/oauth2/token' }, {}],
      ['for both', { aud: ['https://annona.test', 'https://annona.test/oauth2/token'] }, {}],
      ['typed', {}, { typ: 'JWT' }],
      ['typed for this', {}, { typ: 'client-authentication+jwt' }],
      ['an id that the database cannot hold as text', { jti: `\0\ud800${at}` }, {}],
    ] as const)
      await accept(assertionOf(client.clientId, key, claims, header), about)
  })

  it('is verified by the registered key alone, and nothing is fetched, wherever its header points', async () => {
    let fetched = 0
    const server = createServer((_request, response) => {
      fetched++
      response.end(JSON.stringify({ keys: [stranger.jwk] }))
    })
    const stranger = keyFor('ES256', key.kid)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      for (const header of [
        {},
        { jwk: stranger.jwk },
        { jku: `${url}/jwks.json` },
        { x5u: `${url}/cert.pem` },
        { x5c: [(stranger.jwk as { x: string }).x] },
        { kid: undefined },
        { kid: undefined, jwk: stranger.jwk },
      ])
        await refuse(assertionOf(client.clientId, stranger, {}, header), JSON.stringify(header))
      for (const header of [{ jku: `${url}/jwks.json` }, { x5u: `${url}/cert.pem` }, { jwk: stranger.jwk }])
        await accept(assertionOf(client.clientId, key, {}, header), 'ours, whatever it points at')
      assert.equal(fetched, 0)
    } finally {
      server.close()
    }
  })

  it('with a kid that is a path, a statement or no text is of an unknown key', async () => {
    const kids = [
      '../../../../dev/null',
      '/etc/passwd',
      `' OR '1'='1`,
      `${key.kid}'; DROP TABLE access.clients; --`,
      `${key.kid}\0`,
      `${key.kid} `,
      key.kid.toUpperCase(),
      '\ud800',
      '__proto__',
      '',
      0,
      null,
      true,
      [key.kid],
      { kid: key.kid },
    ]
    for (const kid of kids)
      await refuse(assertionOf(client.clientId, key, {}, { kid }), `kid ${JSON.stringify(kid)}`)
    await accept(assertionOf(client.clientId, key))
  })

  it('is of the algorithm of its key, never of the one that it says', async () => {
    const claims = () => claimsOf(client.clientId)
    const genuine = assertionOf(client.clientId, key)
    for (const alg of ['none', 'None', 'NONE', '', undefined, 'HS256'])
      for (const end of ['', genuine.split('.')[2]!]) {
        const head = Buffer.from(JSON.stringify({ alg, kid: key.kid })).toString('base64url')
        await refuse(`${head}.${genuine.split('.')[1]}.${end}`, `alg ${alg}`)
      }
    for (const k of keys.values()) {
      const pem = createPublicKey({ key: k.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
      for (const secret of [pem, JSON.stringify(k.jwk), k.kid, '', String(k.jwk.x ?? k.jwk.n)])
        for (const alg of ['HS256', k.alg])
          await refuse(hmac({ alg, kid: k.kid }, claims(), secret), `HMAC by the public ${k.alg} key`)
    }
    const as = (alg: string, k: TestKey) => signed({ alg, kid: k.kid }, claims(), { ...k, alg })
    await refuse(as('PS256', keys.get('RS256')!), 'an RS256 key that signs as PS256')
    await refuse(as('RS256', keys.get('PS256')!), 'a PS256 key that signs as RS256')
    await refuse(assertionOf(client.clientId, keys.get('ES384')!, {}, { kid: key.kid }), 'another kid')
  })

  it('with a critical header is refused', async () => {
    for (const header of [
      { crit: ['exp'], exp: 1 },
      { crit: ['b64'], b64: false },
      { crit: [] },
      { crit: 'x' },
      { crit: ['urn:x'], 'urn:x': 1 },
    ])
      await refuse(assertionOf(client.clientId, key, {}, header), JSON.stringify(header))
  })

  it('that is no assertion is refused', async () => {
    const [head, payload, signature] = assertionOf(client.clientId, key).split('.') as [
      string,
      string,
      string,
    ]
    for (const text of [
      'x',
      '..',
      `${head}.${payload}`,
      `${head}.${payload}.${signature}.x`,
      `${head}.${payload}.${'A'.repeat(signature.length)}`,
      `${head}.${Buffer.from('null').toString('base64url')}.${signature}`,
      `${head}.${Buffer.from('{"sub":"\\u0000"}').toString('base64url')}.${signature}`,
      `${Buffer.from('[]').toString('base64url')}.${payload}.${signature}`,
      `${Buffer.from('null').toString('base64url')}.${payload}.${signature}`,
      client.secret,
      client.clientId,
    ])
      await refuse(text, text.slice(0, 40))
    for (const type of [undefined, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']) {
      const form = { grant_type: 'client_credentials', client_assertion: assertionOf(client.clientId, key) }
      const typed = type ? { ...form, client_assertion_type: type } : form
      assertOAuthError(await post(g, '/oauth2/token', typed), 400, 'invalid_request', type)
    }
  })

  it('that is refused says on the trail what is wrong with it, and nowhere else', async () => {
    const at = now()
    const used = assertionOf(client.clientId, key)
    await accept(used)
    const [head, payload] = assertionOf(client.clientId, key).split('.')
    for (const [reason, assertion] of [
      ['audience', assertionOf(client.clientId, key, { aud: 'https://evil.example' })],
      ['audience', assertionOf(client.clientId, key, { aud: [] })],
      ['audience', assertionOf(client.clientId, key, { aud: undefined })],
      ['expired', assertionOf(client.clientId, key, { exp: at - 90 })],
      ['replayed', used],
      ['unknown-key', assertionOf(client.clientId, key, {}, { kid: 'lost' })],
      ['signature', `${head}.${payload}.${used.split('.')[2]}`],
      ['claims', assertionOf(client.clientId, key, { exp: at + 400 })],
      ['claims', assertionOf(client.clientId, key, { jti: undefined })],
      ['claims', assertionOf(client.clientId, key, {}, { typ: 'at+jwt' })],
    ] as const) {
      const answer = await ask(assertion)
      assertOAuthError(answer, 401, 'invalid_client', reason)
      assert.doesNotMatch(JSON.stringify(answer.body), new RegExp(reason))
      const last = await g.db.one<{ after: unknown }>(
        sql`SELECT after FROM audit.entries WHERE action = 'client.sign-in-failed' ORDER BY id DESC LIMIT 1`,
      )
      assert.deepEqual(last!.after, { name: client.clientId, reason })
    }
  })

  it('is used once, on whichever gateway, and of many at once one gets through', async () => {
    const other = await anotherGateway(g)
    try {
      const once = assertionOf(client.clientId, key)
      await accept(once)
      await refuse(once, 'a second time')
      assertOAuthError(await askByAssertion(other, once), 401, 'invalid_client', 'elsewhere')
      const jti = 'the same'
      await accept(assertionOf(client.clientId, key, { jti }))
      await refuse(assertionOf(client.clientId, key, { jti, exp: now() + 60 }), 'signed anew')
      const neighbour = await clientWith(g, [], [key])
      await accept(assertionOf(neighbour.clientId, key, { jti }), 'of another client')

      const raced = assertionOf(client.clientId, keys.get('EdDSA')!)
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => askByAssertion(i % 2 ? g : other, raced)),
      )
      assert.deepEqual(
        answers.map(a => a.status).toSorted((a, b) => a - b),
        [200, ...Array.from({ length: 11 }, () => 401)],
      )
    } finally {
      await other.close()
    }
  })

  it('is worth nothing for another client, and beside another proof', async () => {
    const other = await clientWith(g, ['system-administrator'])
    await refuse(assertionOf(other.clientId, key), 'by a key of ours for a client without keys')
    const mine = () => assertionOf(client.clientId, key)
    const named = await askByAssertion(g, mine(), { client_id: other.clientId })
    assertOAuthError(named, 400, 'invalid_request', 'another client_id')
    const twice = await askByAssertion(g, mine(), { client_secret: client.secret })
    assertOAuthError(twice, 400, 'invalid_request', 'a secret too')
    const basic = Buffer.from(`${client.clientId}:${client.secret}`).toString('base64')
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: mine(),
    }
    const withBasic = await post(g, '/oauth2/token', form, { Authorization: `Basic ${basic}` })
    assertOAuthError(withBasic, 400, 'invalid_request', 'HTTP Basic too')
    await accept(assertionOf(client.clientId, key))
  })

  it('is worth nothing once its key is taken away or its client disabled', async () => {
    const [first, second] = [keyFor('ES256', 'first'), keyFor('EdDSA', 'second')]
    const passing = await clientWith(g, ['auditor'], [first, second])
    await accept(assertionOf(passing.clientId, second))
    await g.services.access.replaceClientKeys(root, passing.clientId, [first.jwk as never])
    await refuse(assertionOf(passing.clientId, second), 'a key that was taken away')
    const again = keyFor('ES256', 'first')
    await g.services.access.replaceClientKeys(root, passing.clientId, [again.jwk as never])
    await refuse(assertionOf(passing.clientId, first), 'a key in whose place another came')
    await accept(assertionOf(passing.clientId, again))
    await g.services.access.disableClient(root, passing.clientId)
    await refuse(assertionOf(passing.clientId, again), 'of a disabled client')
    assertOAuthError(await askBySecret(g, passing), 401, 'invalid_client')
  })
})
