import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import { askBySecret, clientWith, post, type TestClient } from '#tests/support/clients.ts'
import {
  anotherGateway,
  type CallOptions,
  startTestGateway,
  type TestGateway,
} from '#tests/support/gateway.ts'
import { assertOAuthError, assertProblem } from '#tests/support/hostile.ts'
import { addUser, tryToSignIn } from '#tests/support/people.ts'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

/** A token signed with any key in the form of ES256, whatever its header claims. */
const forge = (header: object, payload: object, key: KeyObject): string => {
  const input = `${encode(header)}.${encode(payload)}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

describe('a token', () => {
  let g: TestGateway
  let genuine: string
  let header: Record<string, unknown>
  let payload: Record<string, unknown>
  let key: KeyObject
  before(async () => {
    g = await startTestGateway()
    genuine = await g.as('auditor')
    ;[header, payload] = genuine.split('.').slice(0, 2).map(decode) as [typeof header, typeof payload]
    key = (await g.services.keys.signingKey('token')).privateKey
  })
  after(() => g.close())

  const status = async (token: string) => (await g.call('GET', '/api/v1/audit-entries', { token })).status
  const refuse = async (token: string, about: string) => {
    const answer = await g.call('GET', '/api/v1/audit-entries', { token })
    assertProblem(answer, 401, { about })
    assert.match(answer.headers.get('WWW-Authenticate') ?? '', /^Bearer/)
  }

  it('made as ours are is accepted, so that the forgeries below fail for their own reason', async () => {
    assert.equal(await status(genuine), 200)
    assert.equal(await status(forge(header, payload, key)), 200)
  })

  it('of another issuer, audience, type or time is refused though our key signed it', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const [about, h, p] of [
      ['issuer', {}, { iss: 'https://evil.example' }],
      ['no issuer', {}, { iss: undefined }],
      ['audience', {}, { aud: 'other' }],
      ['no audience', {}, { aud: undefined }],
      ['type', { typ: 'JWT' }, {}],
      ['id token', { typ: 'id+jwt' }, {}],
      ['no type', { typ: undefined }, {}],
      ['expired', {}, { exp: now - 1 }],
      ['no expiry', {}, { exp: undefined }],
      ['expiry of text', {}, { exp: '9999999999' }],
      ['not yet', {}, { nbf: now + 3_600 }],
      ['no subject', {}, { sub: undefined }],
      ['nobody', {}, { sub: '00000000-0000-7000-8000-000000000000' }],
      ['critical', { crit: ['exp'] }, {}],
      ['no kid', { kid: undefined }, {}],
      ['another series', {}, { series: 0 }],
      ['a series to come', {}, { series: 2 }],
      ['a series of text', {}, { series: "1' OR '1'='1" }],
      ['no series', {}, { series: undefined }],
      ['no id', {}, { jti: undefined }],
      ['an id that is none of ours', {}, { jti: "'; DROP TABLE access.clients; --" }],
      ['a scope that is a list', {}, { scope: ['audit:read'] }],
      ['a subject that is a statement', {}, { sub: "' OR '1'='1" }],
    ] as const)
      await refuse(forge({ ...header, ...h }, { ...payload, ...p }, key), about)
  })

  it('signed by anything but our token key is refused, wherever its header points', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    for (const more of [
      {},
      { jwk },
      { jku: `${g.url}/keys` },
      { x5u: `${g.url}/cert` },
      { kid: '../../dev/null' },
    ])
      await refuse(forge({ ...header, ...more }, payload, privateKey), JSON.stringify(more))
    const credential = await g.services.keys.signingKey('credential')
    await refuse(forge(header, payload, credential.privateKey), 'credential key under the token kid')
    await refuse(forge({ ...header, kid: credential.kid }, payload, credential.privateKey), 'credential kid')
  })

  it('of another algorithm is refused', async () => {
    const [h, p, signature] = genuine.split('.')
    const [published] = await g.services.keys.publicKeys('token')
    for (const alg of ['none', 'None', 'NONE', ''])
      for (const end of ['', signature!])
        await refuse(`${encode({ ...header, alg })}.${p}.${end}`, `alg ${alg}`)
    const input = `${encode({ ...header, alg: 'HS256' })}.${p}`
    for (const secret of [JSON.stringify(published!.jwk), published!.kid, '', String(published!.jwk.x)]) {
      const mac = createHmac('sha256', secret).update(input).digest('base64url')
      await refuse(`${input}.${mac}`, 'HMAC by the public key')
    }
    const zero = Buffer.alloc(64).toString('base64url')
    await refuse(`${h}.${p}.${zero}`, 'a signature of zeros')
    await refuse(`${h}.${p}`, 'two parts')
    await refuse(`${genuine}.x`, 'four parts')
  })

  it('that is no token is refused', async () => {
    for (const token of ['a.b.c', '..', '.', 'null', 'ses_', `ses_${'x'.repeat(1_900)}`, 'x'.repeat(5_000)])
      await refuse(token, token.slice(0, 20))
  })

  it('is asked for in the header and nowhere else', async () => {
    assertProblem(await g.call('GET', `/api/v1/audit-entries?access_token=${genuine}`), 401)
    const headers = [
      { Cookie: `token=${genuine}` },
      { Authorization: genuine },
      { Authorization: `Basic ${genuine}` },
      { Authorization: 'Bearer' },
      { Authorization: `Bearer ${genuine} x` },
      { Authorization: `Bearer ${genuine},${genuine}` },
    ]
    for (const given of headers)
      assertProblem(await g.call('GET', '/api/v1/audit-entries', { headers: given }), 401, {
        about: Object.keys(given)[0]!,
      })
  })

  it('is worth nothing a second after its client was disabled, or its user', async () => {
    const admin = await g.as('system-administrator')
    await addUser(g, 'almaz', 'auditor')
    const signIn = () => tryToSignIn(g, 'almaz')
    const session = (await signIn()).body.token
    const client = await g.as('auditor')
    assert.deepEqual([await status(session), await status(client)], [200, 200])

    await g.call('POST', '/api/v1/users/almaz/disable', { token: admin })
    await g.db.run(
      sql`UPDATE access.clients SET status = 'disabled' WHERE id = ${decode(client.split('.')[1]!).sub}`,
    )
    assert.equal(await status(session), 401, 'a session ends at once')
    await pause(1_050)
    assert.equal(await status(client), 401)
    assertProblem(await signIn(), 401)
  })

  it('loses what its account loses within a second', async () => {
    const token = await g.as('auditor')
    assert.equal(await status(token), 200)
    await g.db.run(sql`DELETE FROM access.grants WHERE holder_id = ${decode(token.split('.')[1]!).sub}`)
    await pause(1_050)
    assert.equal(await status(token), 403)
  })
})

describe('a token that was ended', function () {
  this.timeout(20_000)
  const root = systemCtx('test', 'test')
  let g: TestGateway
  let other: Awaited<ReturnType<typeof anotherGateway>>
  before(async () => {
    g = await startTestGateway()
    other = await anotherGateway(g)
  })
  after(async () => {
    await other.close()
    await g.close()
  })

  const tokenOf = async (client: TestClient): Promise<string> =>
    (await askBySecret(g, client)).body.access_token
  const on = async (gateway: Pick<TestGateway, 'call'>, token: string) =>
    (await gateway.call('GET', '/api/v1/sessions/current', { token })).status
  const revoke = ({ clientId, secret }: TestClient, token: string) =>
    post(g, '/oauth2/revoke', { client_id: clientId, client_secret: secret, token })
  /** Asserts that tokens work on both gateways, so that both remember them; ends them; and asserts that they do not. */
  const ends = async (tokens: string[], end: () => Promise<unknown>) => {
    for (const token of tokens) assert.deepEqual([await on(g, token), await on(other, token)], [200, 200])
    await end()
    await pause(1_050)
    for (const token of tokens) assert.deepEqual([await on(g, token), await on(other, token)], [401, 401])
  }

  it('by its client is worth nothing here at once, and within a second on another gateway', async () => {
    const client = await clientWith(g, ['auditor'])
    const [token, sibling] = [await tokenOf(client), await tokenOf(client)]
    await ends([token], async () => {
      const answer = await revoke(client, token)
      assert.deepEqual([answer.status, answer.body], [200, ''])
      assert.equal(await on(g, token), 401)
    })
    assert.equal(await on(g, sibling), 200, 'another token of the client goes on')
    assert.equal((await revoke(client, token)).status, 200, 'ending it again changes nothing')
    await ends([sibling], async () => {
      assert.equal((await g.call('DELETE', '/api/v1/sessions/current', { token: sibling })).status, 204)
      assert.equal(await on(g, sibling), 401)
    })
    assert.equal(await on(g, await tokenOf(client)), 200, 'a new one works')
  })

  it('is ended by nobody else, and nobody is told whether there was one', async () => {
    const [client, stranger] = [
      await clientWith(g, ['auditor']),
      await clientWith(g, ['system-administrator']),
    ]
    const token = await tokenOf(client)
    const user = { username: 'almaz', name: 'Almaz', password: 'correct horse battery', grants: [] }
    await g.services.access.createUser(root, user)
    const { username, password } = user
    const session = (await g.call('POST', '/api/v1/sessions', { body: { username, password } })).body.token
    for (const given of [token, session, 'x', 'a.b.c', `${token}x`, 'x'.repeat(7_000), "' OR '1'='1"]) {
      const answer = await revoke(stranger, given)
      assert.deepEqual([answer.status, answer.body], [200, ''], given.slice(0, 40))
    }
    assertOAuthError(await revoke({ ...client, secret: 'wrong' }, token), 401, 'invalid_client')
    assertOAuthError(await post(g, '/oauth2/revoke', { token }), 401, 'invalid_client')
    const bearer = await post(g, '/oauth2/revoke', { token }, { Authorization: `Bearer ${token}` })
    assertOAuthError(bearer, 401, 'invalid_client')
    assert.deepEqual([await on(g, token), await on(g, session)], [200, 200])
  })

  it('with all of its client, or with what it was got by, does not come back', async () => {
    const client = await clientWith(g, ['auditor'])
    const { access } = g.services
    const { clientId } = client
    await ends([await tokenOf(client), await tokenOf(client)], () =>
      access.revokeClientTokens(root, clientId),
    )
    const token = await tokenOf(client)
    await ends([token], () => access.disableClient(root, clientId))
    await access.enableClient(root, clientId)
    await pause(1_050)
    assert.equal(await on(g, token), 401, 'the client works again, its old token does not')
    await ends([await tokenOf(client)], async () => {
      const { secret } = await access.rotateSecret(root, clientId, 0)
      assertOAuthError(await askBySecret(g, client), 401, 'invalid_client')
      client.secret = secret
    })
    await ends([await tokenOf(client)], async () => {
      const { secrets } = await access.getClient(root, clientId)
      await access.removeSecret(root, clientId, secrets[0]!.id)
      assertOAuthError(await askBySecret(g, client), 401, 'invalid_client')
    })
    const { secret } = await access.rotateSecret(root, clientId, 24)
    assert.equal(await on(other, await tokenOf({ clientId, secret })), 200)
  })

  it('is forgotten when it would have expired anyway', async () => {
    const client = await clientWith(g, [])
    await revoke(client, await tokenOf(client))
    const kept = sql`SELECT count(*)::int AS n FROM access.revoked_tokens`
    const before = (await g.db.one<{ n: number }>(kept))!.n
    await g.services.access.sweepTokens()
    assert.equal((await g.db.one<{ n: number }>(kept))!.n, before)
    await g.db.run(sql`UPDATE access.revoked_tokens SET expires_at = now() - interval '1 second'`)
    await g.services.access.sweepTokens()
    assert.equal((await g.db.one<{ n: number }>(kept))!.n, 0)
  })
})

describe('a token for a scope', () => {
  let g: TestGateway
  let client: TestClient
  before(async () => {
    g = await startTestGateway()
    client = await clientWith(g, ['registrar', 'auditor'])
  })
  after(() => g.close())

  const ask = (scope?: string) => askBySecret(g, client, scope === undefined ? {} : { scope })
  const area: CallOptions = { body: { areas: [{ code: 'ET', name: 'Ethiopia' }] } }

  it('does no more than it was asked for, though its client may', async () => {
    const { status, body } = await ask('audit:read area:read audit:read')
    assert.deepEqual([status, body.scope], [200, 'area:read audit:read'])
    const token = body.access_token
    const { body: me } = await g.call('GET', '/api/v1/sessions/current', { token })
    assert.deepEqual(me.permissions, ['area:read', 'audit:read'])
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
    assert.equal((await g.call('GET', '/api/v1/areas', { token })).status, 200)
    assertProblem(await g.call('GET', '/api/v1/registrants', { token }), 403)
    assertProblem(await g.call('POST', '/api/v1/areas', { token, ...area }), 403)
  })

  it('left out, does what its client may do, and says what that is', async () => {
    for (const none of [undefined, '']) {
      const { access_token: token, scope } = (await ask(none)).body
      const { body: me } = await g.call('GET', '/api/v1/sessions/current', { token })
      assert.deepEqual(scope.split(' '), me.permissions)
      assert.equal((await g.call('GET', '/api/v1/registrants', { token })).status, 200)
    }
  })

  it('is refused for what its client may not do, and for what there is not', async () => {
    for (const scope of [
      'user:write',
      'audit:read user:write',
      'audit:read audit:fly',
      '*',
      'any',
      'audit:*',
      'AUDIT:READ',
      ' ',
      ' audit:read',
      'audit:read ',
      'audit:read  area:read',
      'audit:read\tarea:read',
      'audit:read,area:read',
      'constructor',
      "audit:read' OR '1'='1",
      'audit:read\u00a0area:read',
    ])
      assertOAuthError(await ask(scope), 400, 'invalid_scope', JSON.stringify(scope))
  })

  it('gives nothing that its client has lost since', async () => {
    const passing = await clientWith(g, ['auditor'])
    const token = (await askBySecret(g, passing, { scope: 'audit:read' })).body.access_token
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 200)
    await g.services.access.replaceClientGrants(systemCtx('test', 'test'), passing.clientId, [
      { role: 'registrar' },
    ])
    await pause(1_050)
    assertProblem(await g.call('GET', '/api/v1/audit-entries', { token }), 403)
    assertProblem(await g.call('GET', '/api/v1/registrants', { token }), 403)
  })
})
