import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '#core/db/index.ts'
import { isRunByNpm } from '../config.ts'
import { settleAddress } from '../start/address.ts'
import { supervise } from '../start/supervise.ts'
import { welcome } from '../start/welcome.ts'
import { buildConsole } from '../web/build/build.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

/** When npm started us and is killed, its signal never comes: then the parent changes. */
const ORPHAN_CHECK_MS = 500

/** Runs everything until it is told to stop. */
export const run: Run = async () => {
  const say = (message: string) => void process.stdout.write(`${message}\n`)
  const stopped = untilStopped()
  const environment = await prepare(say)
  try {
    const config = await settleAddress(environment.config)
    const logs = join(config.dataDir, 'logs')
    mkdirSync(logs, { recursive: true })
    const [applied] = await Promise.all([
      migrate({ adminUrl: environment.adminUrl, appUrl: config.databaseUrl }),
      prepareConsole(say),
    ])
    if (applied.length > 0) say(`Brought the database up to date (${applied.length} migrations).`)
    const processes = await supervise({ config, logs, say })
    const serve = async () => {
      const { loadDemo } = await import('../demo/index.ts') // not before the gateway answers
      const demo = config.demo ? await loadDemo({ config, url: processes.url, say }) : undefined
      say(welcome({ config, url: processes.url, demo, logs, embedded: environment.embedded }))
      await stopped
    }
    try {
      await Promise.race([stopped, serve()])
    } finally {
      say('Stopping …')
      await processes.stop()
    }
    return 0
  } finally {
    await environment.close()
  }
}

/** Builds the console on the first start. Where that is not possible, all else runs. */
const prepareConsole = async (say: (message: string) => void): Promise<void> => {
  try {
    const { wasBuilt } = await buildConsole()
    if (wasBuilt) say('Built the console.')
  } catch (error) {
    const [why] = (error as Error).message.split('\n')
    say(`The console could not be built (${why}); npm run build tells more. All else runs.`)
  }
}

const untilStopped = (): Promise<void> =>
  new Promise(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
    process.once('SIGHUP', () => resolve())
    if (!isRunByNpm()) return
    const parent = process.ppid
    setInterval(() => {
      if (process.ppid !== parent) resolve()
    }, ORPHAN_CHECK_MS).unref()
  })
