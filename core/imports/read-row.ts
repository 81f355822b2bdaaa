import { type AttributeDefinition, attributeKey, type Notation, parseAttribute } from './attributes.ts'
import type { ColumnKey } from './fields.ts'
import type { ImportOptions, RowIssue } from './model.ts'
import type { ColumnMap } from './reading/mapping.ts'
import {
  type KnownDate,
  type Parsed,
  parseDate,
  parseIban,
  parsePhone,
  parseSex,
  parseText,
} from './reading/values.ts'
import { type AccountKind, accountKindOf, identifierTypeOf, relationOf } from './words.ts'

/** What is known before the first row: where the columns are, what the file's codes mean, which areas there are. */
export type RowPlan = {
  header: readonly string[]
  columns: ColumnMap
  options: ImportOptions
  notation: Notation
  isMFemale: boolean
  /** The custom attributes that the file has a column for. */
  attributes: readonly AttributeDefinition[]
  /** Ids by P-code of the areas that people may be registered in by whoever imports. */
  areas: ReadonlyMap<string, string>
  today: string
}

/** A row as it is staged: the values of `STAGED_COLUMNS` from `household` on. */
export type StagedValues = readonly (string | null)[]

/** Columns of `imports.staged_rows` in the order that rows are staged in. */
export const STAGED_COLUMNS = [
  'import_id',
  'chunk',
  'line',
  'household',
  'relation',
  'name',
  'given_name',
  'family_name',
  'sex',
  'birth_date',
  'birth_precision',
  'phone',
  'area_id',
  'identifier_type',
  'identifier',
  'account_kind',
  'account',
  'bank_code',
  'attributes',
  'group_attributes',
] as const

const refuse = (code: string, message: string): Parsed<never> => ({ code, message })

const relation = (cell: string): Parsed<string> => {
  const value = relationOf(cell)
  return value
    ? { value }
    : refuse('relation', `${JSON.stringify(cell)} is not a relation that is known here.`)
}

const identifierType = (cell: string): Parsed<string> => {
  const value = identifierTypeOf(cell)
  return value ? { value } : refuse('identifier-type', `${JSON.stringify(cell)} is not a type of identifier.`)
}

/** The kind of an account by what it looks like, in a file without a column for it. */
const kindOf = (account: string): AccountKind | undefined => {
  if ('value' in parseIban(account)) return 'iban'
  return account.startsWith('+') ? 'mobile_wallet' : undefined
}

const bankAccount = (cell: string): Parsed<string> => {
  const value = cell.replace(/[\s.-]/g, '').toUpperCase()
  return /^[A-Z0-9]{4,34}$/.test(value)
    ? { value }
    : refuse('account', `${JSON.stringify(cell)} is not an account number of 4 to 34 letters and digits.`)
}

/** A cell without what we put before formulas when we give rows back. */
const bare = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1).trim() : cell.trim())

/** The cells of one row by field, and where to complain about them. */
type Cells = {
  of(key: ColumnKey): string
  /** The value of a cell; null when it is empty, or cannot be read and was complained about. */
  read<T>(key: ColumnKey, parse: (cell: string) => Parsed<T>): T | null
  say(key: ColumnKey, code: string, message: string): void
}

const cellsOf = (
  { columns, header }: RowPlan,
  row: readonly string[],
  line: number,
  complain: (issue: RowIssue) => void,
): Cells => {
  const cells: Cells = {
    of: key => {
      const index = columns.get(key)
      return index === undefined ? '' : bare(row[index] ?? '')
    },
    read: (key, parse) => {
      const cell = cells.of(key)
      if (cell === '') return null
      const parsed = parse(cell)
      if ('value' in parsed) return parsed.value
      cells.say(key, parsed.code, parsed.message)
      return null
    },
    say: (key, code, message) => {
      const index = columns.get(key)
      complain({
        line,
        severity: 'error',
        column: index === undefined ? null : header[index]!,
        code,
        message,
      })
    },
  }
  return cells
}

/** The full name, made of its parts when there is no column for it; given and family name. */
const namesOf = (cells: Cells): [string | null, string | null, string | null] => {
  const given = cells.read('given_name', parseText)
  const family = cells.read('family_name', parseText)
  const whole =
    cells.read('name', parseText) ?? ([given, family].filter(part => part !== null).join(' ') || null)
  if (whole === null) cells.say('name', 'name-missing', 'A person needs a name.')
  return [whole, given, family]
}

