import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { LOOKS } from '#core/history/index.ts'
import { formatReference, uuid7 } from '#core/kernel/index.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

type Hit = { kind: string; name: string; title: string; subtitle: string | null }

describe('the search for everything', () => {
  let g: TestGateway
  let everything: string
  before(async () => {
    g = await startTestGateway()
    everything = await g.as([
      'system-administrator',
      'registry-manager',
      'program-manager',
      'warehouse-officer',
    ])
    const post = (path: string, body: object) => g.call('POST', path, { token: everything, body })
    await post('/api/v1/areas', { areas: ['SA', 'SB'].map(code => ({ code, name: `Sahel ${code}` })) })
    await post('/api/v1/items', { code: 'OIL', name: 'Oil', unit: 'LTR' })
    const made = await post('/api/v1/programs', {
      code: 'SAHEL',
      name: 'Sahel relief',
      target: 'group',
      currency: 'XOF',
      rules: ['true'],
      components: [{ code: 'FOOD', kind: 'in_kind', item: 'OIL', quantity: 1 }],
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    await person(101n, 'SA', 'Élodie Sahel', '+22790000001', '7788')
    await person(102n, 'SB', 'Elodie Other', '+22790000002', '7799')
  })
  after(() => g.close())

  const person = async (ref: bigint, area: string, name: string, phone: string, identifier: string) => {
    const id = uuid7()
    await g.db.run(sql`
      INSERT INTO registry.registrants (id, ref, kind, area_id, name, sex, phones, source)
      SELECT ${id}, ${ref}, 'individual', a.id, ${name}, 'female', ${[phone]}, 'test' FROM areas.areas a WHERE a.code = ${area}`)
    await g.db.run(sql`
      INSERT INTO registry.identifiers (id, registrant_id, type, value) VALUES (${uuid7()}, ${id}, 'national_id', ${identifier})`)
  }
  const ask = (q: string, token: string) =>
    g.call('GET', `/api/v1/search?q=${encodeURIComponent(q)}`, { token })
  const found = async (q: string, token = everything): Promise<string[]> => {
    const { status, body } = await ask(q, token)
    assert.equal(status, 200, JSON.stringify(body))
    return (body.items as Hit[]).map(h => `${h.kind} ${h.title}`).toSorted()
  }
  const first = formatReference('individual', 101n)
  const second = formatReference('individual', 102n)

  it('finds things of every kind by name, people by how it begins and by what is theirs alone', async () => {
    assert.deepEqual(await found('sahel'), ['area Sahel SA', 'area Sahel SB', 'program Sahel relief'])
    assert.deepEqual(await found('elodie'), ['registrant Elodie Other', 'registrant Élodie Sahel'])
    assert.deepEqual(await found('+227 90-000-001'), ['registrant Élodie Sahel'])
    assert.deepEqual(await found('7799'), ['registrant Elodie Other'])
    assert.deepEqual(await found(second.toLowerCase().replaceAll('-', '')), ['registrant Elodie Other'])
    const opened = { code: 'ONE', name: 'First round', validFrom: '2026-01-01', validUntil: '2026-12-31' }
    await g.call('POST', '/api/v1/programs/SAHEL/activate', { token: everything })
    const cycle = await g.call('POST', '/api/v1/programs/SAHEL/cycles', { token: everything, body: opened })
    assert.deepEqual(await found(cycle.body.reference), ['cycle First round'])
    assert.deepEqual(await found('nothing of the kind'), [])
    assertProblem(await ask('  a ', everything), 400)
  })

  it('shows nothing of what is out of reach, by whatever it is asked for', async () => {
    const row = await g.db.one<{ id: string }>(sql`SELECT id FROM programs.programs WHERE code = 'SAHEL'`)
    const limited = await g.as('registrar', { areas: ['SA'], programIds: [row!.id] })
    assert.deepEqual(await found('elodie', limited), ['registrant Élodie Sahel'])
    for (const q of [second, '7799', '+22790000002', 'Sahel SB', formatReference('cycle', 1n)])
      assert.deepEqual(await found(q, limited), [], q)
    assert.deepEqual(await found(first, limited), ['registrant Élodie Sahel'])
  })

  it('does not find by what is shown only in part, and says on the trail whose data it showed', async () => {
    const role = { name: 'Veiled', permissions: ['registrant:read'], masks: ['name', 'identifier'] }
    await g.call('POST', '/api/v1/roles', { token: everything, body: { code: 'veiled', ...role } })
    const veiled = await g.as('veiled')
    assert.deepEqual(await found('elodie', veiled), [])
    assert.deepEqual(await found('7788', veiled), [])
    assert.deepEqual(await found(first, veiled), ['registrant É. S.'])
    const answer = await ask('elodie', everything)
    const looks = await g.db.query<{ action: string; n: number }>(sql`
      SELECT action, cardinality(item_ids) AS n FROM audit.entries WHERE request_id = ${answer.headers.get('X-Request-Id')}`)
    assert.deepEqual(looks, [{ action: 'registrant.list', n: 2 }])
    assert.ok(LOOKS['registrant.list'])
  })
})
