import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import sql from 'sql-template-tag'
import { SYSTEM, userMaker } from '#tests/support/accounts.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { type DomainError, systemIds } from '../kernel/index.ts'
import type { Access } from './index.ts'

const ADMINISTRATOR = 'system-administrator'
const broken = (rule: string) => (e: DomainError) => e.rule === rule

describe('through API clients', () => {
  let g: TestGateway
  let access: Access
  let user: ReturnType<typeof userMaker>
  before(async () => {
    g = await startTestGateway()
    access = g.services.access
    user = userMaker(g)
    await user('friend')
  })
  after(() => g.close())

  const clientCtx = async (clientId: string) => {
    const row = await g.db.one<{ id: string }>(
      sql`SELECT id FROM access.clients WHERE client_id = ${clientId}`,
    )
    const who = { kind: 'client', id: row!.id, name: clientId, grants: [] } as const
    return { actor: (await access.actorAtThisMoment(who))!, requestId: 'test' }
  }

  it('nobody raises themselves by a client in somebody else’s name, by a secret that they were shown, or by a key that they set', async () => {
    const [ivy, olga] = [await user('ivy', [ADMINISTRATOR]), await user('olga-owner', [ADMINISTRATOR])]
    const grants = [{ role: ADMINISTRATOR }]
    const [made, shown, keyed] = ['ivy-made', 'ivy-shown', 'ivy-keyed']
    await access.createClient(await ivy.ctx(), { clientId: made!, name: 'C', owner: 'olga-owner', grants })
    for (const clientId of [shown!, keyed!])
      await access.createClient(SYSTEM, { clientId, name: 'C', owner: 'olga-owner', grants })
    await access.rotateSecret(await ivy.ctx(), shown!, 24)
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
    await access.replaceClientKeys(await ivy.ctx(), keyed!, [{ ...jwk, kid: 'k' }])
    for (const clientId of [made!, shown!, keyed!]) {
      const ctx = await clientCtx(clientId)
      for (const username of ['ivy', 'olga-owner'])
        await assert.rejects(
          access.replaceGrants(ctx, username, [{ role: 'payment-approver' }]),
          broken('own-grants'),
        )
      await assert.rejects(
        access.replaceClientGrants(await ivy.ctx(), clientId, [{ role: 'payment-approver' }]),
        broken('own-grants'),
      )
    }
    const told = await g.db.query<{ payload: object }>(
      sql`SELECT payload FROM outbox.messages WHERE type = 'client.secret-added'`,
    )
    const [clientId, owner, addedBy] = [shown, 'olga-owner', 'ivy']
    assert.deepEqual(told, [{ payload: { clientId, owner, addedBy, graceHours: 24 } }])
    assert.equal((await olga.ctx()).actor.name, 'olga-owner')
  })

  it('nobody raises themselves by one that may more than everybody behind it, nor by accounts that a client of theirs makes', async () => {
    await access.createRole(SYSTEM, {
      code: 'clienter',
      name: 'C',
      permissions: ['client:read', 'client:write'],
    })
    const grants = [{ role: ADMINISTRATOR }]
    const puppet = { username: 'puppet', name: 'P', password: 'stable winter lamp' }
    const carl = await user('carl', ['clienter'])
    await access.createClient(await carl.ctx(), { clientId: 'carls', name: 'C', owner: 'friend', grants })
    const carls = await clientCtx('carls')
    const held = new Set(carls.actor.grants.flatMap(g => [...g.permissions]))
    assert.ok(held.has('user:read') && !held.has('user:write') && !held.has('role:write'))
    await assert.rejects(
      async () => access.createUser(carls, { ...puppet, grants: [{ role: 'payment-approver' }] }),
      (e: DomainError) => e.code === 'forbidden',
    )

    const ada = await user('ada', [ADMINISTRATOR])
    await access.createClient(await ada.ctx(), { clientId: 'adas', name: 'C', grants })
    const adas = await clientCtx('adas')
    const role = { code: 'half', name: 'Half', permissions: ['user:write'] }
    for (const attempt of [
      () => access.createUser(adas, { ...puppet, grants }),
      () => access.replaceGrants(adas, 'friend', grants),
      () => access.createClient(adas, { clientId: 'adas-2', name: 'C', grants }),
      () => access.replaceClientGrants(adas, 'carls', grants),
      () => access.createRole(adas, role),
    ])
      await assert.rejects(attempt, broken('own-grants'))
    await access.createUser(adas, { ...puppet, grants: [{ role: 'registrar' }] })
    await access.createRole(await ada.ctx(), role)
  })

  it('nobody raises themselves by a role that a client of theirs holds, with an owner or without', async () => {
    const rolf = await user('rolf', [ADMINISTRATOR])
    await access.createRole(SYSTEM, { code: 'plain', name: 'Plain', permissions: ['area:read'] })
    await access.createRole(SYSTEM, { code: 'maker', name: 'Maker', permissions: ['cycle:approve'] })
    await access.createClient(await rolf.ctx(), {
      clientId: 'rolfs',
      name: 'C',
      grants: [{ role: 'plain' }, { role: 'maker' }],
    })
    await assert.rejects(
      access.updateRole(await rolf.ctx(), 'plain', { name: 'Plain', permissions: ['payment:approve'] }),
      broken('own-role'),
    )
    await access.replaceGrants(SYSTEM, 'rolf', [{ role: 'program-manager' }])
    const { warnings } = await access.getUser(SYSTEM, 'rolf')
    assert.deepEqual(
      warnings.map(w => w.permissions),
      [['cycle:prepare', 'cycle:approve']],
    )
  })

  it('nobody acts any more whose owner was disabled, nor with the same token once they are enabled', async () => {
    const owner = await user('client-owner')
    const { clientId } = await access.createClient(SYSTEM, {
      clientId: 'owned',
      name: 'C',
      owner: 'client-owner',
      grants: [],
    })
    const row = await g.db.one<{ id: string }>(
      sql`SELECT id FROM access.clients WHERE client_id = ${clientId}`,
    )
    const token = { jti: systemIds.uuid(), clientId: row!.id, expiresAt: new Date(Date.now() + 900_000) }
    assert.ok(await access.tokenStands({ ...token, series: 1 }))
    await access.disableUser(SYSTEM, owner.username)
    await access.enableUser(SYSTEM, owner.username)
    const later = { ...token, jti: systemIds.uuid() }
    assert.deepEqual(
      [await access.tokenStands({ ...later, series: 1 }), await access.tokenStands({ ...later, series: 2 })],
      [false, true],
    )
    const [entry] = await g.db.query(sql`
      SELECT before, after FROM audit.entries WHERE action = 'client.tokens-revoke' AND subject_id = ${row!.id}`)
    assert.deepEqual(entry, { before: { tokenSeries: 1 }, after: { tokenSeries: 2 } })
  })
})
