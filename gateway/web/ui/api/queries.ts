import { keepPreviousData, QueryClient, useQuery } from '@tanstack/preact-query'
import type { MaybeOptionalInit } from 'openapi-fetch'
import { api } from './client.ts'
import { ApiProblem, isOffline } from './problem.ts'
import type { paths } from './schema.generated.ts'

type Gettable = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths]
/** Parameters of reading a path. */
export type InitOf<P extends Gettable> = MaybeOptionalInit<paths[P], 'get'>
/** What reading a path answers. */
export type AnswerOf<P extends Gettable> = paths[P]['get'] extends {
  responses: { 200: { content: { 'application/json': infer Answer } } }
}
  ? Answer
  : never

const isPassing = (problem: unknown): boolean =>
  problem instanceof ApiProblem && (isOffline(problem) || problem.status >= 502)

/** What was read, kept for a moment; read again when somebody comes back to the page. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (count, problem) => count < 2 && isPassing(problem),
    },
    mutations: { networkMode: 'always' },
  },
})

/** After something was changed: whatever is on the page is read again. */
export const changed = (): Promise<void> => queries.invalidateQueries()

export type Reading<T> = {
  data: T | undefined
  problem: ApiProblem | undefined
  isLoading: boolean
  isRefreshing: boolean
  refresh: () => void
}

/**
 * Reads a path and keeps it up to date. `every` reads it again after so many milliseconds, `when` says whether it is
 * read at all.
 */
export const useGet = <P extends Gettable>(
  path: P,
  init: InitOf<P>,
  options: { every?: number | ((data: AnswerOf<P> | undefined) => number | false); when?: boolean } = {},
): Reading<AnswerOf<P>> => {
  const { every, when } = options
  const query = useQuery<AnswerOf<P>, Error>({
    queryKey: [path, init],
    queryFn: async ({ signal }) => {
      // The types of a path that is only known as a parameter cannot be followed by the compiler.
      const get = api.GET as unknown as (p: P, i: object) => Promise<{ data?: AnswerOf<P> }>
      return (await get(path, { ...(init as object), signal })).data as AnswerOf<P>
    },
    placeholderData: keepPreviousData as never,
    ...(when === undefined ? {} : { enabled: when }),
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === 'number' ? every : q => every(q.state.data as AnswerOf<P>) }),
  })
  return {
    data: query.data,
    problem: query.error ? asProblem(query.error) : undefined,
    isLoading: query.isPending && query.fetchStatus !== 'idle',
    isRefreshing: query.isFetching,
    refresh: () => void query.refetch(),
  }
}

/** Anything that was thrown, as a problem that can be shown. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem({ status: 500, title: 'Error', detail: String((error as Error)?.message ?? error) })
