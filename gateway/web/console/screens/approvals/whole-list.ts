import type { Reading } from '../../../ui/api/queries.ts'
import type { ListOf } from '../../../ui/components/table.tsx'

const nothing = (): void => undefined

/** A list that the API answers whole, for a table. */
export const wholeList = <R>(reading: Reading<{ items: R[] }>): ListOf<R> => ({
  rows: reading.data?.items,
  isLoading: reading.isLoading,
  isRefreshing: reading.isRefreshing,
  problem: reading.problem,
  sort: undefined,
  setSort: nothing,
  page: 1,
  hasNext: false,
  next: nothing,
  hasPrevious: false,
  previous: nothing,
  first: nothing,
  refresh: reading.refresh,
})
