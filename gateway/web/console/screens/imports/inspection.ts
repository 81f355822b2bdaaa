import { useQuery } from '@tanstack/preact-query'
import { api, dataOf } from '../../../ui/api/client.ts'
import type { ApiProblem } from '../../../ui/api/problem.ts'
import { asProblem, useGet } from '../../../ui/api/queries.ts'
import { foundOf, type Import } from './model.ts'
import { isSameHeader } from './plan.ts'

export type Inspection = Awaited<ReturnType<typeof inspect>>

/** How a file is written, where somebody says so; what is left out is found out. */
export type Writing = {
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
  delimiter?: ',' | ';' | '\t' | '|'
}

const inspect = (file: string, writing: Writing, signal: AbortSignal) =>
  dataOf(api.POST('/api/v1/imports/inspections', { body: { file, ...writing }, signal }))

type Reading<T> = { data: T | undefined; problem: ApiProblem | undefined; refresh: () => void }

/** What an uploaded file looks like. */
export const useInspection = (file: string, writing: Writing): Reading<Inspection> => {
  const query = useQuery<Inspection, Error>({
    queryKey: ['inspection', file, writing],
    queryFn: ({ signal }) => inspect(file, writing, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return {
    data: query.data,
    problem: query.error ? asProblem(query.error) : undefined,
    refresh: () => void query.refetch(),
  }
}

const LOOK_BACK = 50

/** One's last import of a file with the same columns, if there is one; undefined while that is not known. */
export const useLastAlike = (header: readonly string[] | undefined): Import | null | undefined => {
  const { data, problem } = useGet(
    '/api/v1/imports',
    { params: { query: { mine: true, limit: LOOK_BACK } } },
    { when: header !== undefined },
  )
  if (problem) return null
  if (!data || !header) return undefined
  const isAlike = (im: Import) => im.mapping !== null && isSameHeader(foundOf(im)?.header ?? [], header)
  return data.items.find(isAlike) ?? null
}
