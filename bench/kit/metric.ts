/** What a ratio (ours ÷ baseline) or, without a baseline, a value must keep to. */
export type Goal = { atMost: number } | { atLeast: number }

/** One line of a benchmark's result. */
export type Metric = {
  name: string
  value: number
  /** `s`, `rows/s`, `MB`, … */
  unit: string
  /** The same, measured in the same run the plain way; null when there is nothing to compare with. */
  baseline: number | null
  /** value ÷ baseline; null without a baseline. Absolute figures are for people, the ratio is the gate. */
  ratio: number | null
  /** Lowest and highest ratio of one pair of runs. */
  spread: readonly [number, number] | null
  goal: Goal | null
  met: boolean
}

/** Makes a metric of what was measured; judges the ratio, or the value where there is no baseline. */
export const metric = (m: {
  name: string
  value: number
  unit: string
  baseline?: number
  spread?: readonly [number, number]
  goal?: Goal
}): Metric => {
  const ratio = m.baseline === undefined ? null : m.value / m.baseline
  return {
    name: m.name,
    value: m.value,
    unit: m.unit,
    baseline: m.baseline ?? null,
    ratio,
    spread: m.spread ?? null,
    goal: m.goal ?? null,
    met: m.goal === undefined || meets(ratio ?? m.value, m.goal),
  }
}

// Written so that a value which is no number meets nothing.
const meets = (value: number, goal: Goal): boolean =>
  'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast && value < Infinity
