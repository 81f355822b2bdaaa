import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export type Column<R> = {
  key: string
  label: string
  cell: (row: R) => ComponentChildren
  /** The API's name for sorting by it, such as `createdAt`; it cannot be sorted by without one. */
  sort?: string | undefined
  /** Numbers stand at the end of the line. */
  numeric?: boolean | undefined
  /** Not shown unless somebody chooses it. */
  hidden?: boolean | undefined
}

/** What is kept of somebody's choice: the keys of the columns that differ from how the table comes. */
type Differing = readonly string[]

const read = (key: string): Differing => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter(entry => typeof entry === 'string') : []
  } catch {
    return []
  }
}

const write = (key: string, differing: Differing): void => {
  try {
    if (differing.length === 0) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(differing))
  } catch {
    // The choice holds until the page is left, then.
  }
}

export type ColumnChoice<R> = {
  shown: readonly Column<R>[]
  isShown: (column: Column<R>) => boolean
  toggle: (column: Column<R>) => void
}

/** Which columns are shown; the choice is kept in this browser under the name of the table. The first one is always. */
export const useColumns = <R>(name: string, columns: readonly Column<R>[]): ColumnChoice<R> => {
  const key = `annona.columns.${name}`
  const [differing, setDiffering] = useState(() => read(key))
  const isShown = (column: Column<R>): boolean =>
    column === columns[0] || (column.hidden ?? false) === differing.includes(column.key)
  return {
    shown: columns.filter(isShown),
    isShown,
    toggle: ({ key: one }) => {
      const next = differing.includes(one) ? differing.filter(other => other !== one) : [...differing, one]
      setDiffering(next)
      write(key, next)
    },
  }
}
