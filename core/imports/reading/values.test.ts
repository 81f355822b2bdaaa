import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as values from './values.ts'

const { parseDate, surveyDates } = values

/** `value` in short, or the code of the refusal. */
const date = (cell: string, order?: values.DateOrder) => {
  const read = parseDate(cell, order)
  return 'value' in read ? `${read.value.day} ${read.value.precision}` : read.code
}
const said = (read: values.Parsed<unknown>) => ('value' in read ? read.value : `! ${read.code}`)

describe('dates in a table', () => {
  for (const [cell, order, meaning] of [
    ['2020-01-31', undefined, '2020-01-31 day'],
    ['31/01/2020', undefined, '2020-01-31 day'],
    ['01/31/2020', undefined, '2020-01-31 day'],
    ['03/04/2020', 'day-first', '2020-04-03 day'],
    ['03/04/2020', 'month-first', '2020-03-04 day'],
    ['3-4-2020', 'month-first', '2020-03-04 day'],
    ['03/04/2020', undefined, 'date-order'],
    ['04/04/2020', undefined, '2020-04-04 day'],
    ['31.01.2020', 'month-first', '2020-01-31 day'],
    ['31-Jan-2020', undefined, '2020-01-31 day'],
    ['1er février 2020', undefined, '2020-02-01 day'],
    ['31 de marzo de 2020', undefined, '2020-03-31 day'],
    ['5-out-2020', undefined, '2020-10-05 day'],
    ['12 يونيو 2020', undefined, '2020-06-12 day'],
    ['٣١/٠١/٢٠٢٠', undefined, '2020-01-31 day'],
    ['juil. 2020', undefined, '2020-07-01 month'],
    ['Jan-2020', undefined, '2020-01-01 month'],
    ['2020-01', undefined, '2020-01-01 month'],
    ['01/2020', undefined, '2020-01-01 month'],
    ['1984', undefined, '1984-01-01 year'],
    ['~1984', undefined, '1984-01-01 estimated'],
    ['est. 1984-05-01', undefined, '1984-05-01 estimated'],
    ['43861', undefined, '2020-01-31 day'],
    ['43861.0', undefined, '2020-01-31 day'],
    ['61', undefined, '1900-03-01 day'],
    ['2020-01-31 00:00:00', undefined, '2020-01-31 day'],
  ] as const)
    it(`reads ${cell}${order ? ` (${order})` : ''} as ${meaning}`, () => {
      assert.equal(date(cell, order), meaning)
    })

  for (const [cell, code] of [
    ['30/02/2020', 'date-day'],
    ['2019-02-29', 'date-day'],
    ['1900-02-29', 'date-day'],
    ['31-Apr-2020', 'date-day'],
    ['13/13/2020', 'date-month'],
    ['2020-13-01', 'date-month'],
    ['31/01/84', 'date'],
    ['31-Jan-84', 'date'],
    ['0001-01-01', 'date-year'],
    ['9999-12-31', 'date-year'],
    ['31/01-2020', 'date'],
    ['12 Smarch 2020', 'date'],
    ['yesterday', 'date'],
    ['99999999', 'date'],
  ] as const)
    it(`refuses ${cell}: ${code}`, () => {
      assert.equal(date(cell), code)
    })

  it('lets the column decide which number is the day', () => {
    assert.deepEqual(surveyDates(['03/04/2020', '25/04/2020']), { order: 'day-first', isAsked: false })
    assert.deepEqual(surveyDates(['03/04/2020', '04/25/2020']), { order: 'month-first', isAsked: false })
    assert.deepEqual(surveyDates(['03/04/2020', '05/06/2020']), { order: undefined, isAsked: true })
    assert.deepEqual(surveyDates(['25/04/2020', '04/25/2020']), { order: undefined, isAsked: true })
    assert.deepEqual(surveyDates(['25/04/2020', '26/04/2020', '04/25/2020']), {
      order: 'day-first',
      isAsked: false,
    })
    assert.deepEqual(surveyDates(['2020-04-03', '03.04.2020', '04/04/2020', '']), {
      order: undefined,
      isAsked: false,
    })
  })

  it('reads back every day in every way of writing it', () => {
    const day = fc.date({ min: new Date('1900-03-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(day, at => {
        const iso = at.toISOString().slice(0, 10)
        const [y, m, d] = iso.split('-')
        const serial = Math.floor(at.getTime() / 86_400_000) + 25_569
        assert.equal(date(iso), `${iso} day`)
        assert.equal(date(`${d}/${m}/${y}`, 'day-first'), `${iso} day`)
        assert.equal(date(`${m}/${d}/${y}`, 'month-first'), `${iso} day`)
        assert.equal(date(`${d}.${m}.${y}`), `${iso} day`)
        assert.equal(
          date(`${d}-${at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })}-${y}`),
          `${iso} day`,
        )
        if (serial > 10_000) assert.equal(date(String(serial)), `${iso} day`)
      }),
    )
  })

  it('knows the months of five languages', () => {
    for (const locale of ['en', 'fr', 'es', 'pt', 'ar'])
      for (let month = 1; month <= 12; month++)
        for (const style of ['long', 'short'] as const) {
          const name = new Date(Date.UTC(2020, month - 1, 15)).toLocaleString(locale, {
            month: style,
            timeZone: 'UTC',
          })
          assert.equal(
            date(`15 ${name} 2020`),
            `2020-${String(month).padStart(2, '0')}-15 day`,
            `${locale} ${name}`,
          )
        }
  })
})

