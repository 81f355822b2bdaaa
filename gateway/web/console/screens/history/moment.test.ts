import assert from 'node:assert/strict'
import { faultOfPeriod, periodOf } from '../audit/period.ts'
import { momentOf, partsOf } from './moment.ts'
import { nameIn } from './name.ts'

describe('days and moments of the trail', () => {
  const hour = (iso: string | undefined) => new Date(iso ?? '').getHours()

  it('a period has all of its last day, where the reader is', () => {
    const { from, to } = periodOf({ from: '2026-11-21', to: '2026-11-22' })
    assert.deepEqual([hour(from), hour(to)], [0, 0])
    assert.equal(Date.parse(to ?? '') - Date.parse(from ?? ''), 2 * 86_400_000)
    assert.deepEqual(periodOf({ from: 'once', to: undefined }), {})
  })

  it('a period that is still to come, or ends before it begins, is none', () => {
    const now = new Date('2026-11-22T12:00:00Z')
    assert.equal(faultOfPeriod(periodOf({ from: '2026-11-25' }), now), 'future')
    assert.equal(faultOfPeriod(periodOf({ from: '2026-11-20', to: '2026-11-18' }), now), 'backwards')
    assert.equal(faultOfPeriod(periodOf({ from: '2026-11-20', to: '2026-11-20' }), now), undefined)
  })

  it('a day without a time is meant as it ended, and today as it is now', () => {
    const now = new Date(2026, 10, 22, 15, 30)
    assert.equal(hour(momentOf('2026-11-21', '', now)), 23)
    assert.equal(momentOf('2026-11-22', '', now), now.toISOString())
    assert.ok((momentOf('2026-11-23', '', now) ?? '') > now.toISOString())
    assert.equal(momentOf('', '', now), undefined)
  })

  it('a moment is found again by its day and time', () => {
    const { day, time } = partsOf(momentOf('2026-11-21', '09:05') ?? '')
    assert.deepEqual([day, time], ['2026-11-21', '09:05'])
  })

  it('a name in an address is read, also one that nobody could have made', () => {
    assert.equal(nameIn('user:a%2Fb'), 'user:a/b')
    assert.equal(nameIn('%'), '%')
  })
})
