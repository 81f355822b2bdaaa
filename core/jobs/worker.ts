import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { Logger, run, type WorkerEvents } from 'graphile-worker'
import pg from 'pg'
import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, DomainError, narrowedTo, systemCtx } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import type { Ticket } from './queue.ts'

/** What a handler is given to do its work with. */
export type JobRun = {
  id: string
  /** Acts for whoever asked for the job, with the grants they have now: as of the last checkpoint. */
  readonly ctx: Ctx
  /** Tells how far the work is. Inside a unit of work it commits with it. */
  progress(done: number, total?: number): Promise<void>
  /**
   * Throws `JobCancelled` when somebody asked to stop, and `forbidden` when whoever asked for the job may no longer act.
   * Called between chunks, where stopping is safe.
   */
  checkpoint(): Promise<void>
}

/** Does the work of one kind of job. May be run again from the start after a crash, so it continues, never repeats. */
export type JobHandler = (run: JobRun, payload: Record<string, unknown>) => Promise<unknown>

export class JobCancelled extends Error {}

/** The grants of an actor as they are now; `undefined` when the account is gone or disabled. */
export type ActorNow = (actor: Ticket['actor']) => Promise<Ctx['actor'] | undefined>

export type WorkerOptions = {
  /** A direct connection: LISTEN does not go through a transaction pooler. */
  connectionString: string
  db: Db
  clock: Clock
  /** Hears that a job ended. */
  outbox: Pick<Outbox, 'publish'>
  handlers: Record<string, JobHandler>
  /** Work without a person behind it and without a row in `jobs.jobs` (relay, schedules). */
  tasks?: Record<string, (payload: unknown) => Promise<void>>
  actorNow: ActorNow
  concurrency?: number
  log: { info(o: object, m: string): void; error(o: object, m: string): void }
}

export type Worker = { stop(): Promise<void>; done: Promise<void> }

/**
 * Runs jobs until stopped. Any number of workers share the queue. A worker shows that it is alive by a
 * session of its own: when that is gone, however it died, the others free what it held, at once.
 */
export const startWorker = async (options: WorkerOptions): Promise<Worker> => {
  const { db, log } = options
  const presence = await announce(options.connectionString)
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => {
    presence.add(workerPool.id).catch(error => log.error({ err: error }, 'worker not registered'))
  })
  const runner = await run({
    events,
    connectionString: options.connectionString,
    concurrency: options.concurrency ?? 2,
    noHandleSignals: true,
    noPreparedStatements: true,
    pollInterval: 2_000,
    maxPoolSize: (options.concurrency ?? 2) + 2,
    logger: new Logger(() => (level, message) => level === 'error' && log.error({ worker: true }, message)),
    taskList: { ...tracked(options), ...plain(options) },
  })
  const reaper = setInterval(
    () => void freeDead(db, log).catch(error => log.error({ err: error }, 'reaper')),
    3_000,
  )
  await freeDead(db, log)
  return {
    done: runner.promise,
    stop: async () => {
      clearInterval(reaper)
      await runner.stop()
      await presence.end()
    },
  }
}

const tracked = (options: WorkerOptions) => {
  const { db, clock, handlers, actorNow, log } = options
  return Object.fromEntries(
    Object.entries(handlers).map(([kind, handler]) => [
      kind,
      async (payload: unknown, helpers: { job: { attempts: number; max_attempts: number } }) => {
        const { ticket, ...rest } = payload as { ticket: Ticket } & Record<string, unknown>
        const started = await db.run(sql`
          UPDATE jobs.jobs SET state = 'running', started_at = coalesce(started_at, ${clock.now()})
          WHERE id = ${ticket.jobId} AND state IN ('waiting', 'running')`)
        if (started === 0) return
        try {
          const result = await handler(await jobRun(db, ticket, actorNow), rest)
          await finish(options, ticket.jobId, 'succeeded', result)
        } catch (error) {
          if (error instanceof JobCancelled) return finish(options, ticket.jobId, 'cancelled')
          const last = helpers.job.attempts >= helpers.job.max_attempts
          log.error({ err: error, job: ticket.jobId, kind, last }, 'job failed')
          const expected = error instanceof DomainError && error.code !== 'unavailable'
          if (!expected && !last) throw error
          await finish(options, ticket.jobId, 'failed', undefined, publicMessage(error))
        }
      },
    ]),
  )
}

