import sql, { empty } from 'sql-template-tag'
import { andVisible, requirePermission } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, decodeCursor, encodeCursor, type PageRequest } from '../kernel/index.ts'
import type { Things } from '../things/index.ts'

/**
 * That something happened. What it is now is read where it stands, with the permission and the masks for that; so a
 * message gives away nothing but that it happened.
 */
export type MessageView = {
  /** The same when the message is read again. */
  id: string
  /** `resource.happened`. */
  type: string
  occurredAt: Date
  /** What it is about, as it is named outside; null for what has no name there. */
  subject: string | null
  /** The program it belongs to: its code. */
  program: string | null
}

/** `next` is always there: given back later, it gets what happened meanwhile. */
export type Feed = { items: MessageView[]; next: string }

type Row = {
  xid: string
  id: string
  type: string
  subject_id: string
  program_id: string | null
  occurred_at: Date
}

const FIRST = '00000000-0000-0000-0000-000000000000'

export type Messages = ReturnType<typeof createMessages>

/** The messages of the outbox for other systems, which ask for them again and again. */
export const createMessages = ({ db, things }: { db: Db; things: Things }) => {
  /** The oldest transaction that may still write: whatever is older has ended, as for a sealed block of the trail. */
  const horizonNow = async (): Promise<string> =>
    (await db.one<{ xid: string }>(sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid`))!.xid

  const rowsBetween = (
    ctx: Ctx,
    type: string | undefined,
    key: readonly unknown[],
    horizon: string,
    limit: number,
  ) =>
    db.query<Row>(sql`
      SELECT m.xid::text AS xid, m.id, m.type, m.subject_id, m.program_id, m.occurred_at
      FROM outbox.messages m
      WHERE (m.xid, m.id) > (${key[0]}::xid8, ${key[1]}::uuid) AND m.xid < ${horizon}::xid8
        ${type === undefined ? empty : sql`AND starts_with(m.type, ${type})`}
        ${andVisible(ctx, 'message:read', { area: sql`m.area_id`, program: sql`m.program_id` })}
      ORDER BY m.xid, m.id LIMIT ${limit}`)

  return {
    /**
     * Messages within the actor's reach after a cursor, oldest first; what is of no program or area is only for those
     * whose grant is not limited in it. None is ever passed over, however late its transaction commits: the price is
     * that a message waits while an older transaction is still open.
     */
    after: async (ctx: Ctx, filter: { type?: string }, { cursor, limit }: PageRequest): Promise<Feed> => {
      requirePermission(ctx, 'message:read')
      const key = cursor === undefined ? ['0', FIRST] : decodeCursor(cursor, 2)
      const horizon = await horizonNow()
      const rows = await rowsBetween(ctx, filter.type, key, horizon, limit)
      const names = await things.names(rows.flatMap(subjectsOf))
      const last = rows.length < limit ? { xid: horizon, id: FIRST } : rows.at(-1)!
      return {
        items: rows.map(m => ({
          id: m.id,
          type: m.type,
          occurredAt: m.occurred_at,
          subject: names.get(m.subject_id) ?? null,
          program: (m.program_id && names.get(m.program_id)?.slice('program:'.length)) ?? null,
        })),
        next: encodeCursor([last.xid, last.id]),
      }
    },
  }
}

/** What is named of a message: what it is about, and its program. */
const subjectsOf = ({ type, subject_id, program_id }: Row) => [
  { type: type.slice(0, type.indexOf('.')), id: subject_id },
  ...(program_id === null ? [] : [{ type: 'program', id: program_id }]),
]
