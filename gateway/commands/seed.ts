import { parseArgs } from 'node:util'
import { startWorker } from '#core/jobs/index.ts'
import { DomainError, systemCtx } from '#core/kernel/index.ts'
import { compose, createLog } from '../compose.ts'
import { importHouseholds } from '../demo/index.ts'
import { consumersOf, jobHandlersOf, tasksOf } from '../work.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

const MOST = 1_000_000

/** Imports made households through the import that every file goes through. */
export const run: Run = async args => {
  const { values } = parseArgs({
    args,
    options: { households: { type: 'string' }, seed: { type: 'string', default: '2' } },
  })
  const households = whole('--households', values.households, 1, MOST)
  const number = whole('--seed', values.seed, 1, 999)
  const say = (message: string) => void process.stdout.write(message)
  const environment = await prepare(() => {})
  const log = createLog({ logLevel: 'error' }, 'seed')
  const services = compose(environment.config, log, { name: 'seed', statementTimeoutMs: 0 })
  // The work goes on here if no worker runs elsewhere; if one does, they share it.
  const worker = await startWorker({
    connectionString: environment.config.databaseUrl,
    ...services,
    handlers: jobHandlersOf(services),
    tasks: tasksOf(services, consumersOf(services)),
    actorNow: services.access.actorNow,
  })
  try {
    const ctx = systemCtx('seed', `seed-${number}`)
    await importHouseholds(services, ctx, { households, seed: number }, (done, total) =>
      say(`\r${done.toLocaleString('en')} of ${total?.toLocaleString('en') ?? '…'} people `),
    )
    say(`\n${households.toLocaleString('en')} households are in the registry.\n`)
    return 0
  } finally {
    await worker.stop()
    await services.db.close()
    await environment.close()
  }
}

const whole = (name: string, text: string | undefined, min: number, max: number): number => {
  const n = Number(text)
  if (!Number.isInteger(n) || n < min || n > max)
    throw new DomainError(
      'invalid',
      `${name} is a whole number from ${min} to ${max}; it was ${text ?? 'not given'}.`,
    )
  return n
}
