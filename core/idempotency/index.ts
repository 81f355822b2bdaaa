import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, conflict, DomainError, digestOf } from '../kernel/index.ts'

/** An answer as it can be given again. */
export type Answer = { status: number; headers: Record<string, string>; body: unknown }

export type Idempotency = ReturnType<typeof createIdempotency>

const KEPT_HOURS = 48

/**
 * `Idempotency-Key`: the same request with the same key has its effect once and the same answer every time.
 * The answer is stored in the unit of work of the effect, so after a crash either both are there or neither.
 */
export const createIdempotency = ({ db, clock }: { db: Db; clock: Clock }) => ({
  /**
   * Does `work` once. Same key and request: the stored answer, marked replayed. Same key, another request:
   * `invalid`. Same key still being worked on: `conflict`. Failed work is not stored and may be tried again.
   */
  once: (
    ctx: Ctx,
    key: string,
    request: { operation: string; params: unknown; query: unknown; body: unknown },
    work: () => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> => {
    const hash = digestOf(request)
    const lock = digestOf([ctx.actor.id, key]).readBigInt64BE().toString()
    return db.transaction(async () => {
      const mine = await db.one(sql`SELECT pg_try_advisory_xact_lock(${lock}::bigint) AS ok`)
      if (!mine?.ok)
        throw conflict(
          'A request with this Idempotency-Key is being worked on. Try again shortly.',
          'idempotency-in-flight',
        )
      const known = await db.one<{ request_hash: Buffer } & Answer>(sql`
        SELECT request_hash, status, headers, body FROM idempotency.answers
        WHERE actor_id = ${ctx.actor.id} AND key = ${key}`)
      if (known && !known.request_hash.equals(hash))
        throw new DomainError(
          'rule_violated',
          'This Idempotency-Key was used for another request, or what you may do has changed since. Use a new key.',
          {
            rule: 'idempotency-key-reused',
          },
        )
      if (known) return { status: known.status, headers: known.headers, body: known.body, replayed: true }
      const answer = await work()
      await db.run(sql`
        INSERT INTO idempotency.answers (actor_id, key, request_hash, status, headers, body, created_at)
        VALUES (${ctx.actor.id}, ${key}, ${hash}, ${answer.status}, ${JSON.stringify(answer.headers)},
                ${answer.body === undefined ? null : JSON.stringify(answer.body)}, ${clock.now()})`)
      return { ...answer, replayed: false }
    })
  },
  /** Forgets answers after two days. Run by a schedule. */
  sweep: () =>
    db.run(
      sql`DELETE FROM idempotency.answers WHERE created_at < ${new Date(clock.now().getTime() - KEPT_HOURS * 3_600_000)}`,
    ),
})
