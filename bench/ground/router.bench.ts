import type { Metrics } from '../kit/index.ts'
import { getAll, startServer } from './http.ts'

const REQUESTS = 10_000

/** What a request costs the gateway's processor when the API has 300 operations, beside an API with two. */
export const metrics: Metrics = async bench => {
  const [many, few] = await Promise.all([
    startServer('router', {}, ['300']),
    startServer('router', {}, ['2']),
  ])
  const paths = Array.from(
    { length: Math.round(REQUESTS * bench.scale) },
    (_, n) => `/api/v1/things/${n % 100}/parts/${n}`,
  )
  try {
    return [
      await bench.compare({
        name: 'router',
        ours: () => getAll(many.url, paths),
        baseline: () => getAll(few.url, paths),
        clock: side => (side === 'ours' ? many : few).clock(),
        goal: { atMost: 1.2 },
      }),
    ]
  } finally {
    await Promise.all([many.stop(), few.stop()])
  }
}
