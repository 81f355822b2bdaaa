import { type Goal, type Metric, metric } from './metric.ts'
import { assertEqualRows } from './rows.ts'

export type Side = 'ours' | 'baseline'

/** Two ways to the same result, run in turn. */
export type Comparison = {
  name: string
  ours: () => Promise<unknown>
  baseline: () => Promise<unknown>
  /** Before each run, not timed: empties tables, warms caches. */
  prepare?: (side: Side) => Promise<void>
  /** After each run, not timed: the rows that it left. Without it, what the run returned is compared. */
  rows?: (side: Side) => Promise<readonly unknown[]>
  /** How much one run does: then the figure is a rate (`{ count: 1e6, unit: 'rows' }` → rows/s), else seconds. */
  work?: { count: number; unit: string }
  goal?: Goal
  /**
   * What a side's runs are timed by, in seconds from any moment; the clock on the wall when left out. Give the
   * processor time of the process that does the work where others keep the machine busy.
   */
  clock?: (side: Side) => number
  /** Pairs of runs that count. Five or more. */
  runs?: number
  warmups?: number
}

const FEWEST_RUNS = 5

/**
 * Measures both sides in turn (A B A B …), so that what slows the machine slows both, and compares their medians.
 * Rejects when the sides do not leave equal rows, or leave none to compare.
 */
export const compare = async (comparison: Comparison): Promise<Metric> => {
  const { name, work, goal, runs = FEWEST_RUNS, warmups = 1 } = comparison
  if (runs < FEWEST_RUNS) throw new Error(`${name}: ${runs} runs are too few; ${FEWEST_RUNS} are the least`)
  const pairs: { ours: number; baseline: number }[] = []
  for (let pair = -warmups; pair < runs; pair++) {
    const ours = await runOnce('ours', comparison)
    const baseline = await runOnce('baseline', comparison)
    assertEqualRows(name, ours.rows, baseline.rows)
    if (pair >= 0) pairs.push({ ours: ours.seconds, baseline: baseline.seconds })
  }
  const figure = (seconds: number) => (work ? work.count / seconds : seconds)
  const ratios = pairs.map(p => figure(p.ours) / figure(p.baseline))
  return metric({
    name,
    value: figure(median(pairs.map(p => p.ours))),
    baseline: figure(median(pairs.map(p => p.baseline))),
    unit: work ? `${work.unit}/s` : 's',
    spread: [Math.min(...ratios), Math.max(...ratios)],
    ...(goal && { goal }),
  })
}

const onTheWall = () => performance.now() / 1000

const runOnce = async (side: Side, { prepare, rows, clock = onTheWall, ...sides }: Comparison) => {
  await prepare?.(side)
  const started = clock(side)
  const returned = await sides[side]()
  const seconds = clock(side) - started
  return { seconds, rows: rows ? await rows(side) : returned }
}

/** The middle value, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
