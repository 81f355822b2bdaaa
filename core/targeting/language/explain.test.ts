import assert from 'node:assert/strict'
import { check, type Explanation, explain, type GroupDocument } from './index.ts'
import { attributes, TODAY } from './testing/population.ts'

const household: GroupDocument = {
  type: 'household',
  name: 'Household of Amina',
  area: { code: 'KX0101', name: 'River', level: 2, within: ['KX', 'KX01', 'KX0101'] },
  attributes: { score: 34.5 },
  size: 3,
  members: [
    { name: 'Amina', sex: 'female', birth_date: '1990-05-01', is_head: true, roles: ['head'] },
    { name: 'Bilal', sex: 'male', birth_date: '2023-01-10', is_head: false, roles: [] },
    { name: 'Chen', sex: 'male', is_head: false, roles: [] },
  ],
}

const why = (source: string, expects: 'bool' | 'number' = 'bool'): Explanation =>
  explain(check(source, { kind: 'group', attributes, expects }), household, TODAY)

describe('the explanation of a rule', () => {
  it('names the parts as they are written, what each came to, and which of them decided', () => {
    const told = why('attributes.score < 30 && members.exists(m, age_years(m.birth_date) < 5)')
    assert.equal(told.outcome, 'false')
    assert.equal(told.because, 'Not all parts hold: "attributes.score < 30" does not.')
    const [score, child] = told.children
    assert.deepEqual(
      [score?.text, score?.outcome, score?.because],
      ['attributes.score < 30', 'false', 'attributes.score is 34.5, so it does not hold.'],
    )
    assert.deepEqual(
      [child?.outcome, child?.because],
      ['true', 'It holds for 1 of 3: Bilal. Not known of Chen.'],
    )
    assert.deepEqual(
      child?.children.map(c => [c.text, c.outcome, c.because]),
      [
        [
          'Amina: age_years(m.birth_date) < 5',
          'false',
          'age_years(m.birth_date) is 35, so it does not hold.',
        ],
        ['Bilal: age_years(m.birth_date) < 5', 'true', 'age_years(m.birth_date) is 3, so it holds.'],
        ['Chen: age_years(m.birth_date) < 5', 'unknown', 'm.birth_date is not recorded.'],
      ],
    )
  })

  it('says what is missing when something cannot be decided', () => {
    assert.equal(why('attributes.roof == "tin"').because, 'attributes.roof is not recorded.')
    const count = why('members.filter(m, age_years(m.birth_date) < 5).size() >= 1')
    assert.deepEqual([count.outcome, count.because], ['unknown', 'm.birth_date of Chen is not recorded.'])
    const chain = why('attributes.score > 30 && !attributes.urban')
    assert.equal(chain.because, 'It cannot be decided: "!attributes.urban" is not known.')
  })

  it('says where somebody lives, whether something is recorded, and which branch was taken', () => {
    assert.equal(why('area.within("KX02")').because, 'The area is River (KX0101), which is not in KX02.')
    assert.equal(why('has(attributes.roof)').because, 'attributes.roof: it is not recorded.')
    assert.equal(
      why('size > 2 ? head.sex == "female" : false').because,
      '"size > 2" holds. head.sex is "female", so it holds.',
    )
  })

  it('gives the value of a formula and of its parts', () => {
    const told = why('500 + 100 * size', 'number')
    assert.deepEqual([told.outcome, told.value, told.because], ['true', '800', '500 + 100 * size is 800.'])
    assert.deepEqual(
      told.children.map(c => [c.text, c.value]),
      [['100 * size', '300']],
    )
    assert.equal(why('500 / (size - 3)', 'number').because, '500 / (size - 3) cannot be computed.')
  })
})
