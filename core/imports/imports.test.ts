import assert from 'node:assert/strict'
import { type Ctx, uuid7 } from '../kernel/index.ts'
import { HEADER, type Rig, startRig } from './testing/rig.ts'

const AMINA = 'H1,head,Amina Diallo,F,1984-03-21,77 123 45 67,SN01,ID-1,mobile money,77 123 45 67'
const MODOU = 'H1,fils,Modou Diallo,M,2015,,,ID-2,,'
const FATOU = ',,Fatou Sow,f,31/12/1990,,SN02,ID-3,,GB82 WEST 1234 5698 7654 32'

describe('importing people', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.db.close())
  beforeEach(() => rig.empty())

  it('tests a file without touching the registry, and commits what the test said', async () => {
    const tested = await rig.test([AMINA, MODOU, FATOU])
    assert.equal(tested.state, 'tested')
    assert.deepEqual(await rig.issues(tested), [])
    const { rows, households, create, update, leftOut } = tested.totals!
    assert.deepEqual([rows, households, create, update, leftOut], [3, 1, 3, 0, 0])
    assert.deepEqual(await rig.counts(), [0, 0, 0, 0, 0])

    const committed = await rig.commit(tested)
    assert.equal(committed.state, 'committed')
    assert.deepEqual(await rig.counts(), [3, 1, 2, 3, 2])
    const [amina, fatou, modou] = await rig.people()
    assert.deepEqual(amina, {
      name: 'Amina Diallo',
      sex: 'female',
      birth_date: '1984-03-21',
      birth_precision: 'day',
      phones: ['+221771234567'],
      status: 'active',
      version: 1,
      area: 'SN01',
      household: 'Amina Diallo',
      roles: ['head'],
      relationship: null,
      identifier: 'ID-1',
      account_kind: 'mobile_wallet',
      account: '+221771234567',
    })
    assert.deepEqual(
      [modou!.relationship, modou!.roles, modou!.area, modou!.birth_precision, modou!.phones],
      ['child', [], 'SN01', 'year', []],
    )
    assert.deepEqual(
      [fatou!.household, fatou!.account_kind, fatou!.account],
      [null, 'iban', 'GB82WEST12345698765432'],
    )
  })

  it('maps headers of other languages, and takes a mapping that is given', async () => {
    const french = 'Numéro ménage;Lien de parenté;Prénom;Nom;Sexe;Date de naissance;Code zone;CNI\n'
    const tested = await rig.test(`${french}M1;chef de ménage;Zoé;Diop;Féminin;1er mars 1980;sn01;C-1\n`)
    assert.deepEqual([tested.state, tested.found!.delimiter, tested.found!.unmapped], ['tested', ';', []])
    await rig.commit(tested)
    const [zoe] = await rig.people()
    assert.deepEqual(
      [zoe!.name, zoe!.birth_date, zoe!.area, zoe!.roles],
      ['Zoé Diop', '1980-03-01', 'SN01', ['head']],
    )

    const given = await rig.test('a,b,c\nAmina,SN02,x\n', { mapping: { name: 'a', area: 'B' } })
    assert.deepEqual([given.state, given.found!.unmapped], ['tested', ['c']])
    assert.deepEqual(given.mapping, { name: 'a', area: 'B' })
  })

  it('names every problem of every row by line, column and message', async () => {
    const tested = await rig.test([
      'H1,head,,F,30/02/2020,12,XX,ID-1,,',
      'H2,head,Awa,Z,2030-01-01,,SN01,ID-2,cheque,1',
      'H3,cousine,Coumba,F,yesterday,,SN01,,,',
      'H4,head,Demba,M,1980',
    ])
    assert.deepEqual(await rig.issues(tested), [
      '2 error Full name name-missing',
      '2 error Date of birth date-day',
      '2 error Phone phone',
      '2 error Area code area',
      '3 error Sex sex',
      '3 error Date of birth date-future',
      '3 error Account kind account-kind',
      '4 error Relation relation',
      '4 error Date of birth date',
      '4 error Relation household-head',
      '5 error - ragged-row',
    ])
    const { items } = await rig.imports.issues(rig.ctx, tested.reference, {}, { limit: 1 })
    assert.equal(items[0]!.message, 'A person needs a name.')
  })

  it('gives issues a page at a time, of one severity when asked', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => `,,,F,,,SN01,ID-${i % 2},,`)
    const tested = await rig.test(rows)
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await rig.imports.issues(
        rig.ctx,
        tested.reference,
        { severity: 'error' },
        { limit: 3, cursor },
      )
      seen.push(...page.items.map(i => i.line))
      cursor = page.next
    } while (cursor)
    assert.deepEqual(seen, [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])
    assert.deepEqual(
      (await rig.imports.issues(rig.ctx, tested.reference, { severity: 'warning' }, { limit: 3 })).items,
      [],
    )
  })

  it('finds what is wrong between rows: identifiers used twice, households without one head, shared accounts', async () => {
    const tested = await rig.test([
      AMINA,
      'H2,head,A,F,,,SN01,SAME,,',
      'H3,head,B,F,,,SN01,SAME,,',
      'H4,child,C,F,,,SN01,,,',
      'H5,head,D,F,,,SN01,,,',
      'H5,head,E,F,,,SN01,,,',
      'H6,head,F,F,,,,,,',
      'H7,head,G,F,,77 123 45 67,SN01,,mobile,771234567',
    ])
    assert.deepEqual(await rig.issues(tested), [
      '2 warning Account account-twice',
      '2 warning Phone phone-twice',
      '3 error Identifier identifier-twice',
      '4 error Identifier identifier-twice',
      '5 error Relation household-head',
      '6 error Relation household-head',
      '7 held - household-held',
      '8 error Area code area-missing',
      '9 warning Account account-twice',
      '9 warning Phone phone-twice',
    ])
    const { errors, held, warnings, create, leftOut } = tested.totals!
    assert.deepEqual([errors, held, warnings, create, leftOut], [5, 1, 2, 2, 6])
  })

  it('commits a file with errors only when asked to skip them, and then whole households only', async () => {
    const tested = await rig.test([AMINA, 'H1,son,Modou,M,never,,,,,', FATOU])
    await assert.rejects(rig.imports.commit(rig.ctx, tested.reference), { rule: 'import-has-errors' })
    const committed = await rig.commit(tested, { skipInvalid: true })
    assert.deepEqual(
      (await rig.people()).map(p => p.name),
      ['Fatou Sow'],
    )
    assert.deepEqual([committed.totals!.create, committed.totals!.leftOut], [1, 2])
  })

  it('gives the bad rows back in the same shape with reasons, safe to open, and takes them again corrected', async () => {
    const tested = await rig.test([
      AMINA,
      'H2,head,"=HYPERLINK(""x"")",F,never,+221771234567,SN01,-1,,',
      FATOU,
    ])
    const csv = await rig.badRows(tested)
    const [header, row] = csv.replace('\ufeff', '').split('\r\n')
    assert.equal(header, `${HEADER},reasons`)
    assert.match(
      row!,
      /^H2,head,"'=HYPERLINK\(""x""\)",F,never,'\+221771234567,SN01,'-1,,,"?Date of birth: "?"?never/,
    )
    const again = await rig.test(csv.replace('never', '1980-01-01'))
    assert.deepEqual([again.state, again.totals!.create, await rig.issues(again)], ['tested', 1, []])
    await rig.commit(again)
    const [person] = await rig.people()
    assert.deepEqual(
      [person!.name, person!.phones, person!.identifier],
      ['=HYPERLINK("x")', ['+221771234567'], '-1'],
    )
    assert.match(await rig.badRows(again), /^\ufeff.*Account,reasons\r\n$/)
  })

  it('asks in which order days and months are written when no date tells, and takes the answer', async () => {
    const rows = [',,Awa,F,03/04/2020,,SN01,,,', ',,Binta,F,05/06/2020,,SN01,,,']
    const asked = await rig.test(rows)
    assert.deepEqual([asked.state, await rig.issues(asked)], ['refused', ['1 error 5 date-order']])
    const answered = await rig.work(
      await rig.imports.retest(rig.ctx, asked.reference, { dateOrder: 'day-first' }),
    )
    assert.deepEqual([answered.state, await rig.issues(answered)], ['tested', []])
    await rig.commit(answered)
    assert.deepEqual(
      (await rig.people()).map(p => p.birth_date),
      ['2020-04-03', '2020-06-05'],
    )
  })

  it('tests a corrected file in the place of the one before, in the same import', async () => {
    const faulty = await rig.test([AMINA, FATOU.replace('31/12/1990', '31/02/1990'), ',,,,,,SN01,,,'])
    assert.deepEqual(await rig.imports.issueKinds(rig.ctx, faulty.reference), [
      { severity: 'error', code: 'date-day', rows: 1 },
      { severity: 'error', code: 'name-missing', rows: 1 },
    ])
    const of = { code: 'name-missing' }
    const { items } = await rig.imports.issues(rig.ctx, faulty.reference, of, { limit: 9 })
    assert.deepEqual(
      items.map(i => i.line),
      [4],
    )
    const file = await rig.upload([HEADER, AMINA, FATOU].join('\n'))
    const again = await rig.imports.retest(rig.ctx, faulty.reference, faulty.options, file)
    const tested = await rig.work(again)
    assert.deepEqual([tested.reference, tested.file, tested.totals!.create], [faulty.reference, file, 2])
    const other = await rig.imports.start(rig.ctx, file)
    await assert.rejects(rig.imports.retest(rig.ctx, other.reference, {}, uuid7()), { code: 'conflict' })
    await assert.rejects(rig.imports.retest(rig.ctx, tested.reference, {}, uuid7()), { code: 'not_found' })
  })

  it('shows the first rows of a file to whoever uploaded it', async () => {
    const file = await rig.upload(`A,B\n1,${'é'.repeat(200)}\n${'2,3\n'.repeat(9)}`)
    const { sample } = await rig.imports.inspect(rig.ctx, file)
    assert.deepEqual(sample, [['1', 'é'.repeat(100)], ...Array.from({ length: 4 }, () => ['2', '3'])])
    const other = { ...rig.ctx, actor: { ...rig.ctx.actor, id: uuid7() } }
    assert.deepEqual((await rig.imports.inspect(other, file)).sample, [])
    const narrow = await rig.imports.inspect(rig.ctx, file, { delimiter: ';' })
    assert.deepEqual(narrow.header, ['A,B'])
  })

  it('refuses a file that is no table, with the place', async () => {
    const refused = await rig.test('Full name,Area code\nA\0,SN01\n')
    assert.deepEqual([refused.state, await rig.issues(refused)], ['refused', ['2 error - nul-byte']])
    const unmapped = await rig.test('Size,Colour\n1,2\n')
    assert.deepEqual([unmapped.state, await rig.issues(unmapped)], ['refused', ['1 error - required-column']])
    assert.deepEqual(await rig.counts(), [0, 0, 0, 0, 0])
  })

  it('is nobody else’s business, and needs the permission', async () => {
    const im = await rig.test([FATOU])
    const grants = [
      {
        permissions: new Set(['import:read', 'import:write']),
        areaIds: [rig.areaIds.get('SN01')!],
        programIds: null,
      },
    ]
    const other: Ctx = { ...rig.ctx, actor: { kind: 'user', id: uuid7(), name: 'other', grants } }
    await assert.rejects(rig.imports.get(other, im.reference), { code: 'not_found' })
    await assert.rejects(rig.imports.commit(other, im.reference), { code: 'not_found' })
    await assert.rejects(rig.imports.issues(other, im.reference, {}, { limit: 1 }), { code: 'not_found' })
    assert.deepEqual((await rig.imports.list(other, {}, { limit: 10 })).items, [])
    const nobody: Ctx = { ...rig.ctx, actor: { ...other.actor, grants: [] } }
    await assert.rejects(rig.imports.start(nobody, uuid7()), { code: 'forbidden' })
    assert.deepEqual(
      (await rig.imports.list(rig.ctx, {}, { limit: 10 })).items.map(i => i.reference).includes(im.reference),
      true,
    )
  })

  it('refuses what its state does not allow', async () => {
    const im = await rig.commit(await rig.test([FATOU]))
    await assert.rejects(rig.imports.commit(rig.ctx, im.reference), { rule: 'import-state' })
    await assert.rejects(rig.imports.retest(rig.ctx, im.reference, {}), { rule: 'import-state' })
    await rig.work(await rig.imports.undo(rig.ctx, im.reference))
    await assert.rejects(rig.imports.undo(rig.ctx, im.reference), { rule: 'import-state' })
  })

  it('offers a template that can be imported as it is', async () => {
    const { csv } = await rig.imports.template()
    const tested = await rig.test(csv.replace('SN0101', 'SN01'))
    assert.deepEqual([tested.state, tested.totals!.create, await rig.issues(tested)], ['tested', 1, []])
    assert.deepEqual(tested.found!.unmapped, [])
  })
})
