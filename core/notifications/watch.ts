import sql, { type Sql } from 'sql-template-tag'

/**
 * How many notifications are unread of those accounts that may have others since a transaction `since`, and of whoever has
 * begun to look: a query giving `n` and `unread`, over the watchers `w` (`n`, `account_id`, `is_new`).
 */
export const unreadChanged = (since: string): Sql => sql`
  SELECT w.n, ${unreadOf(sql`w.account_id`)} AS unread FROM w WHERE w.is_new
  UNION ALL
  SELECT w.n, c.unread FROM (
    SELECT u.user_id, ${unreadOf(sql`u.user_id`)} AS unread
    FROM (SELECT DISTINCT user_id FROM notifications.notifications WHERE changed >= ${since}::xid8) u
    WHERE u.user_id IN (SELECT account_id FROM w)
  ) c JOIN w ON w.account_id = c.user_id WHERE NOT w.is_new`

const unreadOf = (account: Sql): Sql => sql`(
  SELECT count(*)::int FROM notifications.notifications n WHERE n.user_id = ${account} AND n.read_at IS NULL)`
