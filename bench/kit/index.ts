import { compare } from './compare.ts'
import type { Metric } from './metric.ts'
import { explain } from './plans.ts'

export { type Comparison, compare, median, type Side } from './compare.ts'
export { type Goal, type Metric, metric } from './metric.ts'
export { cpuSeconds, familyOf, type Usage, watch } from './process.ts'
export { assertEqualRows } from './rows.ts'

/** What a benchmark is given. */
export type Bench = {
  /** How large, where the benchmark can be made larger or smaller: 1 is the size that its goals are about. */
  scale: number
  compare: typeof compare
  /** Shows the plan of a baseline's statement when the run was asked for plans (`--plans`). */
  plan: (title: string, ...statement: Parameters<typeof explain>) => Promise<void>
}

/** What `bench/NAME.bench.ts` exports as `metrics`. */
export type Metrics = (bench: Bench) => Promise<Metric[]>

/** Makes what a benchmark is given. `show` prints; it is told the plans, if they are wanted. */
export const createBench = ({
  scale,
  plans,
  show,
}: {
  scale: number
  plans: boolean
  show: (text: string) => void
}): Bench => ({
  scale,
  compare,
  plan: async (title, ...statement) => {
    if (plans) show(`Plan of ${title}\n${await explain(...statement)}\n`)
  },
})
