import assert from 'node:assert/strict'
import { DomainError } from '#core/kernel/index.ts'
import { checkRecord, decideRecord, type FactTypes, type FactValues } from './index.ts'

const facts: FactTypes = {
  total: 'decimal',
  count: 'int',
  program: 'string',
  urgent: 'bool',
  submitted: 'date',
}

const refused = (source: string, code: string, detail: RegExp) =>
  assert.throws(
    () => checkRecord(source, facts, '/condition'),
    (error: unknown) => {
      assert(error instanceof DomainError, source)
      const [issue] = error.issues
      assert.deepEqual([error.code, issue?.pointer, issue?.code], ['invalid', '/condition', code], source)
      assert.match(issue!.detail, detail, source)
      return true
    },
    source,
  )

const decided = (source: string, values: FactValues, today?: string) =>
  decideRecord(checkRecord(source, facts), values, today)

describe('a condition over a record of typed facts', () => {
  it('names the facts there are and no others, and says what was meant', () => {
    refused(
      'totl > 3',
      'unknown-name',
      /^Line 1, column 1: There is no "totl" here\. Did you mean "total"\?$/,
    )
    refused(
      'urgent &&\n members.size() > 1',
      'unknown-name',
      /^Line 2, column 2: .*There are: total, count, /,
    )
    refused('attributes.total > 3', 'unknown-name', /"attributes"/)
    refused('constructor == 1', 'unknown-name', /"constructor"/)
    refused('total.currency == "EUR"', 'type', /has no fields/)
    refused('toStrin(total) == ""', 'unknown-function', /no function "toStrin"/)
  })

  it('refuses types that cannot meet, what is no condition, and what is too large', () => {
    refused('total > "100"', 'type', /a number cannot be compared with text/)
    refused('submitted < "2026-01-01"', 'type', /Write a date as date/)
    refused('total % 2 == 0', 'type', /whole numbers only/)
    refused('count in ["a"]', 'type', /cannot be compared/)
    refused('total', 'type', /must be true or false, but it is a number/)
    refused('program.matches("(?=a)")', 'value', /regular expression cannot be used/)
    refused(`program == "${'a'.repeat(4000)}"`, 'limit', /./)
    refused(`${'!'.repeat(3000)}urgent`, 'limit', /./)
  })

  it('takes exact numbers however they are given', () => {
    for (const total of ['100000.01', 100000.01]) assert.equal(decided('total > 100000', { total }), 'true')
    assert.equal(decided('total == 9007199254740993', { total: 9007199254740993n }), 'true')
    assert.equal(decided('total == 9007199254740993', { total: 9007199254740992n }), 'false')
    assert.equal(decided('total + 0.2 == 0.3', { total: '0.1' }), 'true')
    assert.equal(decided('count / 2 == 3 && count % 2 == 1', { count: 7 }), 'true')
  })

  it('knows days, texts and lists written out', () => {
    const values = { submitted: '2024-02-29', program: 'WFP-1' }
    assert.equal(decided('age_years(submitted) == 1', values, '2026-02-28'), 'true')
    assert.equal(decided('submitted < months_ago(24)', values, '2026-03-01'), 'true')
    assert.equal(decided('today() == date("2026-03-01")', {}, '2026-03-01'), 'true')
    assert.equal(decided('program in ["WFP-1", "B"] && program.startsWith("WFP")', values), 'true')
    assert.equal(decided('["WFP", "X"].exists(p, program.contains(p))', values), 'true')
    assert.equal(decided('program.lowerAscii().matches("^wfp-[0-9]$")', values), 'true')
  })

  it('is unknown, and so does not hold, where something it depends on is missing', () => {
    assert.equal(decided('total > 3', {}), 'unknown')
    assert.equal(decided('!(total > 3)', { total: null }), 'unknown')
    assert.equal(decided('total > 3 || urgent', { urgent: true }), 'true')
    assert.equal(decided('total > 3 && urgent', { urgent: false }), 'false')
    assert.equal(decided('has(total) || urgent != null', {}), 'false')
    assert.equal(decided('submitted < today()', { submitted: '2020-01-01' }), 'unknown')
    assert.equal(decided('submitted < months_ago(0)', { submitted: '2020-01-01' }), 'unknown')
    assert.equal(decided('age_years(submitted) > 3', { submitted: '2020-01-01' }), 'unknown')
    assert.equal(decided('urgent', Object.create({ urgent: true }) as FactValues), 'unknown')
  })

  it('does not take a value of another type for one that is missing', () => {
    const wrong: FactValues[] = [
      { total: 'much' },
      { total: '' },
      { total: Number.NaN },
      { total: true },
      { count: 1.5 },
      { count: '1.50' },
      { urgent: 'true' },
      { program: 5 },
      { submitted: '2026-02-30' },
      { submitted: 20260101n },
    ]
    for (const values of wrong)
      assert.throws(() => decided('true', values), TypeError, Object.keys(values)[0])
    assert.equal(decided('count == 1', { count: '1.0' }), 'true')
  })
})