describe('other values in a table', () => {
  it('reads sex in five languages and as ISO 5218', () => {
    const read = (cells: string) => cells.split(' ').map(c => said(values.parseSex(c)))
    assert.deepEqual(new Set(read('F f Female FEMME Féminin mujer Feminino أنثى 2 ٢')), new Set(['female']))
    assert.deepEqual(new Set(read('M male Homme H hombre masculino ذكر 1')), new Set(['male']))
    assert.deepEqual(read('0 9 z'), ['unknown', 'other', '! sex'])
  })

  it('takes M for mujer where men are H', () => {
    assert.equal(values.surveySex(['H', 'm', 'h', '']).isSpanish, true)
    assert.equal(values.surveySex(['M', 'F', 'M']).isSpanish, false)
    assert.equal(values.surveySex(['H', 'F', 'M']).isSpanish, false)
    assert.equal(said(values.parseSex('M', true)), 'female')
    assert.equal(said(values.parseSex('H', true)), 'male')
  })

  it('reads phone numbers as E.164', () => {
    const phone = (cell: string, country?: string) => said(values.parsePhone(cell, country))
    assert.equal(phone('77 123 45 67', 'SN'), '+221771234567')
    assert.equal(phone('+221 (77) 123-45-67'), '+221771234567')
    assert.equal(phone('00221771234567'), '+221771234567')
    assert.equal(phone('٠٧١٢ ٣٤٥ ٦٧٨', 'KE'), '+254712345678')
    for (const bad of ['12', 'call me on +221771234567', '+2217712345678901', '=1+1'])
      assert.equal(phone(bad, 'SN'), '! phone')
    assert.equal(phone('771234567'), '! phone')
    assert.equal(phone('771234567', 'nowhere'), '! phone')
  })

  it('reads an IBAN and says what is wrong with one', () => {
    assert.equal(said(values.parseIban('gb82 west 1234 5698 7654 32')), 'GB82WEST12345698765432')
    const wrong = values.parseIban('GB82WEST12345698765431')
    assert.match('message' in wrong ? wrong.message : '', /wrong check digits/)
    const short = values.parseIban('GB82WEST123456987654')
    assert.match('message' in short ? short.message : '', /wrong length/)
    assert.equal(said(values.parseIban('hello')), '! iban')
  })

  it('reads yes and no', () => {
    assert.deepEqual(
      ['Yes', 'OUI', 'Sí', 'não', 'نعم', '0', 'perhaps'].map(c => said(values.parseBoolean(c))),
      [true, true, true, false, true, false, '! boolean'],
    )
  })

  it('reads numbers exactly, and asks when a separator has two meanings', () => {
    const number = (cell: string, decimal?: '.' | ',') => said(values.parseNumber(cell, decimal))
    assert.deepEqual(
      ['12', '-3.5', '1 234,50', '1.234.567,8', "1'234.5", '0,125', '٣٫٥', '90071992547409931.25'].map(c =>
        number(c),
      ),
      ['12', '-3.5', '1234.50', '1234567.8', '1234.5', '0.125', '3.5', '90071992547409931.25'],
    )
    assert.equal(number('1,234'), '! number-ambiguous')
    assert.equal(number('1,234', '.'), '1234')
    assert.equal(number('1,234', ','), '1.234')
    for (const bad of ['', '1e5', '1,2,3', '12.34.5', '1,5.5', 'NaN', '--1'])
      assert.equal(number(bad), '! number')
  })

  it('learns from the numbers of a table what separates decimals, when they agree', () => {
    for (const [cells, decimal, isAsked] of [
      ['12.5|1,234', '.', false],
      ['1 234,5|1.234', ',', false],
      ['1.234.567|1.234', ',', false],
      ['0,125|1,234', ',', false],
      ['12.5|12,5|1,234', undefined, true],
      ['1,234|7', undefined, true],
      ['7|-12|none|', undefined, false],
    ] as const)
      assert.deepEqual(values.surveyNumbers(cells.split('|')), { decimal, isAsked }, cells)
  })

  it('tidies text and refuses what cannot be seen', () => {
    assert.equal(said(values.parseText('  Ame\u0301lie \t\n  Diallo\u00a0')), 'Amélie Diallo')
    assert.equal(said(values.parseText('Amina\u202eolaiD')), '! text-control')
    assert.equal(said(values.parseText('a\u0007b')), '! text-control')
    assert.equal(said(values.parseText('x'.repeat(201))), '! text-length')
    assert.equal(said(values.parseText('می‌خواهم')), 'می‌خواهم')
  })
})
