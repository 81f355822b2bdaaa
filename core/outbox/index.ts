import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'

/** Something that happened, for others to hear. `type` is `resource.happened`, e.g. `cycle.approved`. */
export type Message = {
  id: string
  type: string
  subjectId: string
  payload: Record<string, unknown>
  occurredAt: Date
}

/** Whose readers hear of it: those of a program, of an area. Without both, only those without limits. */
export type MessageScope = { programId?: string; areaId?: string | null }

/** Takes a message. May be called twice with the same id, and then must do nothing the second time. */
export type Consumer = { name: string; types: readonly string[]; take: (message: Message) => Promise<void> }

export type Outbox = ReturnType<typeof createOutbox>

const BATCH = 100

/**
 * The outbox: a message is written in the transaction that makes it true, and relayed afterwards, at least
 * once, in the order of its writing. A relay that dies half way leaves the message pending.
 */
export const createOutbox = ({ db, ids, clock }: { db: Db; ids: Ids; clock: Clock }) => {
  const publish = async (
    type: string,
    subjectId: string,
    payload: Record<string, unknown> = {},
    { programId, areaId }: MessageScope = {},
  ): Promise<void> => {
    await db.run(sql`
      WITH m AS (
        INSERT INTO outbox.messages (id, type, subject_id, payload, program_id, area_id, occurred_at)
        VALUES (${ids.uuid()}, ${type}, ${subjectId}, ${JSON.stringify(payload)}, ${programId ?? null}, ${areaId ?? null},
          ${clock.now()}) RETURNING id
      ), p AS (INSERT INTO outbox.pending (message_id) SELECT id FROM m)
      ${wakeRelay}`)
  }

  /** The same for a set: `rows` is a query giving `subject_id uuid`, `payload jsonb`, `program_id uuid` and `area_id uuid`. */
  const publishSet = async (type: string, rows: Sql): Promise<void> => {
    await db.run(sql`
      WITH m AS (
        INSERT INTO outbox.messages (id, type, subject_id, payload, program_id, area_id, occurred_at)
        SELECT kernel.uuid7(), ${type}, subject_id, payload, program_id, area_id, ${clock.now()} FROM (${rows}) s RETURNING id
      ), p AS (INSERT INTO outbox.pending (message_id) SELECT id FROM m)
      ${wakeRelay}`)
  }

  const relayBatch = (consumers: readonly Consumer[]): Promise<number> =>
    db.transaction(async () => {
      const messages = await db.query<Message>(sql`
        SELECT m.id, m.type, m.subject_id AS "subjectId", m.payload, m.occurred_at AS "occurredAt"
        FROM outbox.pending p JOIN outbox.messages m ON m.id = p.message_id
        ORDER BY m.id LIMIT ${BATCH} FOR UPDATE OF p SKIP LOCKED`)
      for (const message of messages)
        for (const consumer of consumers)
          if (consumer.types.includes(message.type)) await consumer.take(message)
      await db.run(sql`DELETE FROM outbox.pending WHERE message_id = ANY(${messages.map(m => m.id)}::uuid[])`)
      return messages.length
    })

  return {
    /** Writes a message, in the unit of work of what it tells, and wakes the relay when that commits. */
    publish,
    publishSet,
    /** Hands every pending message to the consumers that want its type. Consumers work in the database only. */
    relay: async (consumers: readonly Consumer[]): Promise<number> => {
      let total = 0
      for (let n = BATCH; n === BATCH; total += n) n = await relayBatch(consumers)
      return total
    },
  }
}

/** One waiting relay job is enough, whatever number of messages wake it. */
const wakeRelay: Sql = sql`
  SELECT graphile_worker.add_job('outbox.relay', '{}'::json, job_key := 'outbox.relay')`
