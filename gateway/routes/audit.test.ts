import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

const PERSON = {
  name: 'Canaria Plantada',
  birth: '1987-06-05',
  phone: '+251911223344',
  number: 'CANARY-77-1234567',
  account: '990001234567890',
}
const HEADER = 'Full name,Sex,Date of birth,Phone,Area,ID type,National ID,Account kind,Account,Bank\n'
/** Parts of the data that are shown of nobody who is masked. */
const CANARIES = ['Plantada', 'Trocada', '-06-05', '911223344', 'CANARY-77', '12345678']

describe('the audit trail, for auditors', function () {
  this.timeout(60_000)
  let g: TestGateway
  let auditor: string
  let administrator: string
  let manager: string
  before(async () => {
    g = await startTestGateway()
    auditor = await g.as('auditor')
    administrator = await g.as('system-administrator')
    manager = await g.as(['registry-manager', 'program-manager', 'warehouse-officer'])
    await post('areas', { areas: [{ code: 'AA', name: 'Area' }] }, administrator)
    await importPeople([PERSON.name, 'F', PERSON.birth, PERSON.phone])
    await importPeople(['Canaria Trocada', 'F', PERSON.birth, '+251911223355'])
    await post('items', { code: 'RICE', name: 'Rice', unit: 'KGM' })
    await get(`registrants?identifier=${PERSON.number}`, manager)
    await get(`registrants?phone=${encodeURIComponent(PERSON.phone)}`, manager)
    await get('registrants?name=Canaria%20Trocada', manager)
  })
  after(() => g.close())

  const get = async (path: string, token = auditor) => {
    const answer = await g.call('GET', `/api/v1/${path}`, { token })
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const post = async (path: string, body: unknown, token = manager) => {
    const answer = await g.call('POST', `/api/v1/${path}`, { token, body })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const importPeople = (cells: string[]) =>
    importRows([[...cells, 'AA', 'national_id', PERSON.number, 'bank_account', PERSON.account, 'AAAAETAA']])
  const importRows = async (rows: string[][]) => {
    const raw = `${HEADER}${rows.map(row => row.join()).join('\n')}\n`
    const file = await g.call('POST', '/api/v1/files?name=people.csv', {
      token: manager,
      raw,
      headers: { 'Content-Type': 'text/csv' },
    })
    const im = await post('imports', { file: file.body.id, country: 'ET' })
    await g.job(im.job)
    await g.job((await post(`imports/${im.reference}/commit`, {})).job)
  }
  const everyEntry = async (token: string) => {
    const all: { id: string; action: string }[] = []
    for (let cursor = ''; ; ) {
      const page = await get(`audit-entries?limit=50${cursor}`, token)
      all.push(...page.items)
      if (!page.next) return all
      cursor = `&cursor=${page.next}`
    }
  }

  const hits: [what: string, query: () => string | Promise<string>, actions: string[]][] = [
    ['a subject by its name', () => 'subject=item:RICE', ['item.create']],
    ['an action', () => 'action=area.create', ['area.create']],
    ['actions that begin alike', () => 'action=item.', ['item.create']],
    ['the type of the subject', () => 'subjectType=item', ['item.create']],
    ['an actor by client id', () => 'actor=client-3&action=item.', ['item.create']],
    ['the kind of actor, and none of another', () => 'actorKind=user&action=item.', []],
    ['whom it was done for', () => 'onBehalfOf=nobody', []],
    ['a time before anything', () => 'to=2020-01-01T00:00:00Z', []],
    ['a time after everything', () => 'from=2190-01-01T00:00:00Z', []],
    ['an address', () => 'address=127.0.0.1&action=item.', ['item.create']],
    ['another address', () => 'address=192.0.2.1', []],
    ['a reason that nobody gave', () => 'reason=%25%25', []],
    [
      'a request',
      async () => `requestId=${(await get('audit-entries?action=item.create')).items[0].requestId}`,
      ['item.create'],
    ],
  ]
  for (const [what, query, actions] of hits)
    it(`is searched by ${what}`, async () => {
      const { items } = await get(`audit-entries?${await query()}`)
      assert.deepEqual(
        items.map((i: { action: string }) => i.action),
        actions,
      )
    })

  it('finds what was done to a row of a set, and names it', async () => {
    const person = (await get(`registrants?identifier=${PERSON.number}`, manager)).items[0].reference
    const { items } = await get(`audit-entries?subject=${person}`)
    const actions = items.map((i: { action: string }) => i.action)
    for (const action of ['registrant.import', 'registrant.update', 'registrant.list'])
      assert.ok(actions.includes(action), action)
    const update = items.find((i: { action: string }) => i.action === 'registrant.update')
    const { entry, of } = await get(`audit-entries/${update.id}`)
    assert.equal(entry.id, update.id)
    assert.match(entry.subject, /^IM-/)
    assert.equal(of.length, 1)
    assert.deepEqual(
      [of[0].name, of[0].before.name, of[0].after.name],
      [person, PERSON.name, 'Canaria Trocada'],
    )
    const log = await get(`registrants/${person}/access-log?limit=1`, await g.as(['auditor']))
    assert.equal(log.items[0].action, 'audit.read', 'that the auditor read it is told to the registrant')
    const proof = async (tries = 0): Promise<{ status: number; body: { text: string } }> => {
      await g.services.audit.seal()
      const answer = await g.call('GET', `/api/v1/audit-entries/${update.id}/proof`, { token: auditor })
      if (answer.status !== 409 || tries > 200) return answer
      await pause(50)
      return proof(tries + 1)
    }
    const reads = async () => (await get(`audit-entries?subject=${person}&action=audit.read`)).items.length
    const before = await reads()
    assert.match((await proof()).body.text, /Canaria Trocada/)
    assert.equal(await reads(), before + 1, 'and that a proof with its text was taken')
  })

  it('goes back through what was done to a set, in the words that the reader may see', async () => {
    const person = (await get(`registrants?identifier=${PERSON.number}`, manager)).items[0].reference
    const { items } = await get(`history/${person}/changes`)
    assert.deepEqual(
      items.map((i: { action: string }) => i.action),
      ['registrant.update', 'registrant.import'],
    )
    assert.deepEqual(
      items[0].changes.find((c: { field: string }) => c.field === 'name'),
      {
        field: 'name',
        before: PERSON.name,
        after: 'Canaria Trocada',
      },
    )
    const instant = new Date(Date.parse(items[0].at) - 1).toISOString()
    const full = await get(`history/${person}?at=${instant}`)
    assert.deepEqual(
      [full.existed, full.state.name, full.state.phones, full.state['identifier.national_id']],
      [true, PERSON.name, [PERSON.phone], PERSON.number],
    )
    const part = await get(`history/${person}?at=${instant}`, await g.as('program-manager'))
    assert.deepEqual([part.state.name, part.state['identifier.national_id']], [PERSON.name, '•••••567'])
    const before = new Date(Date.parse(items[1].at) - 1).toISOString()
    assert.deepEqual((await get(`history/${person}?at=${before}`)).existed, false)
  })

  it('answers who changed an account, and shows what was written of somebody who was imported', async () => {
    await importRows([['Lone Ranger', 'M', '1990-01-02', '', 'AA', 'national_id', 'LONE-1', '', '', '']])
    const reference = (await get('registrants?identifier=LONE-1', manager)).items[0].reference
    await importRows([
      [
        'Lone Ranger',
        'M',
        '1990-01-02',
        '',
        'AA',
        'national_id',
        'LONE-1',
        'bank_account',
        '77001234',
        'AAAAETAA',
      ],
    ])
    const account = [{ value: '77001234', bankCode: 'AAAAETAA', preferred: true }]
    const { state } = await get(`history/${reference}`)
    assert.deepEqual(
      [state['account.bank_account'], state.area, state.birthDate, state.givenName],
      [account, 'AA', '1990-01-02', null],
    )
    const { items } = await get(`history/${reference}/changes`)
    assert.deepEqual(items[0].changes, [{ field: 'account.bank_account', before: null, after: account }])
    assert.equal(items[1].action, 'registrant.import')
    const born = new Map(items[1].changes.map((c: { field: string; after: unknown }) => [c.field, c.after]))
    assert.deepEqual(
      ['name', 'area', 'birthDate', 'status', 'identifier.national_id', 'account.bank_account', 'digest'].map(
        f => born.get(f),
      ),
      ['Lone Ranger', 'AA', '1990-01-02', 'active', 'LONE-1', undefined, undefined],
    )
    const [imported] = (await get(`audit-entries?subject=${reference}&action=registrant.import`)).items
    const rows = (await get(`audit-entries/${imported.id}`)).of
    assert.ok(
      rows.some((r: { name: string }) => r.name === reference),
      'the entry names who was created',
    )
    const before = await get(`history/${reference}?at=${new Date(Date.parse(items[0].at) - 1).toISOString()}`)
    assert.equal('account.bank_account' in before.state, false)
    const masked = await get(`history/${reference}`, await g.as('program-manager'))
    assert.equal(masked.state['account.bank_account'][0].value, '•••••234')
  })

  it('names what the ids in entries are of, and says amounts as people do', async () => {
    const administer = (path: string, body: unknown) => post(path, body, administrator)
    await administer('users', { username: 'sara', name: 'Sara', password: 'stable winter lamp', grants: [] })
    await administer('users', {
      username: 'kofi',
      name: 'Kofi',
      password: 'stable winter lamp',
      supervisor: 'sara',
      grants: [{ role: 'registrar', areas: ['AA'] }],
    })
    const [user] = (await get('audit-entries?subject=user:kofi&action=user.create')).items
    assert.deepEqual(
      [user.after.supervisor, user.after.person, user.after.grants],
      ['sara', 'kofi', [{ role: 'registrar', areas: ['AA'], programs: null }]],
    )
    const finance = await g.as('finance-officer')
    await post('funds', { code: 'F-1', name: 'Fund', currency: 'KES' }, finance)
    await post('funds/F-1/allocations', { amount: '1234.50' }, finance)
    const [fund] = (await get('audit-entries?action=fund.allocate')).items
    assert.deepEqual([fund.before, fund.after], [{ allocated: '0.00 KES' }, { allocated: '1234.50 KES' }])
    assert.equal((await get('history/fund:F-1')).state.allocated, '1234.50 KES')
    const stored = await g.db.one(sql`SELECT after FROM audit.entries WHERE action = 'fund.allocate'`)
    assert.deepEqual(stored!.after, { allocated: '123450' }, 'the entry stays as it is')
  })

  it('tells the words that it is searched by', async () => {
    const { actions, subjects, actors } = await get('audit-vocabulary')
    const find = (action: string) => actions.find((a: { action: string }) => a.action === action)
    assert.deepEqual(find('user.sign-in-failed'), {
      action: 'user.sign-in-failed',
      meaning: 'failed to sign in',
      isLook: false,
    })
    assert.equal(find('registrant.list').isLook, true)
    const names = new Map(subjects.map((s: { type: string; names: string[] }) => [s.type, s.names]))
    assert.deepEqual(
      ['user', 'program', 'cycle', 'registrant'].map(type => names.get(type)),
      [['user:…'], ['program:…'], ['CY-…'], ['IN-…', 'GR-…']],
    )
    assert.deepEqual(
      actors.map((a: { kind: string }) => a.kind),
      ['user', 'client', 'system'],
    )
    assertProblem(await g.call('GET', '/api/v1/audit-vocabulary', { token: manager }), 403)
  })

  it('tells what a name looks like when it is nothing’s', async () => {
    const said = async (path: string) => {
      const { body } = await g.call('GET', `/api/v1/${path}`, { token: auditor })
      return body.errors?.[0]?.detail ?? body.detail
    }
    assert.equal(
      await said('audit-entries?subject=RICE'),
      'There is nothing called RICE. Did you mean item:RICE?',
    )
    assert.match(await said('audit-entries?subject=nonsense'), /or a kind and a code: .*user:.*program:/)
    assert.match(
      await said('history/policy:X'),
      /no kind of thing called policy. Did you mean approval-policy:X\?/,
    )
    assert.match(await said('history/cycle:X'), /name of a cycle is its reference: CY-…/)
    assert.match(await said('history/IN-123'), /IN-123 is not a reference/)
  })

  it('shows an administrator nothing of people in any entry, nor in the rows of one', async () => {
    const whole = JSON.stringify(await everyEntry(auditor))
    assert.ok(whole.includes('Trocada') && whole.includes('CANARY-77'), 'the canaries are there to be seen')
    const entries = await everyEntry(administrator)
    const rows = []
    for (const { id, action } of entries)
      if (action.startsWith('registrant.')) rows.push(await get(`audit-entries/${id}`, administrator))
    assert.ok(rows.length >= 4)
    const shown = JSON.stringify([entries, rows])
    for (const canary of CANARIES) assert.ok(!shown.includes(canary), canary)
    assert.ok(
      shown.includes('C. P.') && shown.includes('"Rice"'),
      'initials, and the names of things, are shown',
    )
  })

  it('is for those who may read all of it', async () => {
    const limited = await g.as('auditor', { areas: ['AA'] })
    for (const path of ['audit-entries', 'audit-entries/019ab000-0000-7000-8000-000000000001'])
      assertProblem(await g.call('GET', `/api/v1/${path}`, { token: limited }), 403, { about: path })
    assertProblem(
      await g.call('POST', '/api/v1/audit-exports', { token: limited, body: { format: 'csv' } }),
      403,
    )
  })

  const exported = async (token: string, body: object) => {
    const { job } = await post('audit-exports', body, token)
    const { result } = await g.job(job)
    const answer = await fetch(`${g.url}/api/v1/audit-exports/${job}`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 200)
    return {
      job,
      result: result as { rows: number; sha256: string; masked: string[] },
      text: await answer.text(),
    }
  }

  it('is taken out as lines of JSON that can be checked, and that is on the trail', async () => {
    for (let tries = 0; tries < 200 && !(await g.services.audit.seal()); tries++) await pause(50)
    const filter = { action: 'registrant.' }
    const { result, text, job } = await exported(auditor, { format: 'jsonl', filter })
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.equal(lines.length, result.rows)
    assert.ok(lines.length >= 5 && lines.every(l => l.action.startsWith('registrant.')))
    assert.equal(createHash('sha256').update(text).digest('hex'), result.sha256)
    const leaves = await g.db.query(
      sql`SELECT encode(leaf, 'hex') AS leaf FROM audit.entries WHERE starts_with(action, 'registrant.') ORDER BY xid DESC, id DESC`,
    )
    assert.deepEqual(
      lines.map(l => l.leaf),
      leaves.map(l => l.leaf),
    )
    assert.ok(
      lines.some(l => Number(l.block) >= 1),
      'sealed ones name their block',
    )
    for (const line of lines) {
      assert.equal(createHash('sha256').update(line.text).digest('hex'), line.leaf)
      assert.equal(JSON.parse(line.text)[1], line.id)
      assert.equal('of' in line, false)
    }
    const [entry] = (await get('audit-entries?action=audit.export')).items
    assert.deepEqual(entry.after, { filter, format: 'jsonl', rows: lines.length, sha256: result.sha256 })
    for (const other of [administrator, await g.as('auditor')]) {
      const { status } = await g.call('GET', `/api/v1/audit-exports/${job}`, { token: other })
      assert.ok(status === 404 || status === 403, `another's file: ${status}`)
    }
  })

  it('is taken out with the rows of sets, when they are asked for', async () => {
    const { text } = await exported(auditor, {
      format: 'jsonl',
      filter: { action: 'registrant.update' },
      details: true,
    })
    const lines = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.ok(lines.length >= 2)
    for (const { id, of } of lines) assert.deepEqual(of, (await get(`audit-entries/${id}`)).of)
    assert.ok(
      lines.some(l => l.of.some((row: { after: { name?: string } }) => row.after.name === 'Canaria Trocada')),
    )
  })

  it('is taken out for spreadsheets, which find no formula in it', async () => {
    await post('locations', { code: 'EVIL', name: '=HYPERLINK("http://x")', kind: 'warehouse', area: 'AA' })
    const reasoned = await g.call('GET', '/api/v1/items', { token: manager })
    assert.equal(reasoned.status, 200)
    await g.db.query(sql`
      INSERT INTO audit.entries (actor_kind, actor_id, actor_name, action, subject_type, request_id, reason, leaf)
      VALUES ('user', gen_random_uuid(), '=1+1', 'thing.make', 'thing', 'r', '@SUM(A1)', '')`)
    const { text } = await exported(auditor, { format: 'csv', filter: { subjectType: 'thing' } })
    assert.match(text, /^id,at,actor kind,/)
    assert.ok(text.includes(",'=1+1,") && text.includes(",'@SUM(A1),"), text)
  })

  it('is taken out without what the one who takes it may not see', async () => {
    await g.db.query(sql`
      INSERT INTO access.roles (id, code, name, permissions, masks)
      VALUES (gen_random_uuid(), 'clerk', 'Clerk', '{audit:read,audit:export}', '{identifier,contact,account,birth,name}')`)
    const { text, result } = await exported(await g.as('clerk'), { format: 'jsonl', details: true })
    assert.ok(result.rows > 20)
    assert.deepEqual(result.masked, ['identifier', 'contact', 'account', 'birth', 'name'])
    assert.ok(text.split('\n').every(line => line === '' || JSON.parse(line).text === null))
    for (const canary of CANARIES) assert.ok(!text.includes(canary), canary)
  })
})
