import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { MASKABLE, PERMISSIONS } from '#core/access/index.ts'
import { PASSWORD, type Somebody, userMaker } from '#tests/support/accounts.ts'
import { type CallOptions, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { makeAreas } from '#tests/support/places.ts'

/** The longest that a process goes on with what it knew of an account. */
const REMEMBERED_MS = 1_050

describe('users over HTTP', () => {
  let g: TestGateway
  let user: ReturnType<typeof userMaker>
  let admin: Somebody
  let token: string
  before(async () => {
    g = await startTestGateway()
    user = userMaker(g)
    admin = await user('admin', ['system-administrator'])
    token = await admin.signIn()
    await makeAreas(g.db, [['XX'], ['XX01', 'XX'], ['XX02', 'XX']])
    const officer = await g.as(['program-manager', 'warehouse-officer'])
    const item = { code: 'RICE', name: 'Rice', unit: 'KGM' }
    await g.call('POST', '/api/v1/items', { token: officer, body: item })
    const made = await g.call('POST', '/api/v1/programs', {
      token: officer,
      body: {
        code: 'FOOD',
        name: 'Food',
        target: 'group',
        currency: 'ETB',
        rules: ['true'],
        components: [{ code: 'RICE', kind: 'in_kind', item: 'RICE', quantity: 1 }],
      },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
  })
  after(() => g.close())

  const call = (method: string, path: string, options: CallOptions = {}) =>
    g.call(method, `/api/v1${path}`, { token, ...options })

  it('are made, read and granted with scopes by code, at the version that was read', async () => {
    const scoped = { role: 'program-manager', areas: ['XX02', 'XX01'], programs: ['FOOD'] }
    const body = {
      username: 'almaz',
      name: 'Almaz',
      password: PASSWORD,
      email: 'Almaz@Example.org',
      supervisor: 'admin',
      grants: [scoped],
    }
    const made = await call('POST', '/users', { body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(made.headers.get('Location'), '/api/v1/users/almaz')
    const read = await call('GET', '/users/almaz')
    assert.deepEqual(read.body, {
      username: 'almaz',
      name: 'Almaz',
      email: 'almaz@example.org',
      status: 'active',
      roles: ['program-manager'],
      version: 1,
      supervisor: 'admin',
      samePerson: [],
      grants: [{ role: 'program-manager', areas: ['XX01', 'XX02'], programs: ['FOOD'], source: 'given' }],
      warnings: [],
    })
    const headers = { 'If-Match': read.headers.get('ETag')! }
    const grants = [{ role: 'cycle-approver' }, { role: 'program-manager', areas: ['XX'] }]
    const granted = await call('PUT', '/users/almaz/grants', { body: { grants }, headers })
    assert.equal(granted.status, 200)
    assert.deepEqual(
      granted.body.grants.map((grant: { areas?: string[] }) => grant.areas),
      [undefined, ['XX']],
    )
    assert.deepEqual(granted.body.warnings[0].permissions, ['cycle:prepare', 'cycle:approve'])
    assertProblem(await call('PUT', '/users/almaz/grants', { body: { grants: [] }, headers }), 412)
    assertProblem(await call('PATCH', '/users/almaz', { body: { name: 'A' }, headers }), 412)
    const renamed = await call('PATCH', '/users/almaz', {
      body: { name: 'Almaz B.', supervisor: null },
      headers: { 'If-Match': granted.headers.get('ETag')! },
    })
    assert.deepEqual(
      [renamed.body.name, renamed.body.supervisor, renamed.body.version],
      ['Almaz B.', null, 3],
    )
    assertProblem(await call('GET', '/users/nobody'), 404)
  })

  it('are found by part of any of their names, their state and their role, page by page', async () => {
    await user('zed.one', ['auditor'], { name: 'Żółw 100%_sure' })
    await user('zed.two', ['auditor'], { email: 'unusual@zed.example' })
    await user('zed.three', ['registrar'])
    await call('POST', '/users/zed.two/disable')
    const found = async (query: string) => {
      const { status, body } = await call('GET', `/users?${query}`)
      assert.equal(status, 200, query)
      return body.items.map((u: { username: string }) => u.username)
    }
    assert.deepEqual(await found('q=ZED.'), ['zed.one', 'zed.three', 'zed.two'])
    assert.deepEqual(await found('q=żÓŁ'), ['zed.one'])
    assert.deepEqual(await found('q=unusual'), ['zed.two'])
    assert.deepEqual(await found(`q=${encodeURIComponent('0%_s')}`), ['zed.one'])
    for (const wild of ['%', '_', '\\'])
      assert.ok(!(await found(`q=${encodeURIComponent(`zed${wild}one`)}`)).length, `${wild} is itself`)
    assert.deepEqual(await found('q=zed&role=auditor'), ['zed.one', 'zed.two'])
    assert.deepEqual(await found('q=zed&role=auditor&status=disabled'), ['zed.two'])
    const first = await call('GET', '/users?q=zed&limit=2')
    const second = await call('GET', `/users?q=zed&limit=2&cursor=${first.body.next}`)
    const names = [...first.body.items, ...second.body.items].map(u => u.username)
    assert.deepEqual([names, second.body.next], [['zed.one', 'zed.three', 'zed.two'], undefined])
  })

  it('get nothing by naming what no request names', async () => {
    await user('victim')
    const rows = () => g.db.query(sql`SELECT * FROM access.users WHERE username = 'victim'`)
    const before = await rows()
    const extras = {
      id: admin.id,
      personId: admin.id,
      person_id: admin.id,
      status: 'disabled',
      version: 9,
      permissions: ['*'],
      roles: ['system-administrator'],
      password_hash: 'x',
      mustChangePassword: false,
      grants: [],
    }
    for (const [name, value] of Object.entries(extras)) {
      const pointer = `/${name}`
      const account = { username: 'mass', name: 'M', password: PASSWORD, grants: [] }
      assertProblem(await call('PATCH', '/users/victim', { body: { name: 'V', [name]: value } }), 400, {
        pointer,
      })
      if (name === 'grants') continue
      assertProblem(await call('POST', '/users', { body: { ...account, [name]: value } }), 400, { pointer })
      const grants = { grants: [], [name]: value }
      assertProblem(await call('PUT', '/users/victim/grants', { body: grants }), 400, { pointer })
    }
    for (const [name, value] of Object.entries({
      source: 'oidc',
      permissions: ['*'],
      areaIds: [],
      masks: [],
    })) {
      const body = { grants: [{ role: 'auditor', [name]: value }] }
      const pointer = `/grants/0/${name}`
      assertProblem(await call('PUT', '/users/victim/grants', { body }), 400, { pointer })
    }
    assert.deepEqual(await rows(), before)
    assertProblem(await call('GET', '/users/mass'), 404)
  })

  it('do not raise themselves, and the last administrator stays', async () => {
    const grants = [{ role: 'payment-approver' }, { role: 'system-administrator' }]
    assertProblem(await call('PUT', '/users/admin/grants', { body: { grants } }), 422, { rule: 'own-grants' })
    assertProblem(await call('POST', '/users/admin/disable'), 422, { rule: 'last-administrator' })
  })
})

describe('roles over HTTP', () => {
  let g: TestGateway
  let token: string
  let user: ReturnType<typeof userMaker>
  before(async () => {
    g = await startTestGateway()
    user = userMaker(g)
    token = await g.as('system-administrator')
  })
  after(() => g.close())

  const call = (method: string, path: string, options: CallOptions = {}) =>
    g.call(method, `/api/v1${path}`, { token, ...options })

  it('offer every permission and every mask with what it means', async () => {
    const { body } = await call('GET', '/permissions')
    const codes = (list: { code: string; description: string }[]) =>
      list.map(({ code, description }) => {
        assert.ok(description.length > 5, code)
        return code
      })
    assert.deepEqual(codes(body.permissions), PERMISSIONS)
    assert.deepEqual(codes(body.masks), MASKABLE)
  })

  it('are made, changed at the version that was read, and removed when nobody holds them', async () => {
    const role = { code: 'desk', name: 'Desk', permissions: ['area:read'] }
    const made = await call('POST', '/roles', { body: role })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const headers = { 'If-Match': made.headers.get('ETag')! }
    const change = { name: 'Desk', permissions: ['area:read', 'job:read'], masks: ['name'] }
    assert.equal((await call('PUT', '/roles/desk', { body: change, headers })).status, 200)
    assertProblem(await call('PUT', '/roles/desk', { body: change, headers }), 412)
    assertProblem(await call('DELETE', '/roles/desk', { headers }), 412)
    assertProblem(await call('PUT', '/roles/desk', { body: { ...change, code: 'other' } }), 400, {
      pointer: '/code',
    })
    assertProblem(await call('POST', '/roles', { body: { ...role, permissions: ['area:fly'] } }), 400, {
      pointer: '/permissions/0',
    })
    const items = (await call('GET', '/roles')).body.items as { code: string; predefined: boolean }[]
    assert.deepEqual(
      items.filter(r => !r.predefined).map(r => r.code),
      ['desk'],
    )
    await user('clerk', ['desk'])
    assertProblem(await call('DELETE', '/roles/desk'), 409, { rule: 'role-held' })
    await call('PUT', '/users/clerk/grants', { body: { grants: [] } })
    assert.equal((await call('DELETE', '/roles/desk')).status, 204)
    assertProblem(await call('GET', '/roles/desk'), 404)
  })

  it('are edited while their holders work: user and client have what it gives then, within a second', async () => {
    const role = { code: 'watch', name: 'Watch', permissions: ['area:read'] }
    await call('POST', '/roles', { body: role })
    const { signIn } = await user('watcher', ['watch'])
    const tokens = [await signIn(), await g.as('watch')]
    const may = async (path: string) => {
      const answers = await Promise.all(tokens.map(t => g.call('GET', `/api/v1${path}`, { token: t })))
      return answers.map(a => a.status)
    }
    assert.deepEqual(
      [await may('/areas'), await may('/roles')],
      [
        [200, 200],
        [403, 403],
      ],
    )
    const change = { name: 'Watch', permissions: ['role:read'] }
    assert.equal((await call('PUT', '/roles/watch', { body: change })).status, 200)
    await pause(REMEMBERED_MS)
    assert.deepEqual(
      [await may('/areas'), await may('/roles')],
      [
        [403, 403],
        [200, 200],
      ],
    )
  })
})
