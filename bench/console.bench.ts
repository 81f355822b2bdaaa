import { metrics as lighthouse } from './console/lighthouse.bench.ts'
import { metrics as paint } from './console/paint.bench.ts'
import type { Metrics } from './kit/index.ts'

/** How soon the console is there, on a slow network and a slow device. */
export const metrics: Metrics = async bench => [...(await paint(bench)), ...(await lighthouse(bench))]
