import { ApiProblem } from '../../../ui/api/problem.ts'
import type { Load, Option } from '../../../ui/components/fields.tsx'
import type { ListOf } from '../../../ui/components/table.tsx'

/** What people type, and what should not break a page: other directions, other scripts, markup, words without end. */
export const NAMES = {
  plain: 'Amina Okello',
  arabic: 'فاطمة الزهراء بنت عبد الرحمن',
  ethiopic: 'አበበ በቀለ',
  mixed: 'Yusuf (يوسف) bin Salim',
  markup: '<script>alert("x")</script><img src=x onerror=alert(1)>',
  endless: 'Wordwithoutend'.repeat(36).slice(0, 500),
  long: 'Maria da Conceição Albuquerque de Vasconcelos e Sousa Coutinho, called Mãe Conceição in her village',
} as const

export type SampleRow = {
  reference: string
  name: string
  area: string
  born: string
  amount: string
  state: 'active' | 'waiting' | 'rejected'
}

const row = (index: number, name: string, more: Partial<SampleRow> = {}): SampleRow => ({
  reference: `GR-7K3M${index}-Q2XBD${index}`,
  name,
  area: 'Kasaba North',
  born: `19${70 + index}-0${index + 1}-1${index}`,
  amount: `${(index + 1) * 1250}.50`,
  state: (['active', 'waiting', 'rejected'] as const)[index % 3] ?? 'active',
  ...more,
})

export const ROWS: readonly SampleRow[] = [
  row(1, NAMES.plain),
  row(2, NAMES.arabic, { area: 'المنطقة الشمالية' }),
  row(3, NAMES.ethiopic),
  row(4, NAMES.mixed),
  row(5, NAMES.long),
]

export const HOSTILE_ROWS: readonly SampleRow[] = [
  row(6, NAMES.markup),
  row(7, NAMES.endless, { area: NAMES.endless }),
]

/** A list as `useList` gives it, in any state. */
export const sampleList = <R>(over: Partial<ListOf<R>>): ListOf<R> => ({
  rows: undefined,
  isLoading: false,
  isRefreshing: false,
  problem: undefined,
  sort: undefined,
  setSort: () => undefined,
  page: 1,
  hasNext: false,
  next: () => undefined,
  hasPrevious: false,
  previous: () => undefined,
  first: () => undefined,
  refresh: () => undefined,
  ...over,
})

export const problem = (status: number, detail: string, rule?: string): ApiProblem =>
  new ApiProblem({ status, title: 'Problem', detail, ...(rule === undefined ? {} : { rule }) })

export const AREAS: readonly Option[] = [
  { value: 'KAS', label: 'Kasaba', hint: 'District of Lubanda' },
  { value: 'KAS-N', label: 'Kasaba North', hint: 'Ward of Kasaba' },
  { value: 'KAS-S', label: 'Kasaba South', hint: 'Ward of Kasaba' },
  { value: 'SHM', label: 'المنطقة الشمالية', hint: 'District' },
  { value: 'XSS', label: NAMES.markup },
  { value: 'OLD', label: 'Old Town', hint: 'Closed', disabled: true },
]

/** Finds areas after a moment, as an API does. */
export const findAreas: Load = async (query, signal) => {
  await new Promise(resolve => setTimeout(resolve, 30))
  if (signal.aborted) return []
  return AREAS.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
}
