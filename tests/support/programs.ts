import sql from 'sql-template-tag'
import { ROLES } from '#core/access/index.ts'
import { createAudit } from '#core/audit/index.ts'
import type { Db } from '#core/db/index.ts'
import { createJobs, type JobRun } from '#core/jobs/index.ts'
import { type Ctx, manualClock, systemIds, uuid7 } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { createLedger } from '#core/ledger/index.ts'
import { createOutbox } from '#core/outbox/index.ts'
import { createPrograms } from '#core/programs/index.ts'
import { approvalsOver } from './approvals.ts'

type Scope = { areaIds?: string[]; programIds?: string[] }
/** A person with one role, everywhere or within a scope. */
export const personWith = (role: string, scope: Scope = {}): Ctx => ({
  actor: {
    kind: 'user',
    id: uuid7(),
    name: role,
    grants: [
      {
        role,
        permissions: new Set<string>(ROLES[role]),
        areaIds: scope.areaIds ?? null,
        programIds: scope.programIds ?? null,
      },
    ],
  },
  requestId: 'test',
})

/**
 * Programs and what they need, over a database: with a clock that stands still, and jobs that wait until `work` runs
 * them in this process, in order, for whoever asked.
 */
export const programsOver = (db: Db, options: { chunk?: number } = {}) => {
  const clock = manualClock('2026-06-15T09:00:00Z')
  const ids = systemIds
  const audit = createAudit({
    db,
    clock,
    keys: createKeys({ db, clock, ids, masterKey: Buffer.alloc(32, 7) }),
  })
  const outbox = createOutbox({ db, ids, clock })
  const queue = createJobs({ db, ids, clock, audit })
  const ledger = createLedger({ db, clock, ids, audit })
  const waiting: { ctx: Ctx; id: string; kind: string; payload: Record<string, unknown> }[] = []
  const jobs: typeof queue = {
    ...queue,
    enqueue: async (ctx, kind, payload, more) => {
      const job = await queue.enqueue(ctx, kind, payload, more)
      waiting.push({ ctx, id: job.id, kind, payload })
      return job
    },
  }
  const { approvals, subjects } = approvalsOver({ db, clock, ids, audit, outbox })
  const programs = createPrograms({
    approvals,
    db,
    clock,
    ids,
    audit,
    outbox,
    jobs,
    ledger,
    ...options,
    attributeDefinitions: () => db.query(sql`SELECT kind, code, type FROM registry.attribute_definitions`),
  })

  subjects.push(programs.approvalSubject)

  /** Runs one waiting job; it stays when it fails. Hooks stand in for what a worker gives to a job. */
  const workOne = async (hooks: Partial<Pick<JobRun, 'checkpoint' | 'progress'>> = {}): Promise<unknown> => {
    const job = waiting[0]
    if (!job) throw new Error('no job is waiting')
    const run: JobRun = {
      id: job.id,
      ctx: job.ctx,
      progress: async () => {},
      checkpoint: async () => {},
      ...hooks,
    }
    const handler = programs.jobHandlers[job.kind as keyof typeof programs.jobHandlers]
    const result = await handler(run, job.payload)
    waiting.shift()
    return result
  }

  return {
    programs,
    approvals,
    /** What can be approved. */
    subjects,
    ledger,
    audit,
    outbox,
    clock,
    workOne,
    /** Runs all waiting jobs and gives their results. */
    work: async (): Promise<unknown[]> => {
      const results: unknown[] = []
      while (waiting.length > 0) results.push(await workOne())
      return results
    },
  }
}
