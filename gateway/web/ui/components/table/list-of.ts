import type { List } from '../../api/list.ts'

/** What a table needs of a list: `useList` gives more. */
export type ListOf<R> = Omit<List<R>, 'filters' | 'setFilter' | 'clearFilters'> &
  Partial<Pick<List<R>, 'filters' | 'setFilter' | 'clearFilters'>>
