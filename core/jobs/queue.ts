import sql, { empty, type Sql } from 'sql-template-tag'
import { ownOrVisible, type Permission, requirePermission } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Clock,
  type Ctx,
  conflict,
  decodeCursor,
  formatReference,
  type Ids,
  notFound,
  type Page,
  type PageRequest,
  pageOf,
  refFromPath,
} from '../kernel/index.ts'

export type JobState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Long work as people see it. `done` and `total` count rows of whatever the job works on. */
export type Job = {
  reference: string
  kind: string
  state: JobState
  done: number
  total: number | null
  result: unknown
  error: string | null
  createdBy: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/**
 * What travels with a job: who asked, and for what. Grants are read again when the job runs, and narrowed to the scope
 * of the token that asked. What a provider's groups are granted counts when the sign-in was by it, until it ends.
 */
export type Ticket = {
  jobId: string
  actor: { kind: string; id: string; name: string; signedInBy?: string }
  scope?: readonly string[]
  requestId: string
}

export type Jobs = ReturnType<typeof createJobs>

export const createJobs = ({ db, ids, clock, audit }: { db: Db; ids: Ids; clock: Clock; audit: Audit }) => {
  const byReference = async (reference: string, reach: Sql = sql`true`) => {
    const row = await db.one(
      sql`SELECT * FROM jobs.jobs WHERE ref = ${refFromPath('job', reference)} AND ${reach}`,
    )
    if (!row) throw notFound('job')
    return row
  }

  return {
    /**
     * Puts work in the queue, in the caller's unit of work: it runs once that commits. `payload` is small and
     * holds ids only. Jobs of one `queue` run one after the other.
     */
    enqueue: async (
      ctx: Ctx,
      kind: string,
      payload: Record<string, unknown>,
      more: { subjectId?: string; total?: number; queue?: string } = {},
    ): Promise<{ id: string; reference: string }> => {
      const id = ids.uuid()
      const ref = ids.ref()
      const { kind: actorKind, id: actorId, name, scope, signedInBy } = ctx.actor
      const ticket: Ticket = {
        jobId: id,
        actor: { kind: actorKind, id: actorId, name, ...(signedInBy ? { signedInBy } : {}) },
        ...(scope ? { scope } : {}),
        requestId: ctx.requestId,
      }
      await db.run(sql`
        WITH j AS (
          INSERT INTO jobs.jobs (id, ref, kind, subject_id, total, created_by, created_by_name, created_at)
          VALUES (${id}, ${ref}, ${kind}, ${more.subjectId ?? null}, ${more.total ?? null}, ${actorId}, ${name}, ${clock.now()})
        )
        SELECT graphile_worker.add_job(${kind}::text, ${JSON.stringify({ ...payload, ticket })}::json,
          queue_name := ${more.queue ?? null}::text, max_attempts := 10)`)
      return { id, reference: formatReference('job', ref) }
    },

    /** A job, for modules whose work it is: they have decided who may see it. */
    get: async (reference: string): Promise<Job> => present(await byReference(reference)),

    /** A job within the actor's reach. */
    read: async (ctx: Ctx, reference: string): Promise<Job> => {
      requirePermission(ctx, 'job:read')
      return present(await byReference(reference, within(ctx, 'job:read')))
    },

    /** Within the actor's reach, newest first. */
    list: async (ctx: Ctx, page: PageRequest): Promise<Page<Job>> => {
      requirePermission(ctx, 'job:read')
      const before = page.cursor ? decodeCursor(page.cursor, 1) : undefined
      const rows = await db.query(sql`
        SELECT * FROM jobs.jobs WHERE ${within(ctx, 'job:read')}
          ${before ? sql`AND id < ${before[0]}::uuid` : empty}
        ORDER BY id DESC LIMIT ${page.limit + 1}`)
      const { items, next } = pageOf(rows, page.limit, r => [r.id])
      return { items: items.map(present), next }
    },

    /** Asks a job to stop at its next safe point. What it has already committed stays. */
    cancel: (ctx: Ctx, reference: string): Promise<Job> =>
      db.transaction(async () => {
        const job = await byReference(reference, within(ctx, 'job:cancel'))
        const row = await db.one(sql`
          UPDATE jobs.jobs SET cancel_requested = true WHERE id = ${job.id} AND state IN ('waiting', 'running')
          RETURNING *`)
        if (!row) throw conflict(`The job is ${job.state} and cannot be cancelled any more.`, 'job-finished')
        await audit.record(ctx, {
          action: 'job.cancel',
          subject: { type: 'job', id: job.id },
          before: { cancelRequested: false },
          after: { cancelRequested: true },
        })
        return present(row)
      }),
  }
}

/** A job is the business of whoever asked for it, and of those who may see every area's and program's. */
const within = (ctx: Ctx, permission: Permission): Sql => ownOrVisible(ctx, permission, sql`created_by`)

const present = (r: Record<string, unknown> & { ref?: string }): Job => ({
  reference: formatReference('job', r.ref as string),
  kind: r.kind as string,
  state: r.state as JobState,
  done: Number(r.done),
  total: r.total === null ? null : Number(r.total),
  result: r.result,
  error: r.error as string | null,
  createdBy: r.created_by_name as string,
  createdAt: r.created_at as Date,
  startedAt: r.started_at as Date | null,
  finishedAt: r.finished_at as Date | null,
})
