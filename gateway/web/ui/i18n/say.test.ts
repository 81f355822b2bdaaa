import assert from 'node:assert/strict'
import { say } from './say.ts'

describe('a text', () => {
  const texts = {
    title: 'Areas',
    states: { draft: 'Draft' },
    rows_one: 'one row',
    rows_other: '{{count}} rows in {{ area }}',
    only_other: '{{count}} things',
  }
  const english = (key: string, values?: Record<string, string | number>) => say(texts, 'en', key, values)

  it('is found by its key, in any depth, and by no other', () => {
    assert.equal(english('title'), 'Areas')
    assert.equal(english('states.draft'), 'Draft')
    for (const key of ['states', 'states.draft.more', 'constructor', 'states.toString', '', '__proto__'])
      assert.equal(english(key), undefined, key)
  })

  it('takes the plural form of its language', () => {
    assert.equal(english('rows', { count: 1, area: 'XX' }), 'one row')
    assert.equal(english('rows', { count: 0, area: 'XX' }), '0 rows in XX')
    assert.equal(english('only', { count: 1 }), '1 things')
    const arabic = { rows_two: 'صفان', rows_few: '{{count}} صفوف', rows_other: 'x' }
    assert.equal(say(arabic, 'ar', 'rows', { count: 2 }), 'صفان')
    assert.match(say(arabic, 'ar', 'rows', { count: 3 })!, / صفوف$/)
  })

  it('writes numbers as the language does, and leaves texts as they are', () => {
    assert.equal(
      english('rows', { count: 12_345, area: '{{count}} <b>$&' }),
      '12,345 rows in {{count}} <b>$&',
    )
    assert.match(say({ rows: '{{count}}' }, 'fr', 'rows', { count: 12_345 })!, /^12\s345$/u)
  })

  it('keeps a name that runs the other way together', () => {
    const arabic = { added: 'أُضيفت {{name}}.' }
    assert.equal(say(arabic, 'ar', 'added', { name: 'Zoba (1)' }), 'أُضيفت \u2068Zoba (1)\u2069.')
    assert.equal(say(arabic, 'ar', 'added', { name: 'عدي قوالا' }), 'أُضيفت عدي قوالا.')
    assert.equal(english('rows', { count: 2, area: 'عدي قوالا' }), '2 rows in \u2068عدي قوالا\u2069')
  })

  it('shows where a value is missing', () => {
    assert.equal(english('rows', { count: 2 }), '2 rows in {{ area }}')
  })
})
