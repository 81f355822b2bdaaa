import type { Goal, Metric } from './metric.ts'

/** The metrics as a table of text, one a line. */
export const table = (metrics: readonly Metric[]): string => {
  const rows = [
    ['', 'metric', 'ours', 'baseline', 'ratio', 'spread', 'goal'],
    ...metrics.map(m => [
      m.met ? 'ok' : 'MISSED',
      m.name,
      `${figure(m.value)} ${m.unit}`,
      m.baseline === null ? '' : `${figure(m.baseline)} ${m.unit}`,
      m.ratio === null ? '' : `${m.ratio.toFixed(2)} ×`,
      m.spread === null ? '' : `${m.spread[0].toFixed(2)} … ${m.spread[1].toFixed(2)}`,
      m.goal === null ? '' : goalText(m.goal, m.ratio === null ? m.unit : '×'),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const aligned = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
  return rows.map(row => row.map(aligned).join('  ').trimEnd()).join('\n')
}

const goalText = (goal: Goal, unit: string): string =>
  'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≥ ${goal.atLeast} ${unit}`

/** Three figures that count, with thousands set apart: 0.0123, 4.56, 12,300. */
const figure = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: true })
