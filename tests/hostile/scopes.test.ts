import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

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

  it('reaches those, and for the others all is as if they were not there', async () => {
    assert.equal((await grant([{ role: 'program-manager', programs: ['ONE'] }])).status, 201)
    const session = { username: 'sara', password: 'correct horse' }
    const token = (await g.call('POST', '/api/v1/sessions', { body: session })).body.token
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
