import sql, { empty, type Sql } from 'sql-template-tag'
import { ownOrVisible, type Permission, requirePermission, visible } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Db, type Row, type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Clock,
  type Ctx,
  conflict,
  formatReference,
  type Ids,
  notFound,
  type Page,
  type PageRequest,
  refFromPath,
} from '../kernel/index.ts'

export type JobState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** What a job is about: a thing's type and what it is called outside, its reference or code. */
export type JobSubject = { type: string; reference: string }

/** Long work as people see it. `done` and `total` count rows of whatever the job works on. */
export type Job = {
  reference: string
  kind: string
  /** Null when it is about no one thing. */
  subject: JobSubject | null
  state: JobState
  /** Somebody asked it to stop: it will at its next safe point. */
  cancelRequested: boolean
  done: number
  total: number | null
  result: unknown
  error: string | null
  createdBy: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/** A job as it is for somebody: `cancellable` when they can ask it to stop, now. */
export type JobView = Job & { cancellable: boolean }

/** `mine`: what the actor asked for; without it also what others did, as far as the actor sees it. */
export type JobFilter = { mine?: boolean | undefined; state?: JobState | undefined }

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

const id = { by: sql`id`, as: 'uuid' } as const
const JOBS: Sortable = {
  columns: {
    createdAt: id,
    kind: { by: sql`kind`, as: 'code' },
    state: { by: sql`state`, as: 'code' },
    finishedAt: { by: sql`finished_at`, as: 'instant', optional: true },
  },
  tie: id,
  otherwise: '-createdAt',
}

export type Jobs = ReturnType<typeof createJobs>

export const createJobs = ({ db, ids, clock, audit }: { db: Db; ids: Ids; clock: Clock; audit: Audit }) => {
  const byReference = async (reference: string, reach: Sql = sql`true`, columns: Sql = sql`*`) => {
    const row = await db.one(
      sql`SELECT ${columns} FROM jobs.jobs WHERE ref = ${refFromPath('job', reference)} AND ${reach}`,
    )
    if (!row) throw notFound('job')
    return row
  }

  return {
    /**
     * Puts work in the queue, in the caller's unit of work: it runs once that commits. `payload` is small and
     * holds ids only. Jobs of one `queue` run one after the other. `subject` is what people are told that it is about.
     */
    enqueue: async (
      ctx: Ctx,
      kind: string,
      payload: Record<string, unknown>,
      more: { subjectId?: string; subject?: JobSubject; total?: number; queue?: string } = {},
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
          INSERT INTO jobs.jobs (id, ref, kind, subject_id, subject_type, subject_name, total, created_by, created_by_name,
            created_at)
          VALUES (${id}, ${ref}, ${kind}, ${more.subjectId ?? null}, ${more.subject?.type ?? null},
            ${more.subject?.reference ?? null}, ${more.total ?? null}, ${actorId}, ${name}, ${clock.now()})
        )
        SELECT graphile_worker.add_job(${kind}::text, ${JSON.stringify({ ...payload, ticket })}::json,
          queue_name := ${more.queue ?? null}::text, max_attempts := 10)`)
      return { id, reference: formatReference('job', ref) }
    },

    /** A job, for modules whose work it is: they have decided who may see it. */
    get: async (reference: string): Promise<Job> => jobOf(await byReference(reference)),

    /** A job within the actor's reach. */
    read: async (ctx: Ctx, reference: string): Promise<JobView> => {
      requirePermission(ctx, 'job:read')
      return viewOf(await byReference(reference, within(ctx, 'job:read'), columnsFor(ctx)))
    },

    /** Within the actor's reach, newest first unless sorted otherwise. */
    list: async (ctx: Ctx, page: PageRequest, filter: JobFilter = {}): Promise<Page<JobView>> => {
      requirePermission(ctx, 'job:read')
      const list = sorted(JOBS, page)
      const rows = await db.query<Row & SortKey>(sql`
        SELECT ${columnsFor(ctx)} ${list.key} FROM jobs.jobs WHERE ${within(ctx, 'job:read')}
          ${filter.mine ? sql`AND created_by = ${ctx.actor.id}` : empty}
          ${filter.state === undefined ? empty : sql`AND state = ${filter.state}`}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items, next } = list.page<Row>(rows)
      return { items: items.map(viewOf), next }
    },

    /** Asks a job to stop at its next safe point. What it has already committed stays. */
    cancel: (ctx: Ctx, reference: string): Promise<JobView> =>
      db.transaction(async () => {
        const job = await byReference(reference, within(ctx, 'job:cancel'))
        const row = await db.one(sql`
          UPDATE jobs.jobs SET cancel_requested = true WHERE id = ${job.id} AND state IN ('waiting', 'running')
          RETURNING ${columnsFor(ctx)}`)
        if (!row) throw conflict(`The job is ${job.state} and cannot be cancelled any more.`, 'job-finished')
        await audit.record(ctx, {
          action: 'job.cancel',
          subject: { type: 'job', id: job.id },
          before: { cancelRequested: false },
          after: { cancelRequested: true },
        })
        return viewOf(row)
      }),
  }
}

/** A job is the business of whoever asked for it, and of those who may see every area's and program's. */
const within = (ctx: Ctx, permission: Permission): Sql => ownOrVisible(ctx, permission, sql`created_by`)

/** Over jobs: they go on, and nobody has asked them to stop yet. */
export const isStoppable = sql`(state IN ('waiting', 'running') AND NOT cancel_requested)`

const columnsFor = (ctx: Ctx): Sql => sql`
  *, (${isStoppable} AND ${visible(ctx, 'job:cancel', {})} AND ${within(ctx, 'job:cancel')}) AS cancellable`

/** A job of a row, whose instants and reference may also be text, as they are in JSON. */
const jobOf = (r: Record<string, unknown>): Job => ({
  reference: formatReference('job', String(r.ref)),
  kind: r.kind as string,
  subject:
    r.subject_type === null ? null : { type: r.subject_type as string, reference: r.subject_name as string },
  state: r.state as JobState,
  cancelRequested: r.cancel_requested as boolean,
  done: Number(r.done),
  total: r.total === null ? null : Number(r.total),
  result: r.result,
  error: r.error as string | null,
  createdBy: r.created_by_name as string,
  createdAt: instantOf(r.created_at)!,
  startedAt: instantOf(r.started_at),
  finishedAt: instantOf(r.finished_at),
})

/** The same of a row that also says whether it can be cancelled. */
export const viewOf = (r: Record<string, unknown>): JobView => ({
  ...jobOf(r),
  cancellable: r.cancellable as boolean,
})

const instantOf = (at: unknown): Date | null => (at === null ? null : new Date(at as Date | string))
