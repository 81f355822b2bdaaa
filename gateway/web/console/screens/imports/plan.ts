import type { Options, TargetField } from './model.ts'

/** What is chosen on the page before a test: a field for each column (by its place), and how the file is read. */
export type Plan = {
  /** Keys of fields by the place of the column; empty for a column that is left out. */
  columns: readonly string[]
  country: string
  dateOrder: string
  decimal: string
  identifierType: string
  areaCode: string
  groupType: string
  keep: readonly string[]
}

type Mapping = Readonly<Record<string, string>>

/** Fields whose known values can be kept: the others of people who are known already are never overwritten. */
const KEEPABLE = ['name', 'given_name', 'family_name', 'sex', 'birth_date', 'phone', 'area']

/** Whether somebody may choose that what the registry has in a field stays. */
export const isKeepable = (key: string): boolean =>
  KEEPABLE.includes(key) || key.startsWith('attribute:individual:')

/** The plan that a mapping (header by field) and options come to for a header. */
export const planOf = (header: readonly string[], mapping: Mapping, options: Options): Plan => {
  const fieldOf = new Map(Object.entries(mapping).map(([key, column]) => [column, key]))
  return {
    columns: header.map(column => fieldOf.get(column) ?? ''),
    country: options.country ?? '',
    dateOrder: options.dateOrder ?? '',
    decimal: options.decimal ?? '',
    identifierType: options.identifierType ?? '',
    areaCode: options.areaCode ?? '',
    groupType: options.groupType ?? 'household',
    keep: options.keep ?? [],
  }
}

/** What a plan is for the API: the mapping, and the options that say something. */
export const requestOf = (header: readonly string[], plan: Plan): Options & { mapping: Mapping } => {
  const { columns, keep, ...options } = plan
  const kept = keep.filter(key => columns.includes(key))
  return {
    mapping: Object.fromEntries(columns.flatMap((key, at) => (key === '' ? [] : [[key, header[at]!]]))),
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
    ...(kept.length > 0 ? { keep: kept } : {}),
  }
}

/** Required fields that no column is for. */
export const missingIn = (
  { columns }: Pick<Plan, 'columns'>,
  fields: readonly TargetField[],
): TargetField[] =>
  fields.filter(field => field.isRequired && ![field.key, ...field.unless].some(key => columns.includes(key)))

/** Whether two files have the same columns in the same order. */
export const isSameHeader = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((column, at) => column === other[at])
