import sql, { type Sql } from 'sql-template-tag'
import { GIVEN } from './grants.ts'
import { holds } from './holders.ts'
import type { Permission } from './permissions.ts'

/** The grants `g` that count for the watcher `w`, with the roles `r` that administrators made. */
const GRANTS = sql`
  access.grants g LEFT JOIN access.roles r ON r.code = g.role
  WHERE g.holder_id = w.account_id
    AND (g.source = ${GIVEN} OR (g.source = w.signed_in_by AND g.expires_at > now()))`

/** Over watchers `w`: they hold a permission at this moment, within whatever limits, and came with it. */
export const watcherHolds = (permission: Permission): Sql => sql`
  ((w.scope IS NULL OR ${permission}::text = ANY(w.scope)) AND EXISTS (SELECT FROM ${GRANTS} AND ${holds({ permission })}))`

/**
 * Over watchers `w`: whether what each came by still counts, at this moment, and what they are granted, as a digest. A
 * query giving `n`, `stands boolean` and `digest text`, of those for whom either is not as it was known. `lasts` says it of
 * a sign-in `s`.
 */
export const standingChanged = (lasts: Sql, now: Date): Sql => sql`
  SELECT * FROM (
    SELECT w.n, w.digest AS known,
      CASE WHEN w.session_id IS NULL THEN ${tokenStands(now)} ELSE EXISTS (
        SELECT FROM access.sessions s JOIN access.users u ON u.id = s.user_id
        WHERE s.id = w.session_id AND u.status = 'active' AND ${lasts}) END AS stands,
      (SELECT md5(coalesce(jsonb_agg(jsonb_build_array(g.role, g.area_ids, g.program_ids, r.permissions, r.masks)
        ORDER BY g.role, g.area_ids, g.program_ids), '[]')::text) FROM ${GRANTS}) AS digest
    FROM w
  ) x WHERE NOT x.stands OR x.digest IS DISTINCT FROM x.known`

const tokenStands = (now: Date): Sql => sql`
  (w.expires_at > ${now} AND NOT EXISTS (SELECT FROM access.revoked_tokens t WHERE t.jti = w.jti) AND EXISTS (
    SELECT FROM access.clients c LEFT JOIN access.users o ON o.id = c.owner_id
    WHERE c.id = w.account_id AND c.status = 'active' AND c.token_series = w.series
      AND (o.status = 'active' OR c.owner_id IS NULL)))`
