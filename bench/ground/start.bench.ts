import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#core/db/embedded/ports.ts'
import { type Metrics, median, metric } from '../kit/index.ts'
import { startAnnona } from './annona.ts'

const STARTS = 5

/** `npm start` of an installation that was started before, until it says that it is ready: the median of five. */
export const metrics: Metrics = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'annona-bench-'))
  const start = async () => {
    const env = { ANNONA_DATA_DIR: dataDir, PORT: String(await freePort()) }
    const annona = await startAnnona(env)
    await annona.stop()
    return annona.seconds
  }
  try {
    const first = await start()
    const again: number[] = []
    while (again.length < STARTS) again.push(await start())
    return [
      metric({ name: 'first start s', value: first, unit: 's' }),
      metric({ name: 'start s', value: median(again), unit: 's', goal: { atMost: 6 } }),
    ]
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
