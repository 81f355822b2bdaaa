import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type Permission, ROLES } from '#core/access/index.ts'
import { systemCtx } from '#core/kernel/index.ts'
import { type CallResult, startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { type Described, describedOperations } from '#tests/support/openapi.ts'
import type { Asked, Request } from './operations.ts'
import * as tables from './operations.ts'
import { buildWorld, type Names, type Place, type World } from './world.ts'

/*
 * Every operation of the API, asked by every predefined role within one area and one program, for what lies in another
 * area and in another program: the answer is the same as for what does not exist, and lists show nothing of it.
 */

const asked: Record<string, Asked> = Object.assign({}, ...Object.values(tables))
const operations = describedOperations().operations.filter(o => o.operation['x-permission'])
const rolesWith = (permission: string) =>
  Object.keys(ROLES).filter(role => permission === 'any' || ROLES[role]!.includes(permission as Permission))

describe('what lies outside of a grant', function () {
  this.timeout(180_000)
  let g: TestGateway
  let world: World
  const limited = new Map<string, string>()
  before(async () => {
    g = await startTestGateway()
    world = await buildWorld(g)
    for (const role of Object.keys(ROLES))
      limited.set(role, await g.as(role, { areas: world.areaCodes, programIds: world.programIds }))
  })
  after(() => g.close())

  const send = (method: string, { path, body, raw, type }: Request, token: string) =>
    g.call(method.toUpperCase(), path, {
      token,
      ...(body === undefined ? {} : { body }),
      ...(raw === undefined ? {} : { raw, headers: { 'Content-Type': type! } }),
    })

  it('is asked for by every operation that there is', () => {
    assert.ok(operations.length >= 80, `${operations.length} operations`)
    const known = Object.keys(asked).toSorted()
    assert.deepEqual(operations.map(o => o.id).toSorted(), known, 'tests/contract/reach/operations.ts')
  })

  it('is there: who may see everything is shown it', async () => {
    const everything = await g.as(Object.keys(ROLES))
    const seen = new Set<keyof Names>()
    for (const o of operations) {
      const how = asked[o.id]
      if (!how) continue
      if (o.method !== 'get') continue
      if ('list' in how) {
        const { status, body } = await send('get', { path: how.list }, everything)
        assert.equal(status, 200, o.id)
        assert.ok(canariesIn(body).length > 0, `${o.id} shows nothing that could be out of reach`)
      }
      if (!('thing' in how)) continue
      for (const place of ['elsewhere', 'other'] as const) {
        const names = { ...world.names.here, ...world.names[place] }
        if (!how.thing.some(name => world.names[place][name])) continue
        const { status, body } = await send('get', how.ask(names as Required<Names>), everything)
        assert.ok(![400, 403, 404].includes(status), `${o.id} ${place}: ${status} ${JSON.stringify(body)}`)
        for (const name of how.thing) seen.add(name)
      }
    }
    assert.ok(seen.size >= 9, `${[...seen].join(', ')} were seen`)
  })

  it('is as if it did not exist, by name, to every role and operation, and stays as it was', async () => {
    const before = await outside()
    let compared = 0
    for (const o of operations) {
      const how = asked[o.id]
      if (!how) continue
      if (!('thing' in how)) continue
      for (const role of rolesWith(o.operation['x-permission']!))
        for (const [name, place] of placesOf(how.thing)) {
          const about: string = `${o.id} as ${role}, ${name} ${place}`
          const foreign = await answerAbout(o, how, role, name, place)
          assert.ok(isRefusal(foreign), `${about}: ${foreign.status} ${foreign.body}`)
          assert.deepEqual(foreign, await answerAbout(o, how, role, name, 'nowhere'), about)
          compared++
        }
    }
    assert.ok(compared >= 200, `${compared} answers were compared`)
    assert.deepEqual(await outside(), before)
  })

  it('is in no list that a role is shown', async () => {
    let shown = 0
    for (const o of operations) {
      const how = asked[o.id]
      if (!how) continue
      if (!('list' in how)) continue
      for (const role of rolesWith(o.operation['x-permission']!)) {
        const { status, body } = await send(o.method, { path: how.list }, limited.get(role)!)
        assert.ok(status === 200 || status === 403, `${o.id} as ${role}: ${status}`)
        assert.deepEqual(canariesIn(body), [], `${o.id} as ${role}`)
        if (status === 200) shown++
      }
    }
    assert.ok(shown >= 40, `${shown} lists were shown`)
  })

  it('is not worked on by what works on everything', async () => {
    let refused = 0
    for (const o of operations) {
      const how = asked[o.id]
      if (!how || !('everywhere' in how)) continue
      const request = how.everywhere(world.names.here as Required<Names>)
      for (const role of rolesWith(o.operation['x-permission']!)) {
        const { status, body } = await send(o.method, request, limited.get(role)!)
        assert.deepEqual(
          [status, body.rule],
          [403, 'area-scope'],
          `${o.id} as ${role}: ${JSON.stringify(body)}`,
        )
        refused++
      }
    }
    assert.ok(refused >= 10, `${refused} refusals`)
  })

  it('is everything to who was disabled, a person or a client', async () => {
    const admin = await g.as('system-administrator')
    const user = {
      username: 'gone',
      name: 'Gone',
      password: 'correct horse battery',
      grants: [{ role: 'auditor' }],
    }
    assert.equal((await g.call('POST', '/api/v1/users', { token: admin, body: user })).status, 201)
    const session = { username: user.username, password: user.password }
    const ofUser = (await g.call('POST', '/api/v1/sessions', { body: session })).body.token
    const ofClient = await g.as(Object.keys(ROLES))
    for (const token of [ofUser, ofClient])
      assert.equal((await g.call('GET', '/api/v1/sessions/current', { token })).status, 200)
    await g.services.access.disableUser(systemCtx('test', 'test'), 'gone')
    await g.db.run(sql`
      UPDATE access.clients SET status = 'disabled'
      WHERE id = (SELECT id FROM access.clients ORDER BY id DESC LIMIT 1)`)
    await new Promise(resolve => setTimeout(resolve, 1_100))
    for (const o of operations) {
      const how = asked[o.id]
      if (!how) continue
      const request = { path: blank(o.path) }
      for (const token of [ofUser, ofClient])
        assert.equal((await send(o.method, request, token)).status, 401, o.id)
    }
  })

  const canariesIn = (body: unknown) => {
    const text = JSON.stringify(body)
    return world.canaries.filter(canary => text.includes(canary))
  }

  /** What a role is told about something at a place, whose name is left out of the answer. */
  const answerAbout = async (
    { method }: Described,
    how: Extract<Asked, { thing: unknown }>,
    role: string,
    name: keyof Names,
    place: Place,
  ): Promise<Told> => {
    const names = { ...world.names.here, [name]: world.names[place][name] } as Required<Names>
    return told(await send(method, how.ask(names), limited.get(role)!), names[name])
  }

  /** Where each of some names can be out of reach. */
  const placesOf = (names: (keyof Names)[]): [keyof Names, Place][] =>
    names.flatMap(name =>
      (['elsewhere', 'other'] as const)
        .filter(at => world.names[at][name])
        .map((at): [keyof Names, Place] => [name, at]),
    )

  /** A digest of all that is out of reach, as it stands in the database. */
  const outside = async () => {
    const digests: Record<string, unknown> = {}
    for (const [table, where] of OUTSIDE)
      digests[table] = await g.db.one({
        text: `SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) AS digest, count(*)::int AS n FROM ${table} t WHERE ${where}`,
        values: [],
      } as never)
    return digests
  }
})

/** What an answer tells, but for the request's own number and the name that was asked for. */
/** Refused for the name, or for want of another permission, or told not to be found: not for being badly asked. */
const isRefusal = ({ status, body }: Told): boolean =>
  [403, 404].includes(status) ||
  (status === 400 && body.includes('#')) ||
  (status === 412 && body.includes('was shown')) ||
  (status === 200 && body.includes('"not-found"'))

type Told = { status: number; body: string }

const told = ({ status, body }: CallResult, name: string): Told => {
  const { instance: _instance, ...rest } = typeof body === 'object' ? body : { body }
  return { status, body: JSON.stringify(rest).replaceAll(name, '#') }
}

const blank = (path: string) => path.replace(/\{\w+\}/g, 'X1')

const FOREIGN = `(SELECT id FROM programs.programs WHERE code = 'FOREIGN')`
const AREA = `(SELECT id FROM areas.areas WHERE code = 'BB')`
const OUTSIDE = [
  ['programs.programs', `code = 'FOREIGN'`],
  ['programs.cycles', `program_id = ${FOREIGN}`],
  ['programs.enrolments', `program_id = ${FOREIGN}`],
  [
    'programs.entitlements',
    `area_id = ${AREA} OR cycle_id IN (SELECT id FROM programs.cycles WHERE program_id = ${FOREIGN})`,
  ],
  ['payments.batches', `program_id = ${FOREIGN}`],
  ['credentials.credentials', `program_id = ${FOREIGN} OR area_id = ${AREA}`],
  ['inventory.balances', `location_id IN (SELECT id FROM inventory.locations WHERE area_id = ${AREA})`],
  ['imports.imports', 'true'],
  ['registry.registrants', `area_id = ${AREA}`],
] as const
