import { invalidField } from './errors.ts'

/** One page of a list. `next` is an opaque cursor: give it back to get what follows. */
export type Page<T> = { items: T[]; next: string | undefined }

/** `sort`: a name of what the list can be sorted by, descending with `-` before it. */
export type PageRequest = { limit: number; cursor?: string | undefined; sort?: string | undefined }

/** An opaque cursor over the sort key of the last row. Not secret: the row filter applies to every page. */
export const encodeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** The sort key in a cursor. Throws `invalid` at `/cursor` for anything we did not make. */
export const decodeCursor = (cursor: string, parts: number): (string | number | null)[] => {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(key) &&
      key.length === parts &&
      key.every(k => k === null || ['string', 'number'].includes(typeof k))
    )
      return key
  } catch {}
  throw invalidField('/cursor', 'cursor', 'The cursor is not one that this list gave out.')
}

/**
 * Makes a page from `limit + 1` rows: the extra row only tells that there is more.
 * `keyOf` gives the sort key of a row, in the order of the query's ORDER BY.
 */
export const pageOf = <T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number | null)[],
): Page<T> => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : undefined }
}
