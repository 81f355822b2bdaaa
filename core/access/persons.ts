import sql, { type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, ruleViolated } from '../kernel/index.ts'
import { identitiesOf } from './hands.ts'
import type { User } from './model.ts'

export type Persons = ReturnType<typeof createPersons>

/** Who is behind accounts, and whom they report to. */
export const createPersons = ({ db, audit }: { db: Db; audit: Audit }) => {
  const identities = identitiesOf(db)

  /** Everything that counts as the actor's own hand: accounts and persons. */
  const own = async (ctx: Ctx): Promise<readonly string[]> =>
    (await identities([ctx.actor.id])).get(ctx.actor.id)!.all

  /** Whether an account, or a person, is the actor's own, as it is in this unit of work. */
  const isOwn = async (ctx: Ctx, id: string): Promise<boolean> => (await own(ctx)).includes(id)

  /** Makes the users `b` that a condition picks be of a person, each with an entry on the trail and a new version. */
  const move = async (ctx: Ctx, personId: string, which: Sql): Promise<void> => {
    const moved = await db.query<{ id: string; before: string }>(sql`
      UPDATE access.users u SET person_id = ${personId}, version = u.version + 1
      FROM access.users b WHERE b.id = u.id AND ${which} RETURNING u.id, b.person_id AS before`)
    for (const { id, before } of moved)
      await audit.record(ctx, {
        action: 'user.link',
        subject: { type: 'user', id },
        before: { personId: before },
        after: { personId },
      })
  }

  return {
    identitiesOf: identities,
    own,
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
     * Refuses to change what an account (or a person's accounts) may do, when it is the actor's own: whichever of their
     * accounts it is, and by whichever they act. Throws `rule_violated` (`own-grants`).
     */
    requireOther: async (ctx: Ctx, id: string): Promise<void> => {
      if (await isOwn(ctx, id))
        throw ruleViolated(
          'own-grants',
          'Nobody changes what they are granted themselves, nor what another account or API client of theirs is.',
        )
    },

    /**
     * Refuses an email that says who the actor is and was not theirs before: whoever has it one day would be the same
     * person. `holder` is the person who has it. Throws `rule_violated` (`own-person`).
     */
    requireKnown: async (
      ctx: Ctx,
      personId: string,
      email: string | null,
      holder: string | undefined,
    ): Promise<void> => {
      if (email !== null && holder === undefined && (await isOwn(ctx, personId))) throw ownPerson()
    },

    /**
     * Makes persons one: the first of them; the account `but` is left to the caller. Throws `rule_violated` (`own-person`)
     * when one of them is the actor and another is not.
     */
    unite: async (ctx: Ctx, persons: readonly string[], but?: string): Promise<void> => {
      const [personId, ...others] = new Set(persons)
      if (others.length === 0) return
      const mine = await own(ctx)
      if ([personId!, ...others].some(person => mine.includes(person))) throw ownPerson()
      await move(
        ctx,
        personId!,
        sql`b.person_id = ANY(${others}::uuid[]) AND b.id IS DISTINCT FROM ${but ?? null}::uuid`,
      )
    },

    /**
     * The person that an account set apart is. A person is called by one of their users: when that is this one, the others
     * are called by another of theirs.
     */
    apart: async (ctx: Ctx, { id, person_id }: Pick<User, 'id' | 'person_id'>): Promise<string> => {
      const others = sql`b.person_id = ${id} AND b.id <> ${id}`
      const heir = await db.one<{ id: string }>(
        sql`SELECT id FROM access.users b WHERE ${others} ORDER BY id LIMIT 1`,
      )
      if (person_id === id && heir) await move(ctx, heir.id, others)
      return id
    },
  }
}

const ownPerson = () =>
  ruleViolated('own-person', 'Nobody says who they are themselves: another administrator does.')
