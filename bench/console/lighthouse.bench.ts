import { PASSWORD, startConsole } from '#tests/support/console.ts'
import { type Scores, scoresOf } from '#tests/support/lighthouse.ts'
import { type Metrics, median, metric } from '../kit/index.ts'

const RUNS = 3

/** The scores of Lighthouse (0 to 100) for a telephone on slow 4G: of the home page and of a list. */
export const metrics: Metrics = async () => {
  const app = await startConsole({ validateResponses: false })
  try {
    await app.person('reader', 'auditor')
    const found = []
    for (const [name, path] of [
      ['home', '/'],
      ['list', '/audit'],
    ] as const) {
      const runs: Scores[] = []
      while (runs.length < RUNS)
        runs.push(await scoresOf(app, { username: 'reader', password: PASSWORD, path }))
      const of = (what: 'performance' | 'accessibility') => median(runs.map(scores => scores[what]))
      found.push(
        metric({
          name: `${name} performance`,
          value: of('performance'),
          unit: 'of 100',
          goal: { atLeast: 95 },
        }),
        metric({
          name: `${name} accessibility`,
          value: of('accessibility'),
          unit: 'of 100',
          goal: { atLeast: 100 },
        }),
      )
    }
    return found
  } finally {
    await app.close()
  }
}
