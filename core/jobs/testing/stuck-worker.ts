import { connect } from '../../db/index.ts'
import { systemClock, systemCtx } from '../../kernel/index.ts'
import { startWorker } from '../index.ts'

/** A worker that takes a job, says so, and never finishes: to be killed by the test. */
const url = process.argv[2]!
await startWorker({
  connectionString: url,
  db: connect({ url }),
  clock: systemClock,
  outbox: { publish: async () => {} },
  handlers: {
    'test.stuck': async () => {
      process.stdout.write('taken\n')
      await new Promise(() => {})
    },
  },
  actorNow: async () => systemCtx('test', 'test').actor,
  log: { info: () => {}, error: () => {} },
})