const birthOf = (cells: Cells, { notation, today }: RowPlan): KnownDate | null =>
  cells.read('birth_date', cell => {
    const date = parseDate(cell, notation.dateOrder)
    return 'value' in date && date.value.day > today
      ? refuse('date-future', `${date.value.day} has not come yet.`)
      : date
  })

const areaOf = (cells: Cells, { areas, options }: RowPlan): string | null => {
  if (cells.of('area') === '') return options.areaCode === undefined ? null : areas.get(options.areaCode)!
  return cells.read('area', cell => {
    const value = areas.get(cell.toUpperCase())
    return value
      ? { value }
      : refuse('area', `${JSON.stringify(cell)} is no area that you may register people in.`)
  })
}

/** Type and value; a type alone is nothing. */
const identifierOf = (cells: Cells, { options }: RowPlan): [string | null, string | null] => {
  const type = cells.read('identifier_type', identifierType)
  const value = cells.read('identifier', cell => parseText(cell, 100))
  return value === null ? [null, null] : [type ?? options.identifierType ?? 'national_id', value]
}

/** Kind and value; a kind alone is nothing. */
const accountOf = (cells: Cells, phone: (cell: string) => Parsed<string>): [string | null, string | null] => {
  const cell = cells.of('account')
  if (cell === '') return [null, null]
  const stated = cells.of('account_kind')
  const kind = stated === '' ? kindOf(cell) : accountKindOf(stated)
  if (kind === undefined) {
    const what = stated === '' ? 'this account is' : `${JSON.stringify(stated)} stands for`
    cells.say('account_kind', 'account-kind', `It is not known what kind of account ${what}.`)
    return [null, null]
  }
  const parsers = { iban: parseIban, bank_account: bankAccount, mobile_wallet: phone }
  return [kind, cells.read('account', parsers[kind])]
}

/** Reads the attributes of one kind as the text of a JSON object; `null` when a row has none. */
const attributeReader = ({ attributes, notation }: RowPlan, kind: AttributeDefinition['kind']) => {
  const columns = attributes
    .filter(a => a.kind === kind)
    .map(a => ({ key: attributeKey(a), name: JSON.stringify(a.code), type: a.type }))
  return (cells: Cells): string | null => {
    const members: string[] = []
    for (const { key, name, type } of columns) {
      const value = cells.read(key, cell => parseAttribute(type, cell, notation))
      if (value !== null) members.push(`${name}:${value}`)
    }
    return members.length === 0 ? null : `{${members.join()}}`
  }
}

/**
 * Makes the function that reads one row into typed values. An empty cell is an absent value. What cannot be read
 * is absent too, and is told to `complain`, so a row's problems come all at once.
 */
export const createRowReader = (plan: RowPlan) => {
  const phone = (cell: string) => parsePhone(cell, plan.options.country)
  const sex = (cell: string) => parseSex(cell, plan.isMFemale)
  const key = (cell: string) => parseText(cell, 100)
  const attributes = attributeReader(plan, 'individual')
  const groupAttributes = attributeReader(plan, 'group')

  return (row: readonly string[], line: number, complain: (issue: RowIssue) => void): StagedValues => {
    const cells = cellsOf(plan, row, line, complain)
    const household = cells.read('household', key)
    const relationToHead = cells.read('relation', relation)
    const names = namesOf(cells)
    const sexCode = cells.read('sex', sex)
    const birth = birthOf(cells, plan)
    const phoneNumber = cells.read('phone', phone)
    const areaId = areaOf(cells, plan)
    const identifier = identifierOf(cells, plan)
    const account = accountOf(cells, phone)
    const bankCode = account[1] === null ? null : cells.read('bank_code', cell => parseText(cell, 20))
    const ofGroup = groupAttributes(cells)
    if (ofGroup !== null && household === null)
      cells.say('household', 'household-missing', 'Something is said of a household, and the row has none.')
    const birthParts = [birth?.day ?? null, birth?.precision ?? null]
    return [
      household,
      relationToHead,
      ...names,
      sexCode,
      ...birthParts,
      phoneNumber,
      areaId,
      ...identifier,
      ...account,
      bankCode,
      attributes(cells),
      ofGroup,
    ]
  }
}
