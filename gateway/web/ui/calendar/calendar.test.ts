import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CALENDARS, type CalendarName, daysInMonth, fromIso, monthNames, toIso } from './index.ts'

const isoDays = fc
  .integer({ min: Date.UTC(1900, 0, 1) / 86_400_000, max: Date.UTC(2077, 10, 16) / 86_400_000 })
  .map(days => new Date(days * 86_400_000).toISOString().slice(0, 10))

describe('Calendars', () => {
  for (const calendar of CALENDARS) {
    it(`every day from 1900 to 2077 is found again by its ${calendar} name`, () => {
      fc.assert(
        fc.property(isoDays, iso => {
          const named = fromIso(calendar, iso)
          assert.ok(named)
          assert.deepEqual(toIso(calendar, named), { iso })
        }),
        { numRuns: 300 },
      )
    })
  }

  it('known days have their known names', () => {
    const known: [CalendarName, string, number, number, number][] = [
      ['gregory', '2026-11-22', 2026, 11, 22],
      ['ethiopic', '2024-09-11', 2017, 1, 1],
      ['ethiopic', '2023-09-12', 2016, 1, 1],
      ['ethiopic', '2023-09-11', 2015, 13, 6],
      ['islamic-umalqura', '2024-07-07', 1446, 1, 1],
      ['islamic-umalqura', '2024-03-11', 1445, 9, 1],
    ]
    for (const [calendar, iso, year, month, day] of known) {
      assert.deepEqual(fromIso(calendar, iso), { year, month, day }, `${iso} in ${calendar}`)
      assert.deepEqual(toIso(calendar, { year, month, day }), { iso })
    }
  })

  it('days that do not exist are refused with what there is', () => {
    assert.deepEqual(toIso('gregory', { year: 2026, month: 2, day: 30 }), { wrong: 'day', last: 28 })
    assert.deepEqual(toIso('gregory', { year: 2028, month: 2, day: 30 }), { wrong: 'day', last: 29 })
    assert.deepEqual(toIso('gregory', { year: 2026, month: 4, day: 31 }), { wrong: 'day', last: 30 })
    assert.deepEqual(toIso('ethiopic', { year: 2016, month: 13, day: 6 }), { wrong: 'day', last: 5 })
    assert.deepEqual(
      Object.hasOwn(toIso('islamic-umalqura', { year: 1446, month: 1, day: 31 }), 'wrong'),
      true,
    )
    assert.deepEqual(toIso('gregory', { year: 2026, month: 13, day: 1 }), { wrong: 'month', last: 12 })
    assert.deepEqual(toIso('ethiopic', { year: 2016, month: 14, day: 1 }), { wrong: 'month', last: 13 })
    assert.deepEqual(toIso('gregory', { year: 26, month: 1, day: 1 }), { wrong: 'year' })
    assert.deepEqual(toIso('gregory', { year: 2026, month: 1, day: 0 }), { wrong: 'day', last: 31 })
    for (const text of ['', '2026-02-30', '22.11.2026', '2026-11-22T10:00:00Z'])
      assert.equal(fromIso('gregory', text), undefined, text)
  })

  it('months have names in every language, and no two of a calendar the same', () => {
    for (const calendar of CALENDARS)
      for (const language of ['en', 'fr', 'ar']) {
        const names = monthNames(calendar, language)
        assert.equal(new Set(names).size, calendar === 'ethiopic' ? 13 : 12, `${calendar} in ${language}`)
      }
    assert.equal(monthNames('ethiopic', 'en')[0], 'Meskerem')
    assert.equal(monthNames('islamic-umalqura', 'en')[8], 'Ramadan')
    assert.equal(daysInMonth('islamic-umalqura', 1445, 9), 30)
  })
})
