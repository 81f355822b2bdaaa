import sql, { empty, type Sql } from 'sql-template-tag'
import { ACTIVE_USERS } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Clock,
  type Ctx,
  decodeCursor,
  invalidField,
  type Page,
  type PageRequest,
  pageOf,
} from '../kernel/index.ts'
import type { Consumer } from '../outbox/index.ts'
import type { News, Notification } from './model.ts'

export type { News, Notification, Told } from './model.ts'
export { unreadChanged } from './watch.ts'

export type Notifications = ReturnType<typeof createNotifications>
/** Which of one's notifications: these, or all that were written up to an instant. One of them, and not both. */
export type Which = { ids?: readonly string[] | undefined; upTo?: Date | undefined }

const KEPT_DAYS = 90

/**
 * What people are told of what concerns them, each their own. It is written after the fact, from the outbox, and says what
 * happened to what in codes; the words are the reader's.
 */
export const createNotifications = ({ db, clock, news }: { db: Db; clock: Clock; news: readonly News[] }) => {
  const write = async (tell: Sql): Promise<void> => {
    await db.run(sql`
      INSERT INTO notifications.notifications (id, user_id, kind, cause, subject_type, subject_name, params, created_at)
      SELECT kernel.uuid7(), t.user_id, t.kind, t.cause, t.subject_type, t.subject_name, t.params, ${clock.now()}
      FROM (SELECT DISTINCT ON (user_id, cause) * FROM (${tell}) t ORDER BY user_id, cause) t
      WHERE t.user_id IN (${ACTIVE_USERS})
      ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING`)
  }

  const settle = async (over: Sql): Promise<void> => {
    await db.run(sql`
      UPDATE notifications.notifications n SET read_at = ${clock.now()}, changed = pg_current_xact_id()
      FROM (${over}) s
      WHERE n.kind = s.kind AND n.subject_name = s.subject_name AND n.read_at IS NULL AND n.user_id <> ALL (s.still)`)
  }

  const unread = async ({ actor }: Ctx): Promise<number> =>
    (await db.one<{ n: number }>(sql`
      SELECT count(*)::int AS n FROM notifications.notifications WHERE user_id = ${actor.id} AND read_at IS NULL`))!
      .n

  return {
    unread,

    /** One's own, newest first, and how many of all are unread. */
    list: async (
      { actor, ...ctx }: Ctx,
      filter: { unread?: boolean | undefined },
      page: PageRequest,
    ): Promise<Page<Notification> & { unread: number }> => {
      const before = page.cursor ? decodeCursor(page.cursor, 1) : undefined
      const rows = await db.query<Notification>(sql`
        SELECT id, kind, jsonb_build_object('type', subject_type, 'reference', subject_name) AS subject, params,
          created_at AS "createdAt", read_at AS "readAt"
        FROM notifications.notifications WHERE user_id = ${actor.id}
          ${filter.unread === undefined ? empty : sql`AND (read_at IS NULL) = ${filter.unread}`}
          ${before ? sql`AND id < ${before[0]}::uuid` : empty}
        ORDER BY id DESC LIMIT ${page.limit + 1}`)
      return { ...pageOf(rows, page.limit, r => [r.id]), unread: await unread({ actor, ...ctx }) }
    },

    /**
     * Counts some of one's own as read; tells how many are left. Another's are no different from those there are not. How
     * far somebody has read is their own affair: it changes nothing that anybody else sees, and is on no trail.
     */
    read: async (ctx: Ctx, { ids, upTo }: Which): Promise<number> => {
      if ((ids === undefined) === (upTo === undefined))
        throw invalidField('', 'one-of', 'Give either ids or upTo.')
      await db.run(sql`
        UPDATE notifications.notifications SET read_at = ${clock.now()}, changed = pg_current_xact_id()
        WHERE user_id = ${ctx.actor.id} AND read_at IS NULL
          AND ${ids ? sql`id = ANY(${[...ids]}::uuid[])` : sql`created_at <= ${upTo}`}`)
      return unread(ctx)
    },

    /** Hear of what happened, and tell those whom it concerns. */
    consumers: news.map(
      ({ types, of }): Consumer => ({
        name: 'notifications',
        types,
        take: async message => {
          const told = await of(message)
          if (told.settle) await settle(told.settle)
          if (told.tell) await write(told.tell)
        },
      }),
    ),

    /** Tells what has become true by time alone. Run every minute, by as many processes as there are. */
    tellByTime: async (): Promise<void> => {
      for (const { byTime } of news) if (byTime) await write(byTime(clock.now()))
    },

    /** Deletes what is older than 90 days, read or not. Run by a schedule. */
    sweep: (): Promise<number> =>
      db.run(sql`
        DELETE FROM notifications.notifications
        WHERE created_at < ${new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000)}`),
  }
}
