import { globSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createBench, type Metric, type Metrics } from './kit/index.ts'
import { table } from './kit/report.ts'

const USAGE = `npm run bench -- NAME ... [--json] [--plans] [--gate] [--scale N]

--json     prints the result as JSON
--plans    shows the plans of the baselines' statements
--gate     exits with 1 when a goal is missed
--scale N  N times the usual size (0.1 for a quick look; the goals are about 1)

Benchmarks: `

const named = (name: string) => join(import.meta.dirname, `${name}.bench.ts`)
/** A benchmark of parts has a folder of its name: `ground` runs all of them, `ground/read` one. */
const known = globSync('**/*.bench.ts', { cwd: import.meta.dirname })
  .map(file => file.slice(0, -'.bench.ts'.length))
  .sort()

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      plans: { type: 'boolean', default: false },
      gate: { type: 'boolean', default: false },
      scale: { type: 'string', default: '1' },
    },
  })
  const scale = Number(values.scale)
  if (positionals.length === 0 || !(scale > 0) || positionals.some(name => !known.includes(name))) {
    console.error(USAGE + known.join(', '))
    return 2
  }
  // What is said on the way goes to the other stream, so that the JSON stands alone.
  const bench = createBench({ scale, plans: values.plans, show: text => console.error(text) })
  const results: Record<string, Metric[]> = {}
  for (const name of positionals) {
    const { metrics }: { metrics: Metrics } = await import(named(name))
    const found = await metrics(bench)
    if (found.length === 0) throw new Error(`${name} measured nothing`)
    results[name] = found
    if (!values.json) console.log(`\n${name}\n${table(found)}`)
  }
  if (values.json) console.log(JSON.stringify({ machine: machine(), scale, results }, null, 2))
  const missed = Object.values(results)
    .flat()
    .filter(m => !m.met).length
  return values.gate && missed > 0 ? 1 : 0
}

const machine = () => ({
  node: process.versions.node,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  load: loadavg()[0],
})

process.exitCode = await main()
