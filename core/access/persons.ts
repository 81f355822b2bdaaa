import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Ctx, personOf, ruleViolated } from '../kernel/index.ts'

/** Refuses to change what the actor's own person is granted, through whichever of their accounts. */
export const requireOther = (ctx: Ctx, personId: string): void => {
  if (personOf(ctx.actor) === personId)
    throw ruleViolated(
      'own-grants',
      'Nobody changes what they are granted themselves, nor what another account or API client of theirs is.',
    )
}

/** Who is behind accounts, and whom they report to. */
export const readPersons = (db: Db) => ({
  /**
   * The person behind each of these users and API clients: of a client its owner's, of one without an owner itself.
   * An id that is no account stands for itself.
   */
  personsOf: async (ids: readonly string[]): Promise<Map<string, string>> => {
    const rows = await db.query<{ id: string; person_id: string }>(sql`
      SELECT id, person_id FROM access.users WHERE id = ANY(${[...ids]}::uuid[])
      UNION ALL
      SELECT c.id, coalesce(o.person_id, c.id) FROM access.clients c LEFT JOIN access.users o ON o.id = c.owner_id
      WHERE c.id = ANY(${[...ids]}::uuid[])`)
    const known = new Map(rows.map(r => [r.id, r.person_id]))
    return new Map(ids.map(id => [id, known.get(id) ?? id]))
  },

  /**
   * Whom an account reports to: the user's supervisor, a client's owner's. A supervisor who is disabled, or is the same
   * person, is stood in for by their own. `undefined` when there is nobody.
   */
  supervisorOf: async (
    accountId: string,
  ): Promise<{ id: string; username: string; personId: string } | undefined> =>
    db.one(sql`
      WITH RECURSIVE me AS (
        SELECT id, person_id, supervisor_id FROM access.users
        WHERE id = coalesce((SELECT owner_id FROM access.clients WHERE id = ${accountId}), ${accountId})
      ), above (id, username, person_id, status, supervisor_id, step) AS (
        SELECT u.id, u.username, u.person_id, u.status, u.supervisor_id, 1
        FROM me JOIN access.users u ON u.id = me.supervisor_id
        UNION ALL
        SELECT u.id, u.username, u.person_id, u.status, u.supervisor_id, a.step + 1
        FROM above a JOIN access.users u ON u.id = a.supervisor_id
        WHERE a.step < 20 AND (a.status <> 'active' OR a.person_id = (SELECT person_id FROM me))
      )
      SELECT id, username, person_id AS "personId" FROM above
      WHERE status = 'active' AND person_id <> (SELECT person_id FROM me) ORDER BY step LIMIT 1`),
})
