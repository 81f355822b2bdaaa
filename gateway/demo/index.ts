import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, createLog } from '../compose.ts'
import type { Config } from '../config.ts'
import { type DemoAccess, demoAccounts } from './accounts.ts'
import { demoIsWanted, loadCountry } from './load.ts'

export type { DemoAccess } from './accounts.ts'
export { importHouseholds } from './load.ts'

/**
 * Loads the demo into an empty database and writes `demo-access.json`. Returns how to get in, or nothing when
 * the database holds something else. A worker must be running: it does the long parts.
 */
export const loadDemo = async (options: {
  config: Config
  url: string
  say: (message: string) => void
}): Promise<DemoAccess | undefined> => {
  const services = compose(options.config, createLog({ logLevel: 'error' }, 'demo'), {
    name: 'demo',
    statementTimeoutMs: 0,
  })
  try {
    const wanted = await demoIsWanted(services)
    if (wanted === 'no') return undefined
    const accounts = await demoAccounts(services)
    const access: DemoAccess = { url: options.url, ...accounts }
    writeFileSync(join(options.config.dataDir, 'demo-access.json'), `${JSON.stringify(access, null, 2)}\n`, {
      mode: 0o600,
    })
    if (wanted === 'load') await loadCountry(services, accounts, options.say)
    return access
  } finally {
    await services.db.close()
  }
}
