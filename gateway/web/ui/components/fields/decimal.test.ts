import assert from 'node:assert/strict'
import { decimalOf, typedDecimal } from './decimal.ts'

describe('Numbers as people type them', () => {
  it('are decimals whatever groups, separates or writes their digits', () => {
    const typed: [language: string, text: string, decimal: string][] = [
      ['en', '1250.50', '1250.50'],
      ['en', '1,250.50', '1250.50'],
      ['en', '1,250', '1250'],
      ['en', '1,250,000', '1250000'],
      ['en', '12,5', '12.5'],
      ['en', '1.250', '1.250'],
      ['fr', '1 250,50', '1250.50'],
      ['fr', '1,250', '1.250'],
      ['fr', '1.250,50', '1250.50'],
      ['fr', '1250.50', '1250.50'],
      ['fr', '1.250.000', '1250000'],
      ['ar', '١٢٣٤٫٥', '1234.5'],
      ['ar', '۱۲۳', '123'],
      ['en', '−5', '-5'],
      ['en', ' 7 ', '7'],
    ]
    for (const [language, text, decimal] of typed)
      assert.equal(decimalOf(text, language), decimal, `${text} in ${language}`)
  })

  it('are nothing when they are no numbers', () => {
    for (const text of ['', '1.2.3', '1e5', '0x10', '12a', '.', '-', '1,2,3', '--1', '1,2.3', '1250,500'])
      assert.equal(decimalOf(text, 'en'), undefined, text)
  })

  it('are nothing when they could be a thousand or a thousandth', () => {
    assert.equal(decimalOf('1.250', 'fr'), undefined)
  })

  it('are shown again as they are typed', () => {
    assert.equal(typedDecimal('1250.500', 'fr'), '1250,500')
    assert.equal(decimalOf(typedDecimal('1250.500', 'fr'), 'fr'), '1250.500')
    assert.equal(typedDecimal('1250.5', 'en'), '1250.5')
  })
})
