import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { SYSTEM, userMaker } from '#tests/support/accounts.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { type DomainError, systemIds } from '../kernel/index.ts'
import { type Access, PERMISSIONS, ROLE_MASKS, ROLES } from './index.ts'
import { ROLE_TEXTS } from './roles.ts'

const broken = (rule: string) => (e: DomainError) => e.rule === rule

describe('roles', () => {
  let g: TestGateway
  let access: Access
  let user: ReturnType<typeof userMaker>
  before(async () => {
    g = await startTestGateway()
    access = g.services.access
    user = userMaker(g)
    await user('admin', ['system-administrator'])
  })
  after(() => g.close())

  const make = (code: string, permissions: string[] = ['area:read'], masks: string[] = []) =>
    access.createRole(SYSTEM, { code, name: code, permissions, masks })

  it('that are predefined all have a name, permissions that exist, and masks that exist', () => {
    assert.deepEqual(Object.keys(ROLE_TEXTS), Object.keys(ROLES))
    for (const role of Object.keys(ROLE_MASKS)) assert.ok(ROLES[role], role)
    for (const [role, permissions] of Object.entries(ROLES)) {
      assert.deepEqual(
        permissions.filter(p => !PERMISSIONS.includes(p)),
        [],
        role,
      )
      assert.equal(new Set(permissions).size, permissions.length, role)
    }
  })

  it('are listed with what they give and how many accounts hold them', async () => {
    await make('desk', ['job:read', 'area:read', 'job:read'], ['name', 'birth'])
    const both = await user('two-grants')
    await access.replaceGrants(SYSTEM, both.username, [{ role: 'desk' }, { role: 'desk' }])
    await access.createClient(SYSTEM, { clientId: 'machine', name: 'M', grants: [{ role: 'desk' }] })
    const roles = await access.listRoles(SYSTEM)
    assert.equal(roles.length, Object.keys(ROLES).length + 1)
    assert.deepEqual(roles.at(-1), {
      code: 'desk',
      name: 'desk',
      description: '',
      permissions: ['area:read', 'job:read'],
      masks: ['birth', 'name'],
      predefined: false,
      holders: 2,
      version: 1,
    })
    const administrator = roles.find(r => r.code === 'system-administrator')!
    assert.deepEqual([administrator.predefined, administrator.holders], [true, 1])
  })

  it('take no code that is taken, least of all a predefined one, and stay as they are when predefined', async () => {
    await make('taken')
    for (const code of ['taken', 'auditor']) await assert.rejects(make(code), broken('code-taken'))
    const change = { name: 'X', permissions: ['user:write'] }
    await assert.rejects(access.updateRole(SYSTEM, 'auditor', change), broken('predefined'))
    await assert.rejects(access.deleteRole(SYSTEM, 'auditor'), broken('predefined'))
  })

  it('can be called what every object has', async () => {
    await make('constructor', ['area:read'])
    const { ctx } = await user('built', ['constructor'])
    assert.deepEqual([...(await ctx()).actor.grants[0]!.permissions], ['area:read'])
    assert.equal((await access.getRole(SYSTEM, 'constructor')).predefined, false)
    for (const code of ['__proto__', 'toString', 'none'])
      await assert.rejects(access.getRole(SYSTEM, code), (e: DomainError) => e.code === 'not_found', code)
  })

  it('hold only permissions and masks that exist, and what is wrong is told all at once', async () => {
    const wrong = access.createRole(SYSTEM, {
      code: 'wrong',
      name: 'W',
      permissions: ['area:read', '*', 'area:fly'],
      masks: ['salary', 'name'],
    })
    await assert.rejects(wrong, (e: DomainError) => {
      assert.deepEqual(
        e.issues.map(i => i.pointer),
        ['/permissions/1', '/permissions/2', '/masks/0'],
      )
      return true
    })
  })

  it('are changed as a whole, at the version that was read, and the trail has what changed', async () => {
    await make('changing', ['area:read'], ['name'])
    const change = { name: 'changing', permissions: ['job:read'], masks: ['name'] }
    const changed = await access.updateRole(SYSTEM, 'changing', change, 1)
    assert.equal(changed.version, 2)
    assert.equal((await access.updateRole(SYSTEM, 'changing', change, 2)).version, 2, 'nothing changed')
    await assert.rejects(
      access.updateRole(SYSTEM, 'changing', change, 1),
      (e: DomainError) => e.code === 'precondition_failed',
    )
    const entries = await g.db.query(sql`
      SELECT e.action, e.before, e.after, m.type AS told
      FROM audit.entries e LEFT JOIN outbox.messages m ON m.subject_id = e.subject_id
      WHERE e.subject_id = (SELECT id FROM access.roles WHERE code = 'changing') AND e.action = 'role.update'`)
    assert.deepEqual(entries, [
      {
        action: 'role.update',
        before: { permissions: ['area:read'] },
        after: { permissions: ['job:read'] },
        told: 'role.changed',
      },
    ])
  })

  it('are not changed by those who hold them, through whichever account', async () => {
    await make('mine')
    await make('others')
    const eve = await user('eve', ['system-administrator'], { email: 'eve@example.org' })
    await user('eve-2', ['mine'], { email: 'eve@example.org' })
    const ctx = await eve.ctx()
    const raised = { name: 'Mine', permissions: ['payment:approve'] }
    await assert.rejects(access.updateRole(ctx, 'mine', raised), broken('own-role'))
    assert.deepEqual((await access.updateRole(ctx, 'others', raised)).permissions, ['payment:approve'])
    await access.createClient(SYSTEM, { clientId: 'of-eve', name: 'C', grants: [{ role: 'others' }] })
    await g.db.run(sql`UPDATE access.clients SET owner_id = ${eve.id} WHERE client_id = 'of-eve'`)
    await assert.rejects(access.updateRole(ctx, 'others', { ...raised, name: 'X' }), broken('own-role'))
  })

  it('are removed only when nobody holds them, also when somebody is granted them at that moment', async () => {
    for (let round = 0; round < 8; round++) {
      const code = `fleeting-${round}`
      await make(code)
      const holder = `holder-${round}`
      const [removed, granted] = await Promise.allSettled([
        access.deleteRole(SYSTEM, code),
        user(holder, [code]),
      ])
      assert.notEqual(removed.status, granted.status, 'one of them, never both')
      if (granted.status === 'rejected') continue
      await assert.rejects(access.deleteRole(SYSTEM, code), broken('role-held'))
      await access.replaceGrants(SYSTEM, holder, [])
      await access.deleteRole(SYSTEM, code)
      await assert.rejects(access.getRole(SYSTEM, code), (e: DomainError) => e.code === 'not_found')
    }
  })

  it('are not removed while groups of an identity provider are granted them', async () => {
    await make('mapped')
    const provider = systemIds.uuid()
    await g.db.run(sql`
      INSERT INTO access.identity_providers (id, code, name, issuer, client_id, secret_sealed, scopes, username_claim,
        group_claim, makes_accounts, state, created_at)
      VALUES (${provider}, 'agency', 'A', 'https://idp.example', 'annona', '', '{}', 'name', 'groups', true, 'active', now())`)
    await g.db.run(sql`
      INSERT INTO access.identity_provider_mappings (provider_id, position, group_name, role)
      VALUES (${provider}, 0, 'staff', 'mapped')`)
    await assert.rejects(access.deleteRole(SYSTEM, 'mapped'), broken('role-held'))
  })
})
