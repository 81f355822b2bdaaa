import assert from 'node:assert/strict'
import { asOf, beginning, ending } from './when.ts'

const NOW = new Date('2026-11-22T12:00:00Z')

describe('when something was', () => {
  it('is an instant, to the microsecond', () => {
    const text = '2026-11-21T10:00:00.000001+03:00'
    assert.deepEqual(
      [beginning('/from', text), ending('/to', text), asOf('/at', text, NOW)],
      [text, text, text],
    )
  })

  it('is a day in UTC, all of which is meant', () => {
    assert.equal(beginning('/from', '2026-11-21'), '2026-11-21T00:00:00.000Z')
    assert.equal(ending('/to', '2026-11-21'), '2026-11-22T00:00:00.000Z')
    assert.equal(asOf('/at', '2026-11-21', NOW), '2026-11-21T23:59:59.999Z')
    assert.equal(asOf('/at', '2026-11-22', NOW), NOW.toISOString(), 'today, as far as it goes')
  })

  it('is nothing else, and not in the future', () => {
    for (const read of [beginning, ending]) assert.throws(() => read('/from', 'soon'), { code: 'invalid' })
    for (const text of ['soon', '2026-11-23', '2026-11-22T12:00:01Z'])
      assert.throws(() => asOf('/at', text, NOW), { code: 'invalid' }, text)
  })
})
