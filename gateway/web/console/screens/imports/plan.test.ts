import assert from 'node:assert/strict'
import type { TargetField } from './model.ts'
import { isSameHeader, missingIn, planOf, requestOf } from './plan.ts'

const HEADER = ['HH', 'Nom', 'Zone', 'Remarks']
const field = (key: string, more: Partial<TargetField> = {}): TargetField => ({
  key,
  label: key,
  isRequired: false,
  unless: [],
  example: '',
  ...more,
})
const NAME = field('name', { isRequired: true, unless: ['given_name', 'family_name'] })

describe('how a file is imported', () => {
  it('comes from a mapping and options, and is sent as such again', () => {
    const plan = planOf(HEADER, { household: 'HH', name: 'Nom' }, { country: 'SN', keep: ['name', 'phone'] })
    assert.deepEqual(plan.columns, ['household', 'name', '', ''])
    assert.deepEqual(requestOf(HEADER, { ...plan, dateOrder: 'day-first' }), {
      mapping: { household: 'HH', name: 'Nom' },
      country: 'SN',
      dateOrder: 'day-first',
      groupType: 'household',
      keep: ['name'],
    })
  })

  it('leaves out what is mapped to a column that is not there any more', () => {
    assert.deepEqual(planOf(['Nom'], { name: 'Nom', area: 'Zone' }, {}).columns, ['name'])
  })

  it('lacks a required field, unless another stands for it', () => {
    assert.deepEqual(missingIn({ columns: ['household', ''] }, [NAME]), [NAME])
    assert.deepEqual(missingIn({ columns: ['given_name'] }, [NAME]), [])
  })

  it('is remembered for a header that is the same, column by column', () => {
    assert.equal(isSameHeader(HEADER, [...HEADER]), true)
    assert.equal(isSameHeader(HEADER, HEADER.toReversed()), false)
    assert.equal(isSameHeader(HEADER, HEADER.slice(1)), false)
  })
})
