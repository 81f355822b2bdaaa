import type { RowIssue } from './issue.ts'

/** A field that a column can be mapped to. `names` are headers seen in the wild, in any language. */
export type TargetField = {
  key: string
  label: string
  isRequired: boolean
  /** Fields that make this one unnecessary when one of them is mapped. */
  unless?: readonly string[]
  names: readonly string[]
  example: string
}

/** Field key → header, as in the file. Kept with an import and given again for the next file of the same shape. */
export type Mapping = Readonly<Record<string, string>>

/** Field key → index of its column. */
export type ColumnMap = ReadonlyMap<string, number>

/**
 * A header reduced to what tells it from others: lower case, without accents, marks, punctuation, remarks in
 * parentheses and the asterisk of required columns. Letters of all scripts stay; Arabic alef, teh marbuta and
 * alef maksura are written in one way.
 */
export const normalizeHeader = (header: string): string =>
  header
    .replace(/\(.*?\)|\[.*?\]/g, ' ')
    .normalize('NFKD')
    .replace(/\p{M}|\u0640/gu, '')
    .toLowerCase()
    .replaceAll('ة', 'ه')
    .replaceAll('ى', 'ي')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Field keys by the names that a header may have, normalised. A name is the first field's that has it. */
export const fieldsByHeader = (fields: readonly TargetField[]): ReadonlyMap<string, string> => {
  const keys = new Map<string, string>()
  for (const field of fields)
    for (const name of [field.key, field.label, ...field.names]) {
      const known = normalizeHeader(name)
      if (known !== '' && !keys.has(known)) keys.set(known, field.key)
    }
  return keys
}

/**
 * Suggests a mapping by the names of the columns, whatever their order, case, accents and language. A column is used
 * once, a field gets the first column that fits. `unmapped` are headers nothing is known about, `missing` the labels of required fields without a column.
 */
export const suggestMapping = (
  header: readonly string[],
  fields: readonly TargetField[],
): { mapping: Mapping; unmapped: string[]; missing: string[] } => {
  const fieldOf = fieldsByHeader(fields)
  const mapping: Record<string, string> = {}
  const unmapped: string[] = []
  for (const name of header) {
    const key = fieldOf.get(normalizeHeader(name))
    if (key === undefined || Object.hasOwn(mapping, key)) unmapped.push(name)
    else mapping[key] = name
  }
  return { mapping, unmapped, missing: missingIn(mapping, fields).map(f => f.label) }
}

const missingIn = (mapping: Mapping, fields: readonly TargetField[]): TargetField[] =>
  fields.filter(f => f.isRequired && ![f.key, ...(f.unless ?? [])].some(key => Object.hasOwn(mapping, key)))

/**
 * Finds the columns of a mapping in a header. Issues (line 1): unknown-field, unknown-column, column-used-twice,
 * required-column.
 */
export const resolveMapping = (
  header: readonly string[],
  mapping: Mapping,
  fields: readonly TargetField[],
): { columns: ColumnMap; issues: RowIssue[] } => {
  const indexOf = new Map(header.map((name, i) => [normalizeHeader(name), i] as const))
  const columns = new Map<string, number>()
  const issues: RowIssue[] = []
  const complain = (column: number | null, code: string, message: string) =>
    issues.push({ line: 1, column, code, message })
  const usedBy = new Map<number, string>()
  for (const [key, name] of Object.entries(mapping)) {
    const field = fields.find(f => f.key === key)
    const index = indexOf.get(normalizeHeader(name))
    const other = index === undefined ? undefined : usedBy.get(index)
    if (field === undefined)
      complain(null, 'unknown-field', `There is no field ${JSON.stringify(key)} to map to.`)
    else if (index === undefined)
      complain(null, 'unknown-column', `${field.label}: the file has no column ${JSON.stringify(name)}.`)
    else if (other !== undefined)
      complain(
        index + 1,
        'column-used-twice',
        `Column ${index + 1} is mapped to both ${other} and ${field.label}.`,
      )
    else {
      columns.set(key, index)
      usedBy.set(index, field.label)
    }
  }
  for (const field of missingIn(mapping, fields))
    complain(null, 'required-column', `No column is mapped to ${field.label}, which is required.`)
  return { columns, issues }
}
