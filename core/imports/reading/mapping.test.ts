import assert from 'node:assert/strict'
import { normalizeHeader, resolveMapping, suggestMapping, type TargetField } from './mapping.ts'

const field = (key: string, label: string, isRequired: boolean, ...names: string[]): TargetField => ({
  key,
  label,
  isRequired,
  names,
  example: '',
})
const FIELDS = [
  field('name', 'Full name', true, 'nom complet', 'الاسم الكامل'),
  field('birth_date', 'Date of birth', false, 'date de naissance', 'fecha de nacimiento'),
  field('sex', 'Sex', false, 'sexe', 'sexo', 'الجنس'),
]

describe('mapping the columns of a table', () => {
  it('knows a header in any order, case, accents and language', () => {
    const { mapping, unmapped, missing } = suggestMapping(
      ['FECHA DE NACIMIENTO (dd/mm/aaaa)', 'Village', ' الإسم  الكامل *', 'Séxe'],
      FIELDS,
    )
    assert.deepEqual(mapping, {
      birth_date: 'FECHA DE NACIMIENTO (dd/mm/aaaa)',
      name: ' الإسم  الكامل *',
      sex: 'Séxe',
    })
    assert.deepEqual(unmapped, ['Village'])
    assert.deepEqual(missing, [])
  })

  it('gives a field to one column only, and names required fields without one', () => {
    const { mapping, unmapped, missing } = suggestMapping(['sex', 'sexo', 'constructor'], FIELDS)
    assert.deepEqual(mapping, { sex: 'sex' })
    assert.deepEqual(unmapped, ['sexo', 'constructor'])
    assert.deepEqual(missing, ['Full name'])
  })

  it('takes a mapping that is given, and says all that is wrong with it', () => {
    const header = ['A', 'B']
    assert.deepEqual([...resolveMapping(header, { name: 'b' }, FIELDS).columns], [['name', 1]])
    const { issues } = resolveMapping(
      header,
      { sex: 'A', birth_date: 'a', height: 'B', constructor: 'B' },
      FIELDS,
    )
    assert.deepEqual(
      issues.map(i => i.code),
      ['column-used-twice', 'unknown-field', 'unknown-field', 'required-column'],
    )
    assert.deepEqual(
      resolveMapping(header, { name: 'C' }, FIELDS).issues.map(i => i.message),
      ['Full name: the file has no column "C".'],
    )
  })

  it('does not let a header name be told from another by what cannot be seen', () => {
    assert.equal(normalizeHeader(' Prénom_(s)*'), normalizeHeader('PRENOM'))
    assert.equal(normalizeHeader('رقم الهويّة'), normalizeHeader('رقم الهويه'))
  })
})
