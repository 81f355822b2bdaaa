import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { PASSWORD, type Somebody, SYSTEM, userMaker } from '#tests/support/accounts.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { type DomainError, systemIds } from '../kernel/index.ts'
import type { Access, GrantRequest } from './index.ts'

const ADMINISTRATOR = 'system-administrator'
const broken = (rule: string) => (e: DomainError) => e.rule === rule
const at = (pointer: string) => (e: DomainError) => e.code === 'invalid' && e.issues[0]!.pointer === pointer

describe('users', () => {
  let g: TestGateway
  let access: Access
  let user: ReturnType<typeof userMaker>
  let admin: Somebody
  before(async () => {
    g = await startTestGateway()
    access = g.services.access
    user = userMaker(g)
    admin = await user('admin', [ADMINISTRATOR])
  })
  after(() => g.close())

  const person = async (username: string) => {
    const row = await g.db.one<{ id: string }>(
      sql`SELECT person_id AS id FROM access.users WHERE username = ${username}`,
    )
    return row!.id
  }
  const clientOf = async (ownerId: string | null, grants: GrantRequest[] = []) => {
    const clientId = `c-${systemIds.uuid()}`
    await access.createClient(SYSTEM, { clientId, name: 'C', grants })
    const row = await g.db.one<{ id: string }>(
      sql`UPDATE access.clients SET owner_id = ${ownerId} WHERE client_id = ${clientId} RETURNING id`,
    )
    return row!.id
  }
  const trailOf = (id: string) =>
    g.db.query<{ action: string; before: unknown; after: unknown }>(sql`
      SELECT action, before, after FROM audit.entries WHERE subject_type = 'user' AND subject_id = ${id} ORDER BY id`)
  const told = (id: string) =>
    g.db.query<{ type: string }>(
      sql`SELECT type FROM outbox.messages WHERE subject_id = ${id} ORDER BY occurred_at, id`,
    )

  describe('who are one person', () => {
    it('are those with the same email, whatever its case, and those who are said to be', async () => {
      await user('sara', [], { email: 'Sara@Example.org' })
      await user('sara-2', [], { email: 'sara@example.ORG' })
      await user('sara-3', [], { samePersonAs: 'sara-2' })
      await user('other', [], { email: 'other@example.org' })
      assert.equal(await person('sara-2'), await person('sara'))
      assert.equal(await person('sara-3'), await person('sara'))
      assert.notEqual(await person('other'), await person('sara'))
      const { samePerson, email } = await access.getUser(SYSTEM, 'sara-2')
      assert.deepEqual([samePerson, email], [['sara', 'sara-3'], 'sara@example.org'])
    })

    it('become one with all their accounts when an email becomes the same, and stay so when it is another', async () => {
      await user('abel', [], { email: 'abel@example.org' })
      await user('abel-2', [], { samePersonAs: 'abel' })
      const third = await user('abel-3', [], { email: 'wrong@example.org' })
      const before = [await person('abel'), await person('abel-3')]
      assert.notEqual(before[0], before[1])
      await access.updateUser(await admin.ctx(), 'abel-3', { email: 'ABEL@example.org' })
      await access.updateUser(await admin.ctx(), 'abel-3', { email: 'new@example.org' })
      const persons = new Set(await Promise.all(['abel', 'abel-2', 'abel-3'].map(person)))
      assert.deepEqual([...persons], [before[0]])
      const entries = (await trailOf(third.id)).filter(e => e.action === 'user.update')
      assert.deepEqual(entries[0]!.before, { email: 'wrong@example.org', personId: before[1] })
      assert.deepEqual(entries[0]!.after, { email: 'abel@example.org', personId: before[0] })
    })

    it('is written on the trail of every account that changed hands', async () => {
      const [a, b, c] = [
        await user('lia'),
        await user('lia-2', [], { samePersonAs: 'lia' }),
        await user('lia-other'),
      ]
      const before = await person('lia')
      await access.updateUser(await admin.ctx(), 'lia', { samePersonAs: 'lia-other' })
      const after = await person('lia-other')
      assert.deepEqual((await trailOf(b.id)).at(-1), {
        action: 'user.link',
        before: { personId: before },
        after: { personId: after },
      })
      assert.deepEqual((await trailOf(a.id)).at(-1)!.after, { personId: after })
      assert.equal((await trailOf(c.id)).length, 1, 'only made')
    })

    it('are the same also when both accounts are made at the same moment', async () => {
      await Promise.all(['t1', 't2', 't3'].map(name => user(name, [], { email: 'twin@example.org' })))
      assert.equal(new Set(await Promise.all(['t1', 't2', 't3'].map(person))).size, 1)
    })

    it('are set apart only by saying so, while their emails differ, and never by themselves', async () => {
      const own = await user('olga', [ADMINISTRATOR], { email: 'olga@example.org' })
      await user('olga-2', ['registrar'], { email: 'olga@example.org' })
      await assert.rejects(
        access.updateUser(await own.ctx(), 'olga-2', { samePersonAs: null, email: null }),
        broken('own-person'),
      )
      const apart = (change: object) => admin.ctx().then(c => access.updateUser(c, 'olga-2', change))
      await assert.rejects(apart({ samePersonAs: null }), broken('same-email'))
      await apart({ samePersonAs: null, email: 'another@example.org' })
      assert.notEqual(await person('olga-2'), await person('olga'))
    })

    it('is never said of oneself: neither by an email, nor by a new account between two, nor by a client', async () => {
      const eve = await user('eve-admin', [ADMINISTRATOR], { email: 'eve-admin@example.org' })
      await user('director', ['cycle-approver'], { email: 'director@example.org' })
      const ctx = await eve.ctx()
      const id = await clientOf(eve.id, [{ role: ADMINISTRATOR }])
      const client = { actor: (await access.actorNow({ kind: 'client', id }))!, requestId: 'test' }
      const glue = { username: 'glue', name: 'Glue', password: 'stable winter lamp', grants: [] }
      for (const by of [ctx, client])
        for (const attempt of [
          () => access.updateUser(by, 'eve-admin', { email: 'Director@example.org' }),
          () => access.updateUser(by, 'eve-admin', { samePersonAs: 'director' }),
          () => access.updateUser(by, 'director', { samePersonAs: 'eve-admin' }),
          () => access.updateUser(by, 'director', { email: 'eve-admin@example.org' }),
          () => access.createUser(by, { ...glue, samePersonAs: 'eve-admin', email: 'director@example.org' }),
          () => access.createUser(by, { ...glue, samePersonAs: 'director', email: 'eve-admin@example.org' }),
          // Nor of somebody who has that email one day.
          () => access.updateUser(by, 'eve-admin', { email: 'minister@example.org' }),
          () => access.createUser(by, { ...glue, samePersonAs: 'eve-admin', email: 'minister@example.org' }),
        ])
          await assert.rejects(attempt, broken('own-person'))
      assert.notEqual(await person('eve-admin'), await person('director'))
      await access.createUser(ctx, { ...glue, samePersonAs: 'eve-admin', email: 'eve-admin@example.org' })
      await access.updateUser(await admin.ctx(), 'director', { samePersonAs: 'eve-admin' })
      assert.equal(await person('glue'), await person('director'), 'another administrator says so')
    })

    it('is told of users and clients in one question; a client without an owner, and whoever is unknown, is itself', async () => {
      const one = await user('owner')
      const two = await user('owner-2', [], { samePersonAs: 'owner' })
      const clients = {
        owned: await clientOf(two.id),
        free: await clientOf(null),
        nobody: systemIds.uuid(),
      }
      const identities = await access.identitiesOf([one.id, two.id, ...Object.values(clients)])
      const p = await person('owner')
      assert.deepEqual(Object.fromEntries([...identities].map(([id, { persons }]) => [id, persons])), {
        [one.id]: [p],
        [two.id]: [p],
        [clients.owned]: [p],
        [clients.free]: [clients.free],
        [clients.nobody]: [clients.nobody],
      })
      const of = (id: string, which: 'kept' | 'all') => new Set(identities.get(id)![which])
      assert.deepEqual(of(two.id, 'kept'), new Set([one.id, two.id, p]), 'a client is not kept of who has it')
      assert.deepEqual(of(two.id, 'all'), new Set([one.id, two.id, p, clients.owned]))
      assert.deepEqual(of(clients.owned, 'kept'), of(two.id, 'all'))
      assert.deepEqual(of(clients.nobody, 'all'), new Set([clients.nobody]))
      assert.equal((await access.actorNow({ kind: 'client', id: clients.owned }))!.personId, p)
      await access.disableUser(SYSTEM, 'owner-2')
      const gone = await access.actorAtThisMoment({ kind: 'client', id: clients.owned, name: '', grants: [] })
      assert.equal(gone, undefined, 'a client is as active as its owner')
    })
  })

  describe('a supervisor', () => {
    it('is another person, and stood in for by their own while they are disabled', async () => {
      const boss = await user('boss')
      const chief = await user('chief', [], { supervisor: 'boss' })
      const clerk = await user('clerk', [], { supervisor: 'chief', email: 'clerk@example.org' })
      assert.equal((await access.supervisorOf(clerk.id))!.id, chief.id)
      await access.disableUser(SYSTEM, 'chief')
      assert.equal((await access.supervisorOf(clerk.id))!.id, boss.id)
      await access.updateUser(SYSTEM, 'boss', { supervisor: 'chief' })
      assert.equal(await access.supervisorOf(chief.id).then(s => s?.id), boss.id)
      assert.equal(await access.supervisorOf(boss.id), undefined, 'a circle has nobody above')
      assert.equal(await access.supervisorOf(admin.id), undefined)
      await user('clerk-2', [], { email: 'clerk@example.org' })
      await assert.rejects(access.updateUser(SYSTEM, 'clerk', { supervisor: 'clerk-2' }), at('/supervisor'))
      await assert.rejects(access.updateUser(SYSTEM, 'clerk', { supervisor: 'nobody' }), at('/supervisor'))
    })

    it('is not chosen by oneself, whatever the account', async () => {
      await user('admin-2', [], { samePersonAs: 'admin' })
      await user('friend')
      for (const username of ['admin', 'admin-2'])
        await assert.rejects(
          access.updateUser(await admin.ctx(), username, { supervisor: 'friend' }),
          broken('own-supervisor'),
        )
    })
  })

  describe('nobody raises themselves', () => {
    it('by grants of an account of their own, another account of theirs, or a new one', async () => {
      const eve = await user('eve', [ADMINISTRATOR], { email: 'eve@example.org' })
      await user('eve-2', [], { email: 'eve@example.org' })
      const ctx = await eve.ctx()
      const grants = [{ role: 'payment-approver' }]
      for (const username of ['eve', 'eve-2'])
        await assert.rejects(access.replaceGrants(ctx, username, grants), broken('own-grants'))
      const account = { username: 'eve-3', name: 'Eve', password: 'stable winter lamp', grants }
      for (const link of [{ email: ' EVE@example.org' }, { samePersonAs: 'eve-2' }])
        await assert.rejects(access.createUser(ctx, { ...account, ...link }), broken('own-grants'))
      await access.disableUser(SYSTEM, 'eve-2')
      await assert.rejects(access.enableUser(ctx, 'eve-2'), broken('own-grants'))
      assert.deepEqual((await access.getUser(SYSTEM, 'eve')).roles, [ADMINISTRATOR])
    })

    it('by an API client they own', async () => {
      const ivan = await user('ivan', [ADMINISTRATOR])
      const id = await clientOf(ivan.id, [{ role: ADMINISTRATOR }])
      const actor = (await access.actorNow({ kind: 'client', id }))!
      await assert.rejects(
        access.replaceGrants({ actor, requestId: 'test' }, 'ivan', [{ role: 'auditor' }]),
        broken('own-grants'),
      )
    })

    it('with a grant that is limited to areas or programs', async () => {
      const [areaId, programId] = [systemIds.uuid(), systemIds.uuid()]
      const limited = [{ areaIds: [areaId] }, { programIds: [programId] }]
      for (const [i, scope] of limited.entries()) {
        const ctx = await (await user(`limited-${i}`, [{ role: ADMINISTRATOR, ...scope }])).ctx()
        const account = { username: 'x1', name: 'X', password: 'stable winter lamp', grants: [] }
        for (const attempt of [
          () => access.replaceGrants(ctx, 'friend', [{ role: 'auditor' }]),
          () => access.createUser(ctx, account),
          () => access.updateUser(ctx, 'friend', { name: 'X' }),
          () => access.enableUser(ctx, 'friend'),
          () => access.createRole(ctx, { code: 'x-role', name: 'X', permissions: ['area:read'] }),
        ])
          await assert.rejects(async () => attempt(), broken(i === 0 ? 'area-scope' : 'program-scope'))
      }
    })
  })

  it('are granted anew as a whole; what follows from groups stays, and the trail has both', async () => {
    const { id } = await user('gina', ['registrar', 'auditor'])
    await g.db.run(sql`
      INSERT INTO access.grants (id, holder_id, role, source)
      VALUES (${systemIds.uuid()}, ${id}, 'validator', 'oidc:agency')`)
    const [before, areaId] = [await access.getUser(SYSTEM, 'gina'), systemIds.uuid()]
    const ctx = await admin.ctx()
    const after = await access.replaceGrants(
      ctx,
      'gina',
      [{ role: 'auditor', areaIds: [areaId] }],
      before.version,
    )
    assert.deepEqual(after.roles, ['auditor', 'validator'])
    assert.deepEqual((await trailOf(id)).at(-1), {
      action: 'user.grant',
      before: {
        grants: [
          { role: 'auditor', areaIds: null, programIds: null },
          { role: 'registrar', areaIds: null, programIds: null },
        ],
      },
      after: { grants: [{ role: 'auditor', areaIds: [areaId], programIds: null }] },
    })
    await assert.rejects(
      access.replaceGrants(ctx, 'gina', [], before.version),
      (e: DomainError) => e.code === 'precondition_failed',
    )
    assert.deepEqual(
      (await told(id)).map(m => m.type),
      ['user.granted'],
    )
  })

  it('are refused roles that do not exist, however they are called', async () => {
    await user('plain')
    for (const role of ['constructor', '__proto__', 'toString', 'god', ''])
      await assert.rejects(
        access.replaceGrants(SYSTEM, 'plain', [{ role: 'auditor' }, { role }]),
        at('/grants/1/role'),
        role,
      )
    assert.deepEqual((await access.getUser(SYSTEM, 'plain')).roles, [])
  })

  it('are warned of when one person holds both sides of a decision, over all accounts, for the same program', async () => {
    const [one, two] = [systemIds.uuid(), systemIds.uuid()]
    const warnings = async (username: string) =>
      (await access.getUser(SYSTEM, username)).warnings.map(w => w.permissions.join(' '))
    await user('nora', [{ role: 'program-manager', programIds: [one] }, 'finance-officer'])
    await user('nora-2', [{ role: 'cycle-approver', programIds: [two] }], { samePersonAs: 'nora' })
    assert.deepEqual(await warnings('nora'), [], 'of different programs')
    await access.replaceGrants(SYSTEM, 'nora-2', [
      { role: 'cycle-approver', programIds: [two, one] },
      { role: 'payment-approver' },
    ])
    const both = ['cycle:prepare cycle:approve', 'payment:write payment:approve']
    assert.deepEqual(await warnings('nora'), both)
    assert.deepEqual(await warnings('nora-2'), both)
  })

  it('are disabled with their sign-ins, and enabled again, once each', async () => {
    const { id, signIn } = await user('hana', ['auditor'])
    const token = await signIn()
    const ctx = await admin.ctx()
    await access.disableUser(ctx, 'hana')
    await access.disableUser(ctx, 'hana')
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 401)
    assert.equal((await access.enableUser(ctx, 'hana')).status, 'active')
    assert.deepEqual(
      (await told(id)).map(m => m.type),
      ['user.disabled', 'user.enabled'],
    )
    assert.equal((await g.call('GET', '/api/v1/audit-entries', { token })).status, 401, 'stays ended')
  })

  it('choose their own password first, unless the product itself gave them one to keep', async () => {
    const account = { name: 'New', password: PASSWORD, grants: [{ role: 'auditor' }] }
    await access.createUser(await admin.ctx(), { ...account, username: 'newcomer', temporary: false })
    await access.createUser(SYSTEM, { ...account, username: 'newcomer-2', temporary: true })
    await access.createUser(SYSTEM, { ...account, username: 'newcomer-3' })
    const may = async (username: string) => {
      const { body } = await g.call('POST', '/api/v1/sessions', { body: { username, password: PASSWORD } })
      return (await g.call('GET', '/api/v1/audit-entries', { token: body.token })).status
    }
    assert.deepEqual(await Promise.all(['newcomer', 'newcomer-2', 'newcomer-3'].map(may)), [403, 403, 200])
  })

  it('leave no trace of a change that changes nothing', async () => {
    const { id } = await user('calm', ['auditor'], { email: 'calm@example.org' })
    const { version } = await access.getUser(SYSTEM, 'calm')
    await access.updateUser(SYSTEM, 'calm', { name: 'calm', email: 'calm@example.org' })
    await access.replaceGrants(SYSTEM, 'calm', [{ role: 'auditor' }])
    assert.equal((await access.getUser(SYSTEM, 'calm')).version, version)
    assert.equal((await trailOf(id)).length, 1)
  })
})

