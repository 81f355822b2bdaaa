import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { asChosen, signedIn } from '#tests/support/people.ts'

describe('a grant limited to some programs', () => {
  let g: TestGateway
  let administrator: string
  let manager: string
  const program = (code: string) => ({
    code,
    name: code,
    target: 'group',
    currency: 'ETB',
    rules: ['true'],
    components: [{ code: 'FOOD', kind: 'in_kind', item: 'RICE', quantity: 1 }],
  })
  before(async () => {
    g = await startTestGateway()
    administrator = await g.as('system-administrator')
    manager = await g.as(['program-manager', 'warehouse-officer'])
    await g.call('POST', '/api/v1/items', {
      token: manager,
      body: { code: 'RICE', name: 'Rice', unit: 'KGM' },
    })
    for (const code of ['ONE', 'TWO']) {
      const { status, body } = await g.call('POST', '/api/v1/programs', {
        token: manager,
        body: program(code),
      })
      assert.equal(status, 201, JSON.stringify(body))
    }
  })
  after(() => g.close())

  const grant = (grants: object[]) => {
    const user = { username: 'sara', name: 'Sara', password: 'correct horse', grants }
    return g.call('POST', '/api/v1/users', { token: administrator, body: user })
  }

  it('is not widened by what is unknown, empty or not named', async () => {
    const role = 'program-manager'
    assertProblem(await grant([{ role, programs: ['NONE'] }]), 400, { pointer: '/grants/0/programs' })
    assertProblem(await grant([{ role }, { role, areas: ['ET'] }]), 400, { pointer: '/grants/1/areas' })
    assertProblem(await grant([{ role, programs: [] }]), 400, { pointer: '/grants/0/programs' })
    assertProblem(await grant([{ role, programs: null }]), 400, { pointer: '/grants/0/programs' })
    assertProblem(await grant([{ role: 'god' }]), 400, { pointer: '/grants/0/role' })
    assertProblem(await grant([{ role, programIds: [] }]), 400, { pointer: '/grants/0/programIds' })
    const { n } = (await g.db.one(sql`SELECT count(*)::int AS n FROM access.users`))!
    assert.equal(n, 0)
  })

  it('does not let its holder make users, open funds or change what belongs to every program', async () => {
    const one = await g.db.one<{ id: string }>(sql`SELECT id FROM programs.programs WHERE code = 'ONE'`)
    const limited = await g.as(
      ['system-administrator', 'finance-officer', 'warehouse-officer', 'program-manager'],
      {
        programIds: [one!.id],
      },
    )
    const attempts: [string, object][] = [
      [
        '/api/v1/users',
        { username: 'esc', name: 'E', password: 'correct horse', grants: [{ role: 'system-administrator' }] },
      ],
      ['/api/v1/clients', { clientId: 'esc', name: 'E', grants: [{ role: 'system-administrator' }] }],
      ['/api/v1/funds', { code: 'MINE', name: 'Mine', currency: 'ETB' }],
      ['/api/v1/items', { code: 'MINE', name: 'Mine', unit: 'KGM' }],
      ['/api/v1/programs', program('THREE')],
      ['/api/v1/areas', { areas: [{ code: 'XX', name: 'X' }] }],
      ['/api/v1/attribute-definitions', { kind: 'group', code: 'mine', type: 'string', label: 'Mine' }],
    ]
    for (const [path, body] of attempts) {
      const { status, body: problem } = await g.call('POST', path, { token: limited, body })
      assert.deepEqual([path, status, problem.rule], [path, 403, 'program-scope'])
    }
  })

  it('reaches those, and for the others all is as if they were not there', async () => {
    assert.equal((await grant([{ role: 'program-manager', programs: ['ONE'] }])).status, 201)
    await asChosen(g, 'sara')
    const token = await signedIn(g, 'sara')
    const read = (code: string) => g.call('GET', `/api/v1/programs/${code}`, { token })
    assert.equal((await read('ONE')).status, 200)
    const [foreign, missing] = [await read('TWO'), await read('NONE')]
    assertProblem(foreign, 404)
    assert.equal(foreign.body.detail, missing.body.detail)
    const { body } = await g.call('GET', '/api/v1/programs', { token })
    assert.deepEqual(
      body.items.map((p: { code: string }) => p.code),
      ['ONE'],
    )
  })

  it('hears of what happens in those, and not how much happens in others', async () => {
    const one = await g.db.one<{ id: string }>(sql`SELECT id FROM programs.programs WHERE code = 'ONE'`)
    const token = await g.as('integrator', { programIds: [one!.id] })
    const everywhere = await g.as('integrator')
    for (const code of ['ONE', 'TWO'])
      assert.equal(
        (await g.call('POST', `/api/v1/programs/${code}/activate`, { token: manager })).status,
        200,
      )
    type Told = { type: string; subject: string | null; program: string | null }
    const heardBy = async (by: string): Promise<string[]> => {
      const { body } = await g.call('GET', '/api/v1/messages?type=program.', { token: by })
      return body.items.map((m: Told) => `${m.type} ${m.subject} ${m.program}`)
    }
    const all = ['program.activated program:ONE ONE', 'program.activated program:TWO TWO']
    // Messages wait for older transactions, which other tests have open on the same server.
    while ((await heardBy(everywhere)).length < all.length) await pause(20)
    assert.deepEqual(await heardBy(everywhere), all)
    assert.deepEqual(await heardBy(token), all.slice(0, 1))
    assertProblem(await g.call('GET', '/api/v1/messages', { token: manager }), 403)
  }).timeout(90_000)

  it('changes only the version that was read', async () => {
    const { code: _code, ...change } = program('TWO')
    const put = (etag: string) =>
      g.call('PUT', '/api/v1/programs/TWO', { token: manager, body: change, headers: { 'If-Match': etag } })
    const read = await g.call('GET', '/api/v1/programs/TWO', { token: manager })
    const etag = read.headers.get('ETag')!
    assert.match(etag, /^"v\d+"$/)
    for (const never of ['"v999"', 'W/"v1"', 'v1', '"x"', '"v1\' OR 1=1"', `"v${'9'.repeat(40)}"`])
      assertProblem(await put(never), 412, { about: never })
    assert.equal((await put(etag)).status, 200)
    assertProblem(await put(etag), 412, { about: 'the same twice' })
  })
})

describe('a file that somebody uploaded', () => {
  let g: TestGateway
  before(async () => {
    g = await startTestGateway()
    const token = await g.as('system-administrator')
    const body = { areas: ['AA', 'BB'].map(code => ({ code, name: code })) }
    await g.call('POST', '/api/v1/areas', { token, body })
  })
  after(() => g.close())

  it('is imported by nobody else whose grant is limited, even when its id is known', async () => {
    const [maker, other] = [
      await g.as('registrar', { areas: ['AA'] }),
      await g.as('registrar', { areas: ['BB'] }),
    ]
    const upload = {
      token: maker,
      raw: 'Name,Sex,Area\nSecret,F,AA\n',
      headers: { 'Content-Type': 'text/csv' },
    }
    const { body } = await g.call('POST', '/api/v1/files?name=secret.csv', upload)
    for (const path of ['/api/v1/imports/inspections', '/api/v1/imports'])
      assert.equal((await g.call('POST', path, { token: other, body: { file: body.id } })).status, 404, path)
    const mine = await g.call('POST', '/api/v1/imports/inspections', {
      token: maker,
      body: { file: body.id },
    })
    assert.equal(mine.status, 200)
  })
})
