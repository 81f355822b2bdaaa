import type { AttributeDefinition } from '../registry/index.ts'
import type { TargetField } from './reading/mapping.ts'
import {
  type DateOrder,
  type DecimalMark,
  type Parsed,
  parseBoolean,
  parseDate,
  parseNumber,
  parseText,
} from './reading/values.ts'

export type { AttributeDefinition }

/** The custom attributes that there are. */
export type AttributeDefinitions = () => Promise<readonly AttributeDefinition[]>

/** The key of a column that holds a custom attribute, of the person or of its household. */
export type AttributeKey = `attribute:${AttributeDefinition['kind']}:${string}`

export const attributeKey = ({ kind, code }: Pick<AttributeDefinition, 'kind' | 'code'>): AttributeKey =>
  `attribute:${kind}:${code}`

const EXAMPLES: Record<AttributeDefinition['type'], string> = {
  string: 'text',
  number: '12.5',
  bool: 'yes',
  date: '2020-01-31',
}

/** A custom attribute as a field that columns can be mapped to, suggested by its label or code. */
export const attributeField = (definition: AttributeDefinition): TargetField => ({
  key: attributeKey(definition),
  label: definition.label,
  isRequired: false,
  names: [definition.code],
  example: EXAMPLES[definition.type],
})

/** How a file writes dates and decimals, as far as that is known. */
export type Notation = { dateOrder?: DateOrder | undefined; decimal?: DecimalMark | undefined }

const LONGEST_TEXT = 1000
const LONGEST_NUMBER = 60
/** Rules calculate below 10^18 (core/targeting/language/README.md, "Numbers, text, dates"). */
const WHOLE_DIGITS = 18

const text = (cell: string): Parsed<string> => {
  const read = parseText(cell, LONGEST_TEXT)
  return 'value' in read ? { value: JSON.stringify(read.value) } : read
}

const bool = (cell: string): Parsed<string> => {
  const read = parseBoolean(cell)
  return 'value' in read ? { value: String(read.value) } : read
}

/** The exact decimal, without zeros that say nothing: equal numbers are equal texts. */
const number = (cell: string, decimal: DecimalMark | undefined): Parsed<string> => {
  const tooLong = {
    code: 'number-size',
    message: `The number has more than ${WHOLE_DIGITS} digits before the point, or is longer than ${LONGEST_NUMBER} characters.`,
  }
  if (cell.length > LONGEST_NUMBER) return tooLong
  const plain = parseNumber(cell)
  const read = 'code' in plain && plain.code === 'number-ambiguous' ? parseNumber(cell, decimal) : plain
  if (!('value' in read)) return read
  const [, sign, whole, fraction] = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(read.value)!
  return whole!.length > WHOLE_DIGITS
    ? tooLong
    : { value: `${sign}${whole}${fraction ? `.${fraction}` : ''}` }
}

const date = (cell: string, order: DateOrder | undefined): Parsed<string> => {
  const read = parseDate(cell, order)
  if (!('value' in read)) return read
  return read.value.precision === 'day'
    ? { value: `"${read.value.day}"` }
    : { code: 'date-precision', message: 'A date with day, month and year is needed here.' }
}

/**
 * Reads a cell as the JSON text of an attribute's value. Refused: what `parseText`, `parseNumber`, `parseBoolean` and
 * `parseDate` refuse, number-size, and date-precision for a date without its day.
 */
export const parseAttribute = (
  type: AttributeDefinition['type'],
  cell: string,
  notation: Notation,
): Parsed<string> => {
  if (type === 'string') return text(cell)
  if (type === 'bool') return bool(cell)
  return type === 'number' ? number(cell, notation.decimal) : date(cell, notation.dateOrder)
}
