import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { Metric, Metrics } from './kit/index.ts'

const parts = globSync('audit/*.bench.ts', { cwd: import.meta.dirname }).sort()

/** What it costs that everything is permitted, filtered, approved and on the record. */
export const metrics: Metrics = async bench => {
  const found: Metric[] = []
  for (const part of parts) {
    const { metrics: measure }: { metrics: Metrics } = await import(join(import.meta.dirname, part))
    found.push(...(await measure(bench)))
  }
  return found
}
