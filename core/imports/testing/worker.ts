import { approvalsOver } from '#tests/support/approvals.ts'
import { createAreas } from '../../areas/index.ts'
import { createAudit } from '../../audit/index.ts'
import { connect } from '../../db/index.ts'
import { createFiles } from '../../files/index.ts'
import { createJobs, startWorker } from '../../jobs/index.ts'
import { systemClock as clock, systemIds as ids, systemCtx } from '../../kernel/index.ts'
import { createKeys } from '../../keys/index.ts'
import { createOutbox } from '../../outbox/index.ts'
import { createImports } from '../index.ts'

/** A worker of its own process, to be killed: `node worker.ts <database URL>`. */
const url = process.argv[2]!
const db = connect({ url })
const audit = createAudit({ db, keys: createKeys({ db, clock, ids, masterKey: Buffer.alloc(32, 7) }), clock })
const files = createFiles({ db, clock, ids, audit })
const jobs = createJobs({ db, ids, clock, audit })
const outbox = createOutbox({ db, ids, clock })
const areas = createAreas({ db, ids, audit, outbox })
const areasFor = async () => new Map<string, string>()
const attributeDefinitions = async () => []
const { approvals } = approvalsOver({ db, clock, ids, audit, outbox })
const deps = { db, files, jobs, audit, approvals, outbox, clock, ids, areas, areasFor, attributeDefinitions }
const imports = createImports(deps)
await startWorker({
  connectionString: url,
  db,
  clock,
  outbox,
  handlers: imports.handlers,
  actorNow: async () => systemCtx('worker', '').actor,
  log: { info: () => {}, error: o => process.stderr.write(`${JSON.stringify(o)}\n`) },
})
