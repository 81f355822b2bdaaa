import assert from 'node:assert/strict'
import fc from 'fast-check'
import pg from 'pg'
import sql from 'sql-template-tag'
import { outside } from '#core/history/index.ts'
import { DomainError, type Fields, systemCtx } from '#core/kernel/index.ts'
import { createThings } from '#core/things/index.ts'
import { superuserUrl } from '#tests/support/database.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'
import { populate } from '#tests/support/population.ts'
import { things } from '../things.ts'

const root = systemCtx('test', 'test')
const TERMS = {
  target: 'group',
  currency: 'KES',
  rules: ['true'],
  components: [{ code: 'FOOD', kind: 'in_kind', item: 'RICE', quantity: 2 }],
} as const

describe('history', function () {
  this.timeout(120_000)
  let g: TestGateway
  let auditor: string
  before(async () => {
    g = await startTestGateway()
    await populate(g.db, { households: 6 })
    await g.services.inventory.createItem(root, { code: 'RICE', name: 'Rice', unit: 'KGM' })
    auditor = await g.as('auditor')
  })
  after(() => g.close())

  const today = new Date().toISOString().slice(0, 10)
  const get = (path: string, token = auditor) => g.call('GET', `/api/v1/${path}`, { token })
  const now = async () =>
    (await g.db.one<{ at: string }>(
      sql`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
    ))!.at

  /** What is done at random, to a few things of one run. Refusals are part of it: they change nothing. */
  const deeds = (run: number, names: Map<string, string>) => {
    const { programs, access } = g.services
    const program = `P${run}`
    const user = `user${run}`
    const change = (to: 'suspended' | 'enrolled' | 'exited', reason: string) =>
      programs.changeEnrolment(
        root,
        names.get('enrolment')!,
        to === 'enrolled' ? { to } : { to, reason: to === 'exited' ? 'moved' : reason },
      )
    return {
      edit: (text: string) =>
        programs.updateProgram(root, { code: program, name: `Named ${text}`, ...TERMS }),
      rules: (text: string) =>
        programs.updateProgram(root, {
          code: program,
          name: 'Ruled',
          ...TERMS,
          rules: [`"${text}" == "${text}"`],
        }),
      suspend: (text: string) => change('suspended', `Because ${text}`),
      resume: (text: string) => change('enrolled', text),
      exit: (text: string) => change('exited', text),
      open: async (text: string) => {
        const cycle = {
          code: `C-${text}`.toUpperCase(),
          name: text,
          validFrom: '2026-01-01',
          validUntil: '2026-12-31',
        }
        names.set('cycle', (await programs.openCycle(root, program, cycle)).reference)
      },
      prepare: async () => g.job((await programs.prepareCycle(root, names.get('cycle')!)).job),
      cancel: (text: string) => programs.cancelCycle(root, names.get('cycle')!, text),
      rename: (text: string) => access.updateUser(root, user, { name: `User ${text}` }),
      disable: () => access.disableUser(root, user),
      enable: () => access.enableUser(root, user),
      grant: (text: string) =>
        access.replaceGrants(root, user, [{ role: text < 'm' ? 'registrar' : 'auditor' }]),
    }
  }

  /** A program with somebody enrolled, and a user. */
  const begin = async (run: number): Promise<Map<string, string>> => {
    const { programs, access } = g.services
    const code = `P${run}`
    await programs.createProgram(root, { code, name: 'New', ...TERMS })
    await programs.changeState(root, code, 'active')
    const household = await g.db.one<{ ref: string }>(
      sql`SELECT kernel.reference('GR', ref) AS ref FROM registry.registrants WHERE kind = 'group' ORDER BY id LIMIT 1`,
    )
    await programs.enrolOne(root, code, household!.ref)
    const { items } = await programs.listEnrolments(root, code, {}, { limit: 1 })
    await access.createUser(root, {
      username: `user${run}`,
      name: 'New',
      password: 'stable winter lamp',
      grants: [],
    })
    return new Map([
      ['program', `program:${code}`],
      ['enrolment', items[0]!.reference],
      ['user', `user:user${run}`],
    ])
  }

  it('gives of every thing at every instant exactly the state that it had', async () => {
    const known = createThings(g.db, things)
    const stateNow = async (name: string): Promise<Fields | undefined> => {
      const { type, id } = await known.find(root, name)
      const record = (await known.stateOf({ type, id })) ?? null
      return (await outside(known, [{ id, record }]))({ id, record }) ?? undefined
    }
    let run = 0
    let changes = 0
    const steps = fc.array(
      fc.record({
        deed: fc.constantFrom(...(Object.keys(deeds(0, new Map())) as (keyof ReturnType<typeof deeds>)[])),
        text: fc.stringMatching(/^[a-z]{1,6}$/),
      }),
      { minLength: 8, maxLength: 16 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async steps => {
        const early = await now()
        const names = await begin(++run)
        const all = deeds(run, names)
        const remembered: { at: string; states: Map<string, Fields | undefined> }[] = []
        const remember = async () => {
          const states = new Map<string, Fields | undefined>()
          for (const name of names.values()) states.set(name, await stateNow(name))
          remembered.push({ at: await now(), states })
        }
        await remember()
        for (const { deed, text } of steps) {
          if (['prepare', 'cancel'].includes(deed) && !names.has('cycle')) continue
          await all[deed](text).catch((error: unknown) =>
            assert.ok(error instanceof DomainError, String(error)),
          )
          const cycle = names.get('cycle')
          if (deed === 'open' && cycle) names.set(cycle, cycle)
          await remember()
        }
        for (const name of names.values())
          for (const [n, { at, states }] of remembered.entries()) {
            const { existed, state } = await g.services.history.at(root, name, at)
            const was = states.get(name)
            assert.deepEqual([existed, state], [was !== undefined, was ?? null], `${name} after step ${n}`)
            if (n > 0 && JSON.stringify(was) !== JSON.stringify(remembered[n - 1]!.states.get(name)))
              changes++
          }
        for (const name of names.values())
          assert.equal((await g.services.history.at(root, name, early)).existed, false, name)
      }),
      { numRuns: 6 },
    )
    assert.ok(changes > 20, `${changes} changes`)
  })

  it('says who changed what, field by field, newest first, between two instants', async () => {
    const manager = await g.as('program-manager')
    const program = { code: 'WHO', name: 'First', ...TERMS }
    assert.equal((await g.call('POST', '/api/v1/programs', { token: manager, body: program })).status, 201)
    const between = await now()
    const { code: _code, ...terms } = { ...program, name: 'Second' }
    const put = await g.call('PUT', '/api/v1/programs/WHO', { token: manager, body: terms })
    assert.equal(put.status, 200, JSON.stringify(put.body))
    const { body } = await get(`history/program:WHO/changes?from=${between}`)
    assert.deepEqual(
      body.items.map((i: { action: string; actor: object; requestId: string; changes: object }) => [
        i.action,
        i.actor,
        i.requestId,
        i.changes,
      ]),
      [
        [
          'program.update',
          { kind: 'client', name: body.items[0].actor.name },
          put.headers.get('X-Request-Id'),
          [
            { field: 'name', before: 'First', after: 'Second' },
            { field: 'version', before: 1, after: 2 },
          ],
        ],
      ],
    )
    const pages = [await get('history/program:WHO/changes?limit=1')]
    pages.push(await get(`history/program:WHO/changes?limit=1&cursor=${pages[0]!.body.next}`))
    assert.deepEqual(
      pages.map(p => p.body.items[0].action),
      ['program.update', 'program.create'],
    )
    assert.equal(pages[1]!.body.next, undefined)
    assert.equal((await get('history/program:WHO?at=2020-01-01T00:00:00Z')).body.existed, false)
    assert.equal((await get(`history/program:WHO?at=${today}`)).body.state.name, 'Second')
    assert.equal((await get('history/program:WHO?at=2020-01-01')).body.existed, false)
    assertProblem(await get('history/program:WHO?at=2190-01-01'), 400)
    const days = (await get(`history/program:WHO/changes?from=${today}&to=${today}`)).body.items
    assert.equal(days.length, 2)
  })

  it('does not guess what was before the entries that are left', async () => {
    const superuser = new pg.Client({ connectionString: await superuserUrl(g.db.url) })
    await superuser.connect()
    await superuser.query("SET session_replication_role = 'replica'")
    await superuser.query(`
      INSERT INTO audit.blocks (height, from_xid, to_xid, entries, root, previous, hash, key_id, signature, sealed_at)
      VALUES (99, '0', '1', 1, '', '', '', 'k', '', '2020-06-01');
      INSERT INTO audit.segments (number, from_height, to_height, from_xid, to_xid, entries, file, sha256, previous, hash,
        key_id, signature, retired_at)
      VALUES (1, 1, 99, '0', '1', 1, 'f', '', '', '', 'k', '', now())`)
    const before = await get('history/program:WHO?at=2020-05-31T00:00:00Z')
    assertProblem(before, 409)
    assert.equal(before.body.rule, 'history-retired')
    assert.equal((await get('history/program:WHO?at=2020-06-02T00:00:00Z')).status, 200)
    await superuser.query('DELETE FROM audit.segments; DELETE FROM audit.blocks WHERE height = 99')
    await superuser.end()
  })

  it('is of things within reach only, and says the same of others as of none', async () => {
    const north = await g.as(['registry-manager', 'program-manager'], { areas: ['XA01'] })
    const of = async (area: string) =>
      (await g.db.one<{ ref: string }>(sql`
        SELECT kernel.reference('GR', r.ref) AS ref FROM registry.registrants r JOIN areas.areas a ON a.id = r.area_id
        WHERE r.kind = 'group' AND a.code LIKE ${`${area}%`} LIMIT 1`))!.ref
    assert.equal((await get(`history/${await of('XA01')}`, north)).status, 200)
    for (const path of [
      `history/${await of('XA02')}`,
      `history/${await of('XA02')}/changes`,
      `registrants/${await of('XA02')}/access-log`,
      'history/GR-00000-000000',
      'history/program:WHO',
      'history/program:NONE',
      'history/nonsense',
    ])
      assertProblem(await get(path, north), 404, { about: path })
    assertProblem(await get(`history/${await of('XA01')}`, await g.as('registrar')), 403)
  })

  it('tells a registrant who looked at their data, how, and for what, lists included', async () => {
    const rows = await g.db.query<{ ref: string; kind: string }>(sql`
      SELECT kernel.reference(CASE kind WHEN 'group' THEN 'GR' ELSE 'IN' END, ref) AS ref, kind
      FROM registry.registrants WHERE area_id IN (SELECT id FROM areas.areas WHERE code LIKE 'XA02%')`)
    const group = rows.find(r => r.kind === 'group')!.ref
    const registrar = await g.as('registrar')
    const seen = (await get(`registrants/${group}`, registrar)).body
    const person = seen.members[0].reference
    await get('registrants?limit=200', registrar)
    await get(`history/${person}`)
    const { body } = await get(`registrants/${person}/access-log`)
    assert.deepEqual(
      body.items.map((i: { action: string; what: string }) => [i.action, i.what]),
      [
        ['history.read', 'looked at what it was before'],
        ['registrant.list', 'saw it in a list of registrants'],
        ['registrant.read', 'opened the record'],
      ],
    )
    assert.deepEqual(
      new Set(body.items.map((i: { actor: { kind: string } }) => i.actor.kind)),
      new Set(['client']),
    )
    for (const [range, seen] of [
      ['from=2020-01-01&to=2020-12-31', false],
      ['to=2020-01-01T00:00:00Z', false],
      [`from=${today}&to=${today}`, true],
    ] as const) {
      const { body } = await get(`registrants/${person}/access-log?${range}`)
      assert.equal(body.items.length > 0, seen, range)
    }
    const again = (await get(`registrants/${person}/access-log?limit=1`)).body
    assert.equal(again.items[0].action, 'registrant.access-log', 'that the log was read is on it, too')
    assert.equal(again.items.length, 1)
    assert.ok(again.next)
  })
})
