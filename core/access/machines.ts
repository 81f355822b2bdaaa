import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, type Grant, ruleViolated } from '../kernel/index.ts'
import type { GrantRequest } from './grants.ts'
import { identitiesOf } from './hands.ts'
import { ADMINISTERING } from './permissions.ts'
import { isPredefined, ROLES } from './roles.ts'

export type Machines = ReturnType<typeof createMachines>

type RoleRow = { role: string; permissions: string[] | null }

const permissionsOf = ({ role, permissions }: RoleRow): readonly string[] =>
  isPredefined(role) ? ROLES[role]! : (permissions ?? [])

/**
 * What an API client has of what it is granted: the right to administer accounts, roles and providers only as far as
 * everybody behind it holds it everywhere, as a user. Otherwise who may only make clients would make one that may
 * do anything, and with it a user who may.
 */
export const withinReach = async (
  db: Db,
  clientId: string,
  grants: readonly Grant[],
): Promise<readonly Grant[]> => {
  if (!grants.some(g => ADMINISTERING.some(p => g.permissions.has(p)))) return grants
  const { persons } = (await identitiesOf(db)([clientId])).get(clientId)!
  if (persons.includes(clientId)) return grants
  const held = await db.query<RoleRow & { person: string }>(sql`
    SELECT DISTINCT u.person_id AS person, g.role, r.permissions
    FROM access.users u JOIN access.grants g ON g.holder_id = u.id LEFT JOIN access.roles r ON r.code = g.role
    WHERE u.person_id = ANY(${[...persons]}::uuid[]) AND u.status = 'active'
      AND g.area_ids IS NULL AND g.program_ids IS NULL`)
  const holds = (person: string, permission: string) =>
    held.some(h => h.person === person && permissionsOf(h).includes(permission))
  const withheld = new Set<string>(ADMINISTERING.filter(p => !persons.every(person => holds(person, p))))
  return grants.map(g => ({ ...g, permissions: new Set(g.permissions).difference(withheld) }))
}

/** API clients, as what people act through. */
export const createMachines = ({ db, audit }: { db: Db; audit: Audit }) => {
  /**
   * Refuses to an API client behind which there is somebody to give what administers accounts: administrators are made by
   * people who sign in. Throws `rule_violated` (`own-grants`).
   */
  const requireByHandOf = async ({ actor }: Ctx, permissions: readonly string[]): Promise<void> => {
    if (actor.kind !== 'client' || !ADMINISTERING.some(p => permissions.includes(p))) return
    const { persons } = (await identitiesOf(db)([actor.id])).get(actor.id)!
    if (!persons.includes(actor.id))
      throw ruleViolated(
        'own-grants',
        'Who may administer is decided by people, not by API clients of theirs.',
      )
  }

  return {
    requireByHandOf,

    /** The same of what roles give. */
    requireByHand: async (ctx: Ctx, grants: readonly GrantRequest[]): Promise<void> => {
      const roles = await db.query<RoleRow>(sql`
        SELECT g.role, r.permissions FROM unnest(${grants.map(g => g.role)}::text[]) AS g (role)
        LEFT JOIN access.roles r ON r.code = g.role`)
      await requireByHandOf(ctx, roles.flatMap(permissionsOf))
    },

    /** Ends every access token of the clients that a user owns. */
    endTokensOf: async (ctx: Ctx, userId: string): Promise<void> => {
      const ended = await db.query<{ id: string; series: number }>(sql`
        UPDATE access.clients SET token_series = token_series + 1, version = version + 1
        WHERE owner_id = ${userId} RETURNING id, token_series AS series`)
      for (const { id, series } of ended)
        await audit.record(ctx, {
          action: 'client.tokens-revoke',
          subject: { type: 'client', id },
          before: { tokenSeries: series - 1 },
          after: { tokenSeries: series },
        })
    },
  }
}
