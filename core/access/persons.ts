import sql, { type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, ruleViolated } from '../kernel/index.ts'

/** The accounts of a person: a query giving `id`. An API client is its owner's, without one its own person. */
export const accountsOf = (personId: string): Sql => sql`
  SELECT u.id FROM access.users u WHERE u.person_id = ${personId}
  UNION ALL
  SELECT c.id FROM access.clients c LEFT JOIN access.users o ON o.id = c.owner_id
  WHERE coalesce(o.person_id, c.id) = ${personId}`

export type Persons = ReturnType<typeof createPersons>

/** Who is behind accounts, and whom they report to. */
export const createPersons = ({ db, audit }: { db: Db; audit: Audit }) => {
  /**
   * The person behind each of these users and API clients: of a client its owner, else the user who made it and was
   * shown its secret, else itself. An id that is no account stands for itself.
   */
  const personsOf = async (ids: readonly string[]): Promise<Map<string, string>> => {
    const rows = await db.query<{ id: string; person_id: string }>(sql`
      SELECT id, person_id FROM access.users WHERE id = ANY(${[...ids]}::uuid[])
      UNION ALL
      SELECT c.id, coalesce(o.person_id, c.id) FROM access.clients c
      LEFT JOIN access.users o ON o.id = coalesce(c.owner_id, c.maker_id)
      WHERE c.id = ANY(${[...ids]}::uuid[])`)
    const known = new Map(rows.map(r => [r.id, r.person_id]))
    return new Map(ids.map(id => [id, known.get(id) ?? id]))
  }

  /** Whether the actor is this person, as it is in this unit of work. */
  const isOwn = async (ctx: Ctx, personId: string): Promise<boolean> =>
    (await personsOf([ctx.actor.id])).get(ctx.actor.id) === personId

  return {
    personsOf,
    isOwn,

    /**
     * Whom an account reports to: the user's supervisor, a client's owner's. A supervisor who is disabled, or is the
     * same person, is stood in for by their own. `undefined` when there is nobody.
     */
    supervisorOf: async (
      accountId: string,
    ): Promise<{ id: string; username: string; personId: string } | undefined> =>
      db.one(sql`
        WITH RECURSIVE me AS (
          SELECT person_id, supervisor_id FROM access.users
          WHERE id = coalesce((SELECT owner_id FROM access.clients WHERE id = ${accountId}), ${accountId})
        ), above AS (
          SELECT u.id, u.username, u.person_id, u.status, u.supervisor_id, 1 AS step
          FROM me JOIN access.users u ON u.id = me.supervisor_id
          UNION ALL
          SELECT u.id, u.username, u.person_id, u.status, u.supervisor_id, a.step + 1
          FROM above a JOIN access.users u ON u.id = a.supervisor_id
          WHERE a.step < 20 AND (a.status <> 'active' OR a.person_id = (SELECT person_id FROM me))
        )
        SELECT id, username, person_id AS "personId" FROM above
        WHERE status = 'active' AND person_id <> (SELECT person_id FROM me) ORDER BY step LIMIT 1`),

    /**
     * Refuses to change what the actor's own person is granted, through whichever of their accounts. Throws
     * `rule_violated` (`own-grants`).
     */
    requireOther: async (ctx: Ctx, personId: string): Promise<void> => {
      if (await isOwn(ctx, personId))
        throw ruleViolated(
          'own-grants',
          'Nobody changes what they are granted themselves, nor what another account or API client of theirs is.',
        )
    },

    /**
     * Makes persons one: the first of them. Each account that is now of another person has an entry of its own on the
     * trail, and a new version; the account `but` is left to the caller.
     */
    unite: async (ctx: Ctx, [personId, ...others]: readonly string[], but?: string): Promise<void> => {
      const moved = await db.query<{ id: string; before: string }>(sql`
        UPDATE access.users u SET person_id = ${personId}, version = u.version + 1
        FROM access.users b
        WHERE b.id = u.id AND b.person_id = ANY(${others.filter(o => o !== personId)}::uuid[])
          AND b.id IS DISTINCT FROM ${but ?? null}::uuid
        RETURNING u.id, b.person_id AS before`)
      for (const { id, before } of moved)
        await audit.record(ctx, {
          action: 'user.link',
          subject: { type: 'user', id },
          before: { personId: before },
          after: { personId },
        })
    },
  }
}