describe('the last administrator', () => {
  let g: TestGateway
  let access: Access
  let user: ReturnType<typeof userMaker>
  before(async () => {
    g = await startTestGateway()
    access = g.services.access
    user = userMaker(g)
  })
  after(() => g.close())

  const last = broken('last-administrator')
  const left = async () => (await access.listUsers(SYSTEM, { status: 'active' }, { limit: 50 })).items.length

  it('is neither disabled nor stripped, nor is the role emptied that makes them one', async () => {
    await access.createRole(SYSTEM, { code: 'user-desk', name: 'Desk', permissions: ['user:write'] })
    await user('desk', ['user-desk'])
    await user('limited', [{ role: ADMINISTRATOR, areaIds: [systemIds.uuid()] }])
    await g.services.access.createClient(SYSTEM, {
      clientId: 'machine',
      name: 'M',
      grants: [{ role: ADMINISTRATOR }],
    })
    await assert.rejects(access.disableUser(SYSTEM, 'desk'), last)
    await assert.rejects(access.replaceGrants(SYSTEM, 'desk', [{ role: 'auditor' }]), last)
    await assert.rejects(
      access.updateRole(SYSTEM, 'user-desk', { name: 'Desk', permissions: ['user:read'] }),
      last,
    )
    await user('next', [ADMINISTRATOR])
    await access.updateRole(SYSTEM, 'user-desk', { name: 'Desk', permissions: ['user:read'] })
    await assert.rejects(access.disableUser(SYSTEM, 'next'), last)
    assert.equal((await access.getUser(SYSTEM, 'next')).status, 'active')
  })

  it('is left when two administrators remove each other at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const names = [`p${round}`, `q${round}`] as const
      const both = [await user(names[0], [ADMINISTRATOR]), await user(names[1], [ADMINISTRATOR])]
      for (const { username } of (await access.listUsers(SYSTEM, { status: 'active' }, { limit: 50 })).items)
        if (!names.includes(username as never)) await access.disableUser(SYSTEM, username)
      const [p, q] = [await both[0]!.ctx(), await both[1]!.ctx()]
      const outcomes = await Promise.allSettled([
        access.disableUser(p, names[1]),
        access.replaceGrants(q, names[0], []),
      ])
      const refused = outcomes.filter(o => o.status === 'rejected')
      assert.equal(refused.length, 1)
      assert.ok(last(refused[0]!.reason))
      assert.ok((await left()) >= 1)
    }
  })
})
