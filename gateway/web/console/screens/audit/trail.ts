import { useMemo } from 'preact/hooks'
import { useSearchParams } from 'wouter-preact'
import { type List, type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import type { Meanings } from '../deeds/words.ts'
import { faultOfPeriod, periodOf } from './period.ts'

/** What the trail is narrowed by, besides its period: names of the API, which are those of the address too. */
export const FILTERS = [
  'subject',
  'subjectType',
  'action',
  'actor',
  'actorKind',
  'onBehalfOf',
  'requestId',
  'address',
  'reason',
] as const

type Chosen = Pick<List<unknown>, 'filters' | 'setFilter' | 'clearFilters'>

/** What a search of the trail is narrowed by, as the address says it. */
export type Search = Chosen & {
  /** The same for the API: days are moments. */
  query: Record<string, string>
  fault: ReturnType<typeof faultOfPeriod>
}

/** The group that an action is of, as it is searched by: `cycle.`. */
const groupOf = (action: string): string => action.slice(0, action.indexOf('.') + 1)

/** Reads the search from the address. The group of an action is chosen by itself: it is the beginning of the action. */
export const useSearch = (): Search => {
  const [params, setParams] = useSearchParams()
  const read = (name: string): [string, string][] => {
    const value = params.get(name)
    return value ? [[name, value]] : []
  }
  const own = Object.fromEntries(FILTERS.flatMap(read))
  const days: { from?: string; to?: string } = Object.fromEntries(['from', 'to'].flatMap(read))
  const period = periodOf(days)
  const { action } = own
  return {
    filters: {
      ...own,
      ...days,
      ...(action && { group: groupOf(action) }),
      ...(action?.endsWith('.') && { action: '' }),
    },
    setFilter: (name, value) =>
      setParams(before => {
        const next = new URLSearchParams(before)
        const target = name === 'group' ? 'action' : name
        const fallback = name === 'action' ? groupOf(before.get('action') ?? '') : undefined
        const chosen = value ?? fallback
        if (chosen) next.set(target, chosen)
        else next.delete(target)
        next.delete('cursor')
        return next
      }),
    clearFilters: () => setParams(new URLSearchParams()),
    query: { ...own, ...period },
    fault: faultOfPeriod(period),
  }
}

/** The entries that a search finds, a page at a time. */
export const useTrail = ({ query, fault }: Search): List<RowOf<'/api/v1/audit-entries'>> =>
  useList('/api/v1/audit-entries', { query, when: fault === undefined })

/** The words that the trail is searched by, as the API has them. */
export const useVocabulary = () => {
  const { data } = useGet('/api/v1/audit-vocabulary', {})
  const meanings: Meanings = useMemo(
    () => new Map(data?.actions.map(({ action, meaning }) => [action, meaning])),
    [data],
  )
  return { vocabulary: data, meanings }
}