const jobRun = async (db: Db, ticket: Ticket, actorNow: ActorNow): Promise<JobRun> => {
  const ctxNow = async (): Promise<Ctx> => {
    const { actor: asker, scope, requestId } = ticket
    if (asker.kind === 'system') return systemCtx(asker.name, requestId)
    const actor = await actorNow(asker)
    if (!actor) throw new DomainError('forbidden', 'Whoever asked for this job may no longer act.')
    return { actor: scope ? narrowedTo(actor, scope) : actor, requestId }
  }
  let ctx = await ctxNow()
  return {
    id: ticket.jobId,
    get ctx() {
      return ctx
    },
    progress: async (done, total) => {
      await db.run(
        sql`UPDATE jobs.jobs SET done = ${done}, total = coalesce(${total ?? null}, total) WHERE id = ${ticket.jobId}`,
      )
    },
    checkpoint: async () => {
      const row = await db.one(sql`SELECT cancel_requested FROM jobs.jobs WHERE id = ${ticket.jobId}`)
      if (row?.cancel_requested) throw new JobCancelled()
      ctx = await ctxNow()
    },
  }
}

type Ended = 'succeeded' | 'failed' | 'cancelled'

const finish = (
  { db, clock, outbox }: WorkerOptions,
  id: string,
  state: Ended,
  result?: unknown,
  error?: string,
): Promise<void> =>
  db.transaction(async () => {
    await db.run(sql`
      UPDATE jobs.jobs SET state = ${state}, result = ${result === undefined ? null : JSON.stringify(result)},
        error = ${error ?? null}, finished_at = ${clock.now()}
      WHERE id = ${id}`)
    await outbox.publish(`job.${state}`, id)
  })

const publicMessage = (error: unknown) =>
  error instanceof DomainError
    ? error.message
    : 'An unexpected error stopped the job; it is in the log under this job.'

const plain = ({ tasks = {} }: WorkerOptions) =>
  Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(payload)]))

/**
 * A session whose name is this worker's sign of life, and which of the queue's workers it stands for. Opened
 * again when the database went away and came back.
 */
const announce = async (connectionString: string) => {
  const session = `annona-worker-${randomBytes(6).toString('hex')}`
  const workerIds: string[] = []
  let ending = false
  let client: pg.Client
  const register = () =>
    client.query(
      'INSERT INTO jobs.workers (worker_id, session) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING',
      [workerIds, session],
    )
  const open = async () => {
    client = new pg.Client({ connectionString, application_name: session, keepAlive: true })
    client.on('error', () => {})
    client.once('end', () => {
      if (!ending) reopen()
    })
    await client.connect()
    await register()
  }
  const reopen = () => {
    const again = () => {
      open().catch(() => {
        if (!ending) reopen()
      })
    }
    setTimeout(again, 500).unref()
  }
  await open()
  return {
    add: async (workerId: string) => {
      workerIds.push(workerId)
      await register()
    },
    end: async () => {
      ending = true
      await client.end()
    },
  }
}

/** Frees what workers hold whose session is gone, and what one held that died before it could register. */
const freeDead = async (db: Db, log: WorkerOptions['log']) => {
  const dead = await db.query<{ worker_id: string }>(sql`
    WITH gone AS (
      DELETE FROM jobs.workers w
      WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.application_name = w.session)
      RETURNING worker_id
    )
    SELECT worker_id FROM gone
    UNION
    SELECT locked_by FROM graphile_worker.jobs j
    WHERE locked_at < now() - interval '1 minute'
      AND NOT EXISTS (SELECT 1 FROM jobs.workers w WHERE w.worker_id = j.locked_by)`)
  if (dead.length === 0) return
  await db.query(sql`SELECT graphile_worker.force_unlock_workers(${dead.map(d => d.worker_id)}::text[])`)
  log.info({ workers: dead.length }, 'freed what a dead worker held')
}
