import { useQuery } from '@tanstack/preact-query'
import { api, dataOf } from '../../../ui/api/client.ts'
import { queries } from '../../../ui/api/queries.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { useMay } from '../../may.ts'

type Area = components['schemas']['Area']

/** No page shows the names of more; the others are shown by their codes. */
const MOST = 100
const KEPT_MS = 300_000

/** An area; undefined where there is none within reach. */
const find = (code: string): Promise<Area | null> =>
  queries.fetchQuery({
    queryKey: ['area', code],
    staleTime: KEPT_MS,
    queryFn: () => dataOf(api.GET('/api/v1/areas/{code}', { params: { path: { code } } })).catch(() => null),
  })

export type AreaNames = {
  name: (code: string) => string
  ancestors: (code: string) => readonly string[]
}

/** What areas are called and where they lie, by their codes. */
export const useAreas = (codes: readonly string[]): AreaNames => {
  const wanted = [...new Set(codes)].sort().slice(0, MOST)
  const enabled = useMay('area:read') && wanted.length > 0
  const { data } = useQuery({
    queryKey: ['areas named', wanted],
    enabled,
    staleTime: KEPT_MS,
    queryFn: async () => (await Promise.all(wanted.map(find))).filter(area => area !== null),
    placeholderData: previous => previous,
  })
  const known = new Map(data?.map(area => [area.code, area]))
  return {
    name: code => known.get(code)?.name ?? code,
    ancestors: code => known.get(code)?.ancestors.map(above => above.code) ?? [],
  }
}
