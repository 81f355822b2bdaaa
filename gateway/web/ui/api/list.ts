import { useEffect, useRef } from 'preact/hooks'
import { useSearchParams } from 'wouter-preact'
import type { ApiProblem } from './problem.ts'
import { type AnswerOf, type InitOf, useGet } from './queries.ts'

/** A page of a list, and how to get to others. All of its state is in the address: a view is shared by its link. */
export type List<R> = {
  rows: R[] | undefined
  isLoading: boolean
  isRefreshing: boolean
  problem: ApiProblem | undefined
  sort: string | undefined
  setSort(sort: string | undefined): void
  filters: Record<string, string>
  setFilter(name: string, value: string | undefined): void
  clearFilters(): void
  /** From 1; unknown (0) when the address was opened in the middle of the list. */
  page: number
  hasNext: boolean
  next(): void
  hasPrevious: boolean
  previous(): void
  first(): void
  refresh(): void
}

type PagePath = {
  [P in Parameters<typeof useGet>[0]]: AnswerOf<P> extends { items: unknown[] } ? P : never
}[Parameters<typeof useGet>[0]]

/** A row of the list at a path. */
export type RowOf<P extends PagePath> = AnswerOf<P> extends { items: (infer R)[] } ? R : never

export type ListOptions = {
  /** Rows a page. */
  limit?: number
  /** The query parameters that are filters: those of the address that are others are left alone. */
  filters?: readonly string[]
  /** Parameters of the path, and of the query those that are not for whoever reads to choose. */
  path?: Record<string, string>
  query?: Record<string, unknown>
  /** Before the names in the address, where a page has more than one list. */
  prefix?: string
  every?: number
  when?: boolean
}

/** The list at a path of the API, a page at a time. */
export const useList = <P extends PagePath>(path: P, options: ListOptions = {}): List<RowOf<P>> => {
  const { limit = 25, filters: names = [], prefix = '', every, when } = options
  const [params, setParams] = useSearchParams()
  const seen = useRef<string[]>([])
  const filters = Object.fromEntries(
    names.flatMap(name => {
      const value = params.get(prefix + name)
      return value ? [[name, value]] : []
    }),
  )
  const sort = params.get(`${prefix}sort`) ?? undefined
  const cursor = params.get(`${prefix}cursor`) ?? undefined
  const choice = JSON.stringify([path, options.path, options.query, filters, sort])
  // Another choice is another list: the way back through the pages of the last one is no way back.
  useEffect(() => {
    seen.current = []
  }, [choice])

  const init = {
    params: {
      query: {
        limit,
        ...options.query,
        ...filters,
        ...(sort ? { sort } : {}),
        ...(cursor ? { cursor } : {}),
      },
      ...(options.path ? { path: options.path } : {}),
    },
  }
  const reading = useGet(path, init as unknown as InitOf<P>, {
    ...(every === undefined ? {} : { every }),
    ...(when === undefined ? {} : { when }),
  })
  const answer = reading.data as { items: RowOf<P>[]; next?: string } | undefined

  const put = (changes: Record<string, string | undefined>) =>
    setParams(previous => {
      const next = new URLSearchParams(previous)
      for (const [name, value] of Object.entries(changes))
        if (value) next.set(prefix + name, value)
        else next.delete(prefix + name)
      return next
    })

  return {
    rows: answer?.items,
    isLoading: reading.isLoading,
    isRefreshing: reading.isRefreshing,
    problem: reading.problem,
    sort,
    setSort: next => put({ sort: next, cursor: undefined }),
    filters,
    setFilter: (name, value) => put({ [name]: value, cursor: undefined }),
    clearFilters: () => put(Object.fromEntries([...names, 'cursor'].map(name => [name, undefined]))),
    page: cursor === undefined ? 1 : seen.current.length > 0 ? seen.current.length + 1 : 0,
    hasNext: answer?.next !== undefined,
    next: () => {
      seen.current.push(cursor ?? '')
      put({ cursor: answer?.next })
    },
    hasPrevious: cursor !== undefined,
    previous: () => put({ cursor: seen.current.pop() }),
    first: () => {
      seen.current = []
      put({ cursor: undefined })
    },
    refresh: reading.refresh,
  }
}
