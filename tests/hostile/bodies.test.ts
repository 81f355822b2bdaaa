import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertOAuthError, assertProblem } from '#tests/support/hostile.ts'

describe('a hostile body', () => {
  let g: TestGateway
  let token: string
  before(async () => {
    g = await startTestGateway()
    token = await g.as('system-administrator')
  })
  after(() => g.close())

  const post = (raw: string | Buffer, headers: Record<string, string> = {}) =>
    g.call('POST', '/api/v1/areas', {
      token,
      raw: raw as BodyInit,
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  const areas = (fields: string) => `{"areas":[{"code":"ET","name":"X",${fields}}]}`
  const stored = async () => (await g.db.one<{ n: number }>(COUNT_AREAS))!.n

  afterEach('leaves nothing behind, and the gateway answers', async () => {
    assert.equal(await stored(), 0)
    assert.equal((await g.call('GET', '/healthz')).body, 'ok')
  })

  it('with a field that there is not, at any level, is refused at that field', async () => {
    assertProblem(await post('{"areas":[],"isAdmin":true}'), 400, { pointer: '/isAdmin' })
    assertProblem(await post(areas('"level":9')), 400, { pointer: '/areas/0/level' })
    assertProblem(await post(areas('"a~b/c":9')), 400, { pointer: '/areas/0/a~0b~1c' })
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])
      assertProblem(await post(areas(`"${name}":{"polluted":1}`)), 400, { pointer: `/areas/0/${name}` })
    assertProblem(await post(areas('"names":{"__proto__":"x"}')), 400, {
      pointer: '/areas/0/names/__proto__',
    })
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })

  it('of the wrong types is refused, and nothing is turned into what would fit', async () => {
    for (const [value, pointer] of [
      ['{"areas":{"0":{"code":"ET","name":"X"}}}', '/areas'],
      ['{"areas":[{"code":1,"name":"X"}]}', '/areas/0/code'],
      ['{"areas":[{"code":"ET","name":true}]}', '/areas/0/name'],
      ['{"areas":[{"code":"ET","name":null}]}', '/areas/0/name'],
      ['{"areas":[null]}', '/areas/0'],
      ['{"areas":"x"}', '/areas'],
      ['[]', ''],
      ['null', ''],
      ['true', ''],
      ['0', ''],
      ['""', ''],
    ] as const)
      assertProblem(await post(value), 400, { pointer, about: value })
  })

  it('that is a text holding JSON is not parsed a second time', async () => {
    assertProblem(await post(JSON.stringify(areas('"parent":"ET"'))), 400, { pointer: '' })
    assertProblem(await post(JSON.stringify('{"areas":[{"code":"ET","name":"a\\u0000b"}]}')), 400)
  })

  it('with numbers that are not what they seem is refused at the number', async () => {
    for (const number of ['1e400', '-1e400', '9007199254740993', '-9007199254740992', '1e300']) {
      const answer = await post(areas(`"names":{"en":${number}}`))
      assertProblem(answer, 400, { pointer: '/areas/0/names/en' })
      assert.equal(answer.body.errors[0].code, 'number')
    }
    for (const number of ['NaN', 'Infinity', '0x10', '01', '+1', '1_000'])
      assertProblem(await post(areas(`"names":{"en":${number}}`)), 400, { pointer: '' })
  })

  it('with text that the database cannot hold is refused at the text', async () => {
    for (const bad of ['a\\u0000b', '\\ud800', 'x\\udc00\\ud800']) {
      assertProblem(await post(areas(`"names":{"en":"${bad}"}`)), 400, { pointer: '/areas/0/names/en' })
      assertProblem(await post(areas(`"names":{"${bad}":"x"}`)), 400, { pointer: '/areas/0/names' })
    }
    const latin1 = Buffer.from('{"areas":[{"code":"ET","name":"caf\xe9"}]}', 'latin1')
    assertProblem(await post(latin1), 400, { pointer: '' })
    const overlong = Buffer.concat([Buffer.from('{"areas":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])
    assertProblem(await post(overlong), 400, { pointer: '' })
  })

  it('nested ten thousand levels deep, or with a million values, is refused in no time', async () => {
    const deep = (open: string, close: string, n: number) => open.repeat(n) + close.repeat(n)
    const since = performance.now()
    assertProblem(await post(`{"areas":${deep('[', ']', 10_000)}}`), 400)
    assertProblem(await post(`{"areas":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`), 400)
    assertProblem(await post('['.repeat(1_000_000)), 400)
    assertProblem(await post(`{"areas":[${'0,'.repeat(400_000)}0]}`), 400)
    assertProblem(await post(`{"areas":[${'{},'.repeat(90_000)}{}]}`), 400, { pointer: '/areas' })
    assert.ok(performance.now() - since < 5_000, `${performance.now() - since} ms`)
  })

  it('that is not JSON is refused without a word of the inside', async () => {
    for (const text of [
      '{',
      '{"areas":[}',
      "{'areas':[]}",
      '{"areas":[],}',
      '\ufeff{}x',
      '{} {}',
      'undefined',
    ])
      assertProblem(await post(text), 400, { pointer: '', about: text })
    assertProblem(await post(''), 400, { pointer: '' })
  })

  it('in another form than the document says is refused', async () => {
    const body = '{"areas":[{"code":"ET","name":"X"}]}'
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense', ''])
      assertProblem(await post(body, { 'Content-Type': type }), 415, { about: type })
    for (const encoding of ['gzip', 'br', 'identity, gzip'])
      assertProblem(await post(body, { 'Content-Encoding': encoding }), 415, { about: encoding })
  })

  it('of a form is held to the same rules', async () => {
    const form = (raw: string) =>
      g.call('POST', '/oauth2/token', {
        raw,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      })
    const base = 'grant_type=client_credentials&client_id=abc&client_secret=x'
    const refused = async (raw: string, field: RegExp) => {
      const answer = await form(raw)
      assertOAuthError(answer, 400, 'invalid_request', raw)
      assert.match(answer.body.error_description, field)
    }
    await refused(`${base}&admin=1`, /^\/admin /)
    await refused(`${base}&client_id=other`, /^\/client_id /)
    await refused(`${base}%00`, /^\/client_secret /)
    await refused(`${base}%zz`, /percent-encoded/)
    await refused(`${base}%ff`, /percent-encoded/)
    await refused(`${base}&__proto__=1`, /^\/__proto__ /)
    await refused(`${base}&"\\=1`, /^\/'\? /)
    assertOAuthError(
      await form('grant_type=password&client_id=abc&client_secret=x'),
      400,
      'unsupported_grant_type',
    )
    assertOAuthError(await form(`${base}&scope=${'x'.repeat(20_000)}`), 413, 'invalid_request')
    assertOAuthError(await form(base), 401, 'invalid_client')
    const basic = Buffer.from('abc\0:x').toString('base64')
    const nul = { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' }
    assertOAuthError(
      await g.call('POST', '/oauth2/token', { raw: 'grant_type=client_credentials', headers: nul }),
      401,
      'invalid_client',
    )
  })
})

const COUNT_AREAS = sql`SELECT count(*)::int AS n FROM areas.areas`
