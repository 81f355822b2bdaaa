import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

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
    const user = {
      username: 'almaz',
      name: 'Almaz',
      password: 'correct horse',
      grants: [{ role: 'auditor' }],
    }
    await g.call('POST', '/api/v1/users', { token: admin, body: user })
    const signIn = () =>
      g.call('POST', '/api/v1/sessions', { body: { username: 'almaz', password: 'correct horse' } })
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
