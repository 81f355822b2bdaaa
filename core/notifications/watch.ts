import sql, { type Sql } from 'sql-template-tag'

/**
 * How many notifications are unread of those accounts that may have others since a transaction `since`, and of whoever has
 * begun to look: a query giving `n` and `unread`, over the watchers `w` (`n`, `account_id`, `is_new`).
 */
export const unreadChanged = (since: string): Sql => sql`
  SELECT w.n, c.unread FROM (
    SELECT a.account_id, (
      SELECT count(*)::int FROM notifications.notifications n
      WHERE n.user_id = a.account_id AND n.read_at IS NULL) AS unread
    FROM (
      SELECT account_id FROM w WHERE is_new
      UNION SELECT n.user_id FROM notifications.notifications n WHERE n.changed >= ${since}::xid8
        AND n.user_id IN (SELECT account_id FROM w)
    ) a
  ) c JOIN w ON w.account_id = c.account_id`
