import sql, { empty, join, raw, type Sql } from 'sql-template-tag'
import { encodeCursor, invalidField, type Page, type PageRequest } from '../kernel/index.ts'

/**
 * What a list can be sorted by: an SQL expression, and how its values are ordered. `name`: text for people, without case
 * and accents; `code`: text by code point. `optional`: it may be null, and what is null comes last, either way.
 */
export type SortColumn = { by: Sql; as: keyof typeof KINDS; optional?: true }

export type Sortable = {
  /** By the names that callers sort by. */
  columns: Readonly<Record<string, SortColumn>>
  /** What tells rows apart whose column is the same: unique among the rows of one list. May be one of the columns. */
  tie: SortColumn
  /** `name`, or `-name` for descending. */
  otherwise: string
}

/** One page's place in a sorted list, as the parts of its query, and the page from what the query gives. */
export type Sorted = {
  /** Ends the SELECT list: `, … AS sort_key`. */
  key: Sql
  /** `AND …`, which holds for what comes after the page before, or nothing for the first page. */
  after: Sql
  /** What follows ORDER BY. */
  order: Sql
  /** The page from `limit + 1` rows, without their keys. */
  page<T extends object>(rows: readonly (T & SortKey)[]): Page<T>
}
export type SortKey = { sort_key: (string | null)[] }

/**
 * How a list is sorted and paged: by one column and the tie-breaker, in one direction. A cursor holds the sort that it was
 * given out for. Keys travel as text in the database's own precision, so that nothing is shown twice or left out. Throws
 * `invalid` at `/sort` for what the list cannot be sorted by, and at `/cursor` for a cursor of another sort or of nobody's.
 */
export const sorted = (
  { columns, tie, otherwise }: Sortable,
  { limit, cursor, sort }: PageRequest,
): Sorted => {
  const chosen = sort ?? otherwise
  const column = Object.hasOwn(columns, nameOf(chosen)) ? columns[nameOf(chosen)]! : undefined
  if (!column)
    throw invalidField('/sort', 'sort', `This list is sorted by ${Object.keys(columns).join(', ')}.`)
  const parts = (column === tie ? [tie] : [column, tie]).map(part => ({ ...part, ...KINDS[part.as] }))
  const direction = raw(chosen.startsWith('-') ? 'DESC' : 'ASC')
  const values = cursor === undefined ? undefined : keyIn(cursor, chosen, parts)
  return {
    key: sql`, ARRAY[${join(parts.map(p => p.text(p.by)))}]::text[] AS sort_key`,
    after: values ? sql`AND ${afterKey(parts, values, raw(chosen.startsWith('-') ? '<' : '>'))}` : empty,
    order: join(
      parts.map(p => sql`${p.value(p.by)} ${direction} ${p.optional ? sql`NULLS LAST` : empty}`),
      ', ',
    ),
    page: <T extends object>(rows: readonly (T & SortKey)[]) => {
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const next = rows.length > limit && last ? encodeCursor([chosen, ...last.sort_key]) : undefined
      return { items: items.map(({ sort_key: _key, ...row }) => row as unknown as T), next }
    },
  }
}

type Kind = {
  /** What is compared, made from the column. */
  value: (by: Sql) => Sql
  /** It as text, and the text as it again. */
  text: (by: Sql) => Sql
  from: (text: string) => Sql
  isValid: (text: string) => boolean
}
type Part = SortColumn & Kind

/** The text in which an instant is exact, and the same in whatever time zone a session is. */
const INSTANT = sql`'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`
const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)

const asIs = (by: Sql) => by
const asText = (by: Sql) => sql`${by}::text`
const isText = (text: string) => !text.includes('\0')
const KINDS = {
  name: {
    value: by => sql`kernel.sorted(${by}) COLLATE "C"`,
    text: by => sql`kernel.sorted(${by})`,
    from: text => sql`${text}::text COLLATE "C"`,
    isValid: isText,
  },
  code: {
    value: by => sql`${by} COLLATE "C"`,
    text: asText,
    from: text => sql`${text}::text COLLATE "C"`,
    isValid: isText,
  },
  uuid: {
    value: asIs,
    text: asText,
    from: text => sql`${text}::uuid`,
    isValid: text => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  },
  number: {
    value: asIs,
    text: asText,
    from: text => sql`${text}::bigint`,
    isValid: text => /^-?\d{1,18}$/.test(text),
  },
  /** Of a transaction, which orders the audit trail. */
  transaction: {
    value: asIs,
    text: asText,
    from: text => sql`${text}::xid8`,
    isValid: text => /^\d{1,18}$/.test(text),
  },
  day: { value: asIs, text: asText, from: text => sql`${text}::date`, isValid: isDay },
  instant: {
    value: asIs,
    text: by => sql`to_char(${by} AT TIME ZONE 'UTC', ${INSTANT})`,
    from: text => sql`${text}::timestamptz`,
    isValid: text =>
      isDay(text.slice(0, 10)) && /^T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z$/.test(text.slice(10)),
  },
} satisfies Record<string, Kind>

const nameOf = (sort: string): string => sort.replace(/^-/, '')

/** The values in a cursor, for a list that is sorted as chosen. */
const keyIn = (cursor: string, chosen: string, parts: readonly Part[]): (string | null)[] => {
  const [sort, ...values] = read(cursor)
  const fits = (value: unknown, part: Part | undefined): value is string | null =>
    part !== undefined &&
    (value === null ? part.optional === true : typeof value === 'string' && part.isValid(value))
  if (typeof sort === 'string' && sort !== chosen)
    throw invalidField(
      '/cursor',
      'cursor',
      'The cursor goes on with the list in another sort. Ask for the first page again, without it.',
    )
  if (sort === chosen && values.length === parts.length && values.every((value, i) => fits(value, parts[i])))
    return values as (string | null)[]
  throw invalidField('/cursor', 'cursor', 'The cursor is not one that this list gave out.')
}

const read = (cursor: string): unknown[] => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(key) ? key : []
  } catch {
    return []
  }
}

/** Holds for what stands after a key. Where nothing can be null it is a comparison of rows, which an index answers. */
const afterKey = (parts: readonly Part[], values: readonly (string | null)[], beyond: Sql): Sql => {
  const [column, tie] = parts as [Part, Part?]
  const [value, last] = values as [string | null, string?]
  if (!tie) return sql`${column.value(column.by)} ${beyond} ${column.from(value!)}`
  const rest = sql`${tie.value(tie.by)} ${beyond} ${tie.from(last!)}`
  if (value === null) return sql`(${column.by} IS NULL AND ${rest})`
  const row = sql`(${column.value(column.by)}, ${tie.value(tie.by)}) ${beyond} (${column.from(value)}, ${tie.from(last!)})`
  return column.optional ? sql`(${row} OR ${column.by} IS NULL)` : row
}
