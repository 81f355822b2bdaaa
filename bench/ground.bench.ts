import * as eligibility from './ground/eligibility.bench.ts'
import * as entitlements from './ground/entitlements.bench.ts'
import * as imports from './ground/import.bench.ts'
import * as memory from './ground/memory.bench.ts'
import * as qr from './ground/qr.bench.ts'
import * as read from './ground/read.bench.ts'
import * as router from './ground/router.bench.ts'
import * as start from './ground/start.bench.ts'
import type { Metric, Metrics } from './kit/index.ts'

const PARTS = [read, router, imports, eligibility, entitlements, qr, memory, start]

/** What everything else stands on: one record read, people imported, who is eligible for what, its code, the processes. */
export const metrics: Metrics = async bench => {
  const found: Metric[] = []
  for (const part of PARTS) found.push(...(await part.metrics(bench)))
  return found
}
