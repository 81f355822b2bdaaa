import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { check, compile } from '../targeting/index.ts'
import type { ImportOptions } from './index.ts'
import { type Rig, startRig } from './testing/rig.ts'

const BASE = 'Household,Relation,Full name,Area code,Identifier'
const file = (columns: string, ...rows: string[]) => [`${BASE},${columns}`, ...rows, ''].join('\n')

describe('custom attributes in an import', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
    for (const [kind, code, type, label] of [
      ['group', 'score', 'number', 'Poverty score'],
      ['group', 'roof', 'string', 'Roof'],
      ['individual', 'height', 'number', 'Height (cm)'],
      ['individual', 'disabled', 'bool', 'Lives with a disability'],
      ['individual', 'enrolled_on', 'date', 'Enrolled'],
      ['individual', 'note', 'string', 'Remarks, if any'],
      ['individual', 'score', 'number', 'Score'],
      ['individual', 'sex', 'string', 'Sex'],
    ] as const)
      await rig.registry.defineAttribute(rig.ctx, { kind, code, type, label })
  })
  after(() => rig.db.close())
  beforeEach(() => rig.empty())

  /** `name: attributes` of all who have some, as the database writes them. */
  const attributes = async (kind: 'individual' | 'group' = 'individual') =>
    (
      await rig.db.query(sql`
        SELECT name || ': ' || attributes::text AS text FROM registry.registrants
        WHERE kind = ${kind} AND attributes <> '{}' ORDER BY name, id`)
    ).map(row => row.text)
  const take = async (text: string, options?: ImportOptions) => {
    const tested = await rig.test(text, options)
    assert.deepEqual(await rig.issues(tested), [])
    return rig.commit(tested)
  }

  describe('columns', () => {
    it('are found by label or code, are our own fields first, and households before people', async () => {
      const tested = await rig.test(
        file(
          'ROOF,height,Enrolled on,Score,Sex,lives_with-a DISABILITY',
          'H1,head,Awa,SN01,,tin,170,,1,F,no',
        ),
      )
      const { mapping, found } = tested
      assert.deepEqual(
        [mapping!['attribute:group:roof'], mapping!['attribute:individual:height'], mapping!.sex],
        ['ROOF', 'height', 'Sex'],
      )
      assert.equal(mapping!['attribute:individual:enrolled_on'], 'Enrolled on')
      assert.equal(mapping!['attribute:individual:disabled'], 'lives_with-a DISABILITY')
      assert.deepEqual(
        [mapping!['attribute:group:score'], mapping!['attribute:individual:score']],
        ['Score', undefined],
      )
      assert.deepEqual(found!.unmapped, [])
    })

    it('are taken from a mapping that is given', async () => {
      const mapping = { name: 'a', area: 'b', 'attribute:individual:score': 'c' }
      await take('a,b,c\nAwa,SN01,7\n', { mapping })
      assert.deepEqual(await attributes(), ['Awa: {"score": 7}'])
      const wrong = await rig.test('a,b,c\nAwa,SN01,7\n', {
        mapping: { name: 'a', 'attribute:group:colour': 'c' },
      })
      assert.deepEqual([wrong.state, await rig.issues(wrong)], ['refused', ['1 error - unknown-field']])
    })

    it('are offered as fields, and by a template in which each has a header of its own', async () => {
      const { fields, csv } = await rig.imports.template()
      assert.deepEqual(
        fields.filter(f => f.key.startsWith('attribute:group:')).map(f => [f.key, f.label, f.example]),
        [
          ['attribute:group:roof', 'Roof', 'text'],
          ['attribute:group:score', 'Poverty score', '12.5'],
        ],
      )
      const tested = await rig.test(csv.replace('SN0101', 'SN01'))
      assert.deepEqual([await rig.issues(tested), tested.found!.unmapped], [[], []])
      assert.equal(Object.keys(tested.mapping!).length, fields.length)
      const { mapping } = await rig.imports.inspect(rig.ctx, await rig.upload(csv))
      assert.deepEqual(mapping, tested.mapping)
    })
  })

  describe('values', () => {
    it('are read by type, numbers exactly', async () => {
      await take(
        file(
          'height,disabled,enrolled_on,note',
          ',,A,SN01,,90071992547409931.250,Oui,31/01/2024,"a ""b"" \\ c"',
          ',,B,SN01,,-007.0,نعم,1er mars 2024,é',
          ',,C,SN01,,"1 234,5",0,2024-02-29,=1+1',
          ',,D,SN01,,,,,',
        ),
      )
      assert.deepEqual(await attributes(), [
        'A: {"note": "a \\"b\\" \\\\ c", "height": 90071992547409931.25, "disabled": true, "enrolled_on": "2024-01-31"}',
        'B: {"note": "é", "height": -7, "disabled": true, "enrolled_on": "2024-03-01"}',
        'C: {"note": "=1+1", "height": 1234.5, "disabled": false, "enrolled_on": "2024-02-29"}',
      ])
    })

    it('that cannot be read are errors by line and column', async () => {
      const tested = await rig.test(
        file(
          'height,disabled,enrolled_on,note,Roof',
          `,,A,SN01,,tall,perhaps,2024,${'x'.repeat(1001)},`,
          `,,B,SN01,,1e5,,30/02/2024,${'x'.repeat(1000)},`,
          ',,C,SN01,,1234567890123456789,,,,tin',
          `,,D,SN01,,${'0'.repeat(5000)}1,,Mar 2024,,`,
        ),
      )
      assert.deepEqual(await rig.issues(tested), [
        '2 error disabled boolean',
        '2 error enrolled_on date-precision',
        '2 error height number',
        '2 error note text-length',
        '3 error enrolled_on date-day',
        '3 error height number',
        '4 error Household household-missing',
        '4 error height number-size',
        '5 error enrolled_on date-precision',
        '5 error height number-size',
      ])
      assert.equal(tested.totals!.create, 0)
    })

    it('with a mark that can be read two ways follow the others in the file, or the answer', async () => {
      const rows = (...numbers: string[]) => file('height', ...numbers.map((n, i) => `,,P${i},SN01,,"${n}"`))
      await take(rows('1,234', '0,5'))
      assert.deepEqual(await attributes(), ['P0: {"height": 1.234}', 'P1: {"height": 0.5}'])
      const unclear = await rig.test(rows('1,234', '12.5', '12,5'))
      assert.deepEqual(await rig.issues(unclear), ['2 error height number-ambiguous'])
      await rig.empty()
      await take(rows('1,234', '12.5', '12,5'), { decimal: '.' })
      assert.deepEqual(await attributes(), [
        'P0: {"height": 1234}',
        'P1: {"height": 12.5}',
        'P2: {"height": 12.5}',
      ])
    })

    it('of dates ask for the order of day and month as dates of birth do', async () => {
      const text = file('enrolled_on', ',,A,SN01,,03/04/2024')
      const asked = await rig.test(text)
      assert.deepEqual([asked.state, await rig.issues(asked)], ['refused', ['1 error 6 date-order']])
      await take(text, { dateOrder: 'month-first' })
      assert.deepEqual(await attributes(), ['A: {"enrolled_on": "2024-03-04"}'])
    })
  })

  describe('of households', () => {
    it('stand on every row or on any one of them, and go to the household', async () => {
      await take(
        file(
          'score,roof,height',
          'H1,head,Awa,SN01,,12.50,tin,170',
          'H1,son,Ali,,,12.5,tin,',
          'H2,head,Binta,SN01,,,grass,',
          'H3,head,Coumba,SN01,,,,',
          'H2,son,Baba,,,40,,120',
        ),
      )
      assert.deepEqual(await attributes('group'), [
        'Awa: {"roof": "tin", "score": 12.5}',
        'Binta: {"roof": "grass", "score": 40}',
      ])
      assert.deepEqual(await attributes(), ['Awa: {"height": 170}', 'Baba: {"height": 120}'])
    })

    it('that differ between rows are an error on the later line, and keep the household out', async () => {
      const tested = await rig.test(
        file(
          'Poverty Score,roof',
          'H1,head,Awa,SN01,,30,tin',
          'H2,head,Binta,SN01,,31,grass',
          'H1,son,Ali,,,30.5,',
          'H1,son,Abou,,,,Tin',
          'H2,son,Baba,,,31.0,grass',
        ),
      )
      assert.deepEqual(await rig.issues(tested), [
        '2 held - household-held',
        '4 error Poverty Score attribute-differs',
        '5 error roof attribute-differs',
      ])
      await rig.commit(tested, { skipInvalid: true })
      assert.deepEqual(await attributes('group'), ['Binta: {"roof": "grass", "score": 31}'])
    })

    it('that are in the registry stay as they are, with a warning when the file says something new', async () => {
      const rows = (score: number) => file('score', `H1,head,Awa,SN01,ID-1,${score}`, 'H1,son,Ali,,ID-2,')
      await take(rows(30))
      assert.deepEqual(await rig.issues(await rig.test(`${rows(30)}\n`)), [])
      const tested = await rig.test(rows(20))
      assert.deepEqual(await rig.issues(tested), ['2 warning - household-kept'])
      await rig.commit(tested)
      assert.deepEqual(await attributes('group'), ['Awa: {"score": 30}'])
    })
  })

  describe('of people who are known', () => {
    const header = 'height,disabled,note'
    beforeEach(() =>
      take(file(header, ',,Awa,SN01,ID-1,12345678901234567.89,yes,old', ',,Binta,SN01,ID-2,150,,')),
    )

    it('are added to those there are, empty cells erase nothing, and undoing puts them back exactly', async () => {
      const text = file(header, ',,Awa,,ID-1,,no,', ',,Binta,,ID-2,150.0,,', ',,Coumba,SN01,,1,,')
      const tested = await rig.test(text)
      assert.deepEqual([tested.totals!.create, tested.totals!.update], [1, 2])
      const im = await rig.commit(tested)
      assert.deepEqual([im.totals!.create, im.totals!.update], [1, 1])
      assert.deepEqual(await attributes(), [
        'Awa: {"note": "old", "height": 12345678901234567.89, "disabled": false}',
        'Binta: {"height": 150}',
        'Coumba: {"height": 1}',
      ])
      const entry = await rig.db.one(sql`
        SELECT * FROM audit.entries WHERE action = 'registrant.update' AND subject_id = ${await rig.idOf(im)}`)
      const [was] = entry!.details.before
      const [is] = entry!.details.after
      assert.deepEqual([Object.keys(was!), Object.keys(is!)], [['attributes'], ['attributes']])
      assert.deepEqual(is!.attributes, { ...was!.attributes, disabled: false })

      await rig.work(await rig.imports.undo(rig.ctx, im.reference))
      assert.equal(
        (await attributes())[0],
        'Awa: {"note": "old", "height": 12345678901234567.89, "disabled": true}',
      )
    })

    it('stay where they are to be kept', async () => {
      await rig.commit(
        await rig.test(file(header, ',,Awa,,ID-1,160,,new', ',,Binta,,ID-2,160,,'), {
          keep: ['attribute:individual:height'],
        }),
      )
      assert.deepEqual(await attributes(), [
        'Awa: {"note": "new", "height": 12345678901234567.89, "disabled": true}',
        'Binta: {"height": 150}',
      ])
    })
  })

  it('are written as they were tested, though the rows had to be read again and more attributes are defined', async () => {
    const tested = await rig.test(file('height,colour', ',,Awa,SN01,,170,red'))
    assert.deepEqual(tested.found!.unmapped, ['colour'])
    await rig.registry.defineAttribute(rig.ctx, {
      kind: 'individual',
      code: 'colour',
      type: 'string',
      label: 'Colour',
    })
    await rig.db.query(sql`DELETE FROM imports.staged_rows`)
    await rig.commit(tested)
    assert.deepEqual(await attributes(), ['Awa: {"height": 170}'])
  })

  it('are what rules ask for: a rule finds exactly those below its line', async () => {
    const scores = ['29.99', '30', '', '0', '30.01', '-1', '29', '100']
    await take(file('score', ...scores.map((score, i) => `H${i},head,P${i},SN01,,${score}`)))
    const types = { group: { score: 'number' }, individual: {} } as const
    const rule = check('attributes.score < 30', { kind: 'group', attributes: types })
    const found = await rig.db.query(sql`
      SELECT name FROM registry.active_groups
      WHERE id IN (${compile(rule, { today: '2026-11-22' }).statement()}) ORDER BY name`)
    assert.deepEqual(
      found.map(row => row.name),
      ['P0', 'P3', 'P5', 'P6'],
    )
  })
})
