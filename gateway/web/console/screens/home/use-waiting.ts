import type { ApiProblem } from '../../../ui/api/problem.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { placeOf } from '../../shell/places.ts'

/** Something that waits: what it is in words, where to see to it, and how soon. */
export type Waits = {
  key: string
  text: string
  hint?: string | undefined
  href?: string | undefined
  urgency: 'now' | 'soon' | 'calm'
}

const SECRET_DAYS = 14
const SHOWN_OF_EACH = 5
const URGENCIES = ['now', 'soon', 'calm']

/**
 * What waits for whoever reads, of what they may do something about: approvals first, and when those are known the rest,
 * so that no more than four requests are under way.
 */
export const useWaiting = () => {
  const approvals = useApprovals()
  const isNext = !approvals.isLoading
  const others = [useImports(isNext), useBatches(isNext), useSecrets(isNext)]
  const all = [approvals, ...others]
  const registry = useRegistry(isNext)
  return {
    items: all
      .flatMap(part => part.items)
      .sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency)),
    isLoading: all.some(part => part.isLoading),
    problem: all.find(part => part.problem)?.problem,
    retry: () => {
      for (const part of all) part.refresh()
    },
    isEmptyRegistry: registry,
  }
}

type Part = { items: Waits[]; isLoading: boolean; problem: ApiProblem | undefined; refresh: () => void }

const useApprovals = (): Part => {
  const t = useText('home')
  const mayRead = useMay('approval:read')
  const mayReview = useMay('approval:review')
  const counts = useGet('/api/v1/approval-counts', {}, { when: mayRead })
  const open = useGet(
    '/api/v1/approval-bypasses',
    { params: { query: { open: true } } },
    { when: mayRead && mayReview },
  )
  const { decidable = 0, overdue = 0, informed = 0 } = counts.data ?? {}
  const emergencies = open.data?.items.length ?? 0
  const items: Waits[] = []
  if (emergencies > 0)
    items.push({
      key: 'emergencies',
      text: t('emergencies', { count: emergencies }),
      href: '/approvals/emergencies',
      urgency: 'now',
    })
  if (decidable > 0)
    items.push({
      key: 'decidable',
      text: t('decidable', { count: decidable }),
      hint: overdue > 0 ? t('overdue', { count: overdue }) : undefined,
      href: '/approvals',
      urgency: overdue > 0 ? 'now' : 'soon',
    })
  if (informed > 0)
    items.push({
      key: 'informed',
      text: t('informed', { count: informed }),
      href: '/approvals?tab=informed',
      urgency: 'calm',
    })
  return {
    items,
    isLoading: counts.isLoading || open.isLoading,
    problem: counts.problem ?? open.problem,
    refresh: () => {
      if (mayRead) counts.refresh()
      if (mayRead && mayReview) open.refresh()
    },
  }
}

const useImports = (isNext: boolean): Part => {
  const t = useText('home')
  const when = useMay('import:write') && isNext
  const reading = useGet('/api/v1/imports', { params: { query: { mine: true, limit: 10 } } }, { when })
  const items = (reading.data?.items ?? []).flatMap(({ state, reference, fileName }): Waits[] =>
    state === 'tested' || state === 'refused' || state === 'paused'
      ? [
          {
            key: reference,
            text: t(`imports.${state}`),
            hint: fileName,
            href: placeOf('import', reference),
            urgency: state === 'paused' ? 'now' : 'soon',
          },
        ]
      : [],
  )
  return partOf(items, reading, when)
}

const useBatches = (isNext: boolean): Part => {
  const t = useText('home')
  const when = useMay('payment:write') && isNext
  const reading = useGet('/api/v1/payment-batches', { params: { query: { limit: 20 } } }, { when })
  const items = (reading.data?.items ?? []).flatMap(({ state, reference }): Waits[] =>
    state === 'draft' || state === 'approved'
      ? [
          {
            key: reference,
            text: t(`batches.${state}`),
            hint: reference,
            href: placeOf('payment-batch', reference),
            urgency: 'soon',
          },
        ]
      : [],
  )
  return partOf(items, reading, when)
}

const useSecrets = (isNext: boolean): Part => {
  const t = useText('home')
  const when = useMay('client:write') && isNext
  const query = { expiringDays: SECRET_DAYS, status: 'active' as const, limit: SHOWN_OF_EACH }
  const reading = useGet('/api/v1/clients', { params: { query } }, { when })
  const items = (reading.data?.items ?? []).map(
    ({ clientId, name }): Waits => ({
      key: clientId,
      text: t('secret'),
      hint: name,
      href: placeOf('client', clientId),
      urgency: 'soon',
    }),
  )
  return partOf(items, reading, when)
}

const partOf = (items: Waits[], reading: Omit<Part, 'items'>, when: boolean): Part => ({
  items: items.slice(0, SHOWN_OF_EACH),
  isLoading: when && reading.isLoading,
  problem: reading.problem,
  refresh: () => {
    if (when) reading.refresh()
  },
})

/** Whether nobody is in the registry yet, as far as whoever reads may know. */
const useRegistry = (isNext: boolean): boolean => {
  const when = useMay('import:write') && isNext
  const { data } = useGet('/api/v1/imports', { params: { query: { limit: 1 } } }, { when })
  return data?.items.length === 0
}
