import sql from 'sql-template-tag'
import { andVisible, requirePermission, requireWholeProgram } from '../access/index.ts'
import type { JobHandler } from '../jobs/index.ts'
import { type Ctx, formatReference, notFound, refFromPath, systemCtx } from '../kernel/index.ts'
import type { Consumer } from '../outbox/index.ts'
import { countDue, type Due, dueAfter } from './due.ts'
import type { CredentialsDeps } from './index.ts'
import { signAll, storeAll, type Unfit } from './issue.ts'

const JOB = 'credentials.issue'
/** Entitlements of one unit of work: seconds of signing, and little to do again after a crash. */
const CHUNK = 2_000
/** How many misfits a job's result names; all of them are counted. */
const NAMED = 100

/** Starts issuing credentials for every approved entitlement of a cycle that never had one. */
export const issueForCycle =
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, cycle: string): Promise<{ reference: string }> => {
    requirePermission(ctx, 'credential:issue')
    return deps.db.transaction(async () => {
      const found = await deps.db.one<{ id: string; ref: string; program_id: string }>(sql`
        SELECT id, ref, program_id FROM programs.cycle_codes
        WHERE ref = ${refFromPath('cycle', cycle)}
          ${andVisible(ctx, 'credential:issue', { program: sql`program_id` })}`)
      if (!found) throw notFound('cycle')
      requireWholeProgram(ctx, 'credential:issue', found.program_id)
      const job = await deps.jobs.enqueue(ctx, JOB, { cycleId: found.id }, aboutCycle(found))
      await deps.audit.record(ctx, {
        action: 'cycle.issue-credentials',
        subject: { type: 'cycle', id: found.id },
        after: { job: job.reference },
      })
      return job
    })
  }

const aboutCycle = ({ id, ref }: { id: string; ref: string }) => ({
  subjectId: id,
  subject: { type: 'cycle', reference: formatReference('cycle', ref) },
  queue: JOB,
})

/**
 * The job. Runs again after a crash or for entitlements that were approved later, and goes on where it was:
 * an entitlement that has, or had, a credential is passed by.
 */
const issueHandler =
  (deps: CredentialsDeps): JobHandler =>
  async (run, payload) => {
    const cycleId = payload.cycleId as string
    const total = await countDue(deps.db, cycleId)
    const unfit: Unfit[] = []
    let issued = 0
    let after: Due | undefined
    for (;;) {
      await run.checkpoint()
      const dues = await dueAfter(deps.db, cycleId, after, CHUNK)
      if (dues.length === 0) break
      requireWholeProgram(run.ctx, 'credential:issue', dues[0]!.programId)
      const batch = await signAll(deps, dues)
      issued += await storeAll(deps, run.ctx, cycleId, batch.signed)
      unfit.push(...batch.unfit)
      after = dues.at(-1)
      await run.progress(issued, total)
    }
    return { issued, unfit: unfit.length, unfitNamed: unfit.slice(0, NAMED) }
  }

export const issueJobHandlers = (deps: CredentialsDeps): Record<string, JobHandler> => ({
  [JOB]: issueHandler(deps),
})

/** An approved cycle gets its credentials. */
export const issueConsumers = ({ db, jobs }: CredentialsDeps): Consumer[] => [
  {
    name: JOB,
    types: ['cycle.approved'],
    take: async message => {
      const cycleId = message.subjectId
      const cycle = await db.one<{ id: string; ref: string }>(
        sql`SELECT id, ref FROM programs.cycle_codes WHERE id = ${cycleId}`,
      )
      await jobs.enqueue(systemCtx('credentials', message.id), JOB, { cycleId }, aboutCycle(cycle!))
    },
  },
]
