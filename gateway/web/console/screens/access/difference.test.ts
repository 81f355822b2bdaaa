import assert from 'node:assert/strict'
import { differenceOf, type GrantOf } from './difference.ts'

const roles = [
  { code: 'clerk', permissions: ['registrant:read', 'area:read'], masks: ['account'] },
  { code: 'cashier', permissions: ['payment:read'], masks: [] },
]
const above: Record<string, string[]> = { DM0201: ['DM', 'DM02'] }
const difference = (before: GrantOf[], after: GrantOf[]) =>
  differenceOf(before, after, roles, ['account', 'birth'], area => above[area] ?? [])
const clerk = ['registrant:read', 'area:read', 'field:birth']
const everywhere = { areas: null, programs: null }

describe('The difference that other grants make', () => {
  it('is all that a first grant gives, and which fields of people are seen in full', () => {
    assert.deepEqual(difference([], [{ role: 'clerk', areas: ['DM02'] }]), {
      gains: [{ scope: { areas: ['DM02'], programs: null }, what: clerk, butFor: [] }],
      losses: [],
    })
  })

  it('is nothing where a wider grant reaches the same, by way of an area above', () => {
    const before = [{ role: 'clerk', areas: ['DM02'] }]
    assert.deepEqual(
      difference(before, [...before, { role: 'clerk', areas: ['DM0201'], programs: ['CASH'] }]),
      {
        gains: [],
        losses: [],
      },
    )
  })

  it('says where something stays that is lost, and where it was before it is gained', () => {
    const narrow = [{ role: 'clerk', areas: ['DM0201'] }]
    const change = { scope: everywhere, what: clerk, butFor: [{ areas: ['DM0201'], programs: null }] }
    assert.deepEqual(difference([{ role: 'clerk' }], narrow), { gains: [], losses: [change] })
    assert.deepEqual(difference(narrow, [{ role: 'clerk' }]), { gains: [change], losses: [] })
  })

  it('tells what moves from one place to another on both sides', () => {
    const { gains, losses } = difference(
      [{ role: 'cashier', programs: ['CASH'] }, { role: 'clerk' }],
      [{ role: 'cashier', programs: ['FOOD'] }, { role: 'clerk' }],
    )
    const at = (program: string) => [
      { scope: { areas: null, programs: [program] }, what: ['payment:read'], butFor: [] },
    ]
    assert.deepEqual([gains, losses], [at('FOOD'), at('CASH')])
  })
})
