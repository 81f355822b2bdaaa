import sql, { type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Ctx,
  conflict,
  type Ids,
  type Issue,
  invalid,
  notFound,
  requireVersion,
  ruleViolated,
} from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { alone, keepingAdministrator } from './administration.ts'
import { changesOf } from './changes.ts'
import { createMachines } from './machines.ts'
import { MASKABLE, type Maskable, ROLE_MASKS } from './masks.ts'
import { CustomRole } from './model.ts'
import { PERMISSIONS, type Permission } from './permissions.ts'
import { createPersons } from './persons.ts'
import { isPredefined, ROLE_TEXTS, ROLES } from './roles.ts'
import { requireEverywhere } from './scope.ts'

export type RoleInput = {
  name: string
  description?: string
  permissions: readonly string[]
  masks?: readonly string[]
}
/** `holders`: how many users and API clients have it. A predefined role has no version: it never changes. */
export type RoleView = {
  code: string
  name: string
  description: string
  permissions: Permission[]
  masks: Maskable[]
  predefined: boolean
  holders: number
  version?: number
}
type RoleDeps = { db: Db; ids: Ids; audit: Audit; outbox: Outbox }

/** Roles: the predefined ones, and those that administrators make beside them. */
export const createRoles = (deps: RoleDeps) => {
  const { db, ids, audit, outbox } = deps
  const { own } = createPersons(deps)
  const { requireByHandOf } = createMachines(deps)
  const { holdersOf, list, get } = readRoles(db)

  /** The role as it is, for a change to it that takes what it gives from nobody who is the last, and not from oneself. */
  const change = async (
    ctx: Ctx,
    code: string,
    version: number | undefined,
    work: (role: CustomRole) => Promise<void>,
  ) => {
    requireEverywhere(ctx, 'role:write')
    if (isPredefined(code))
      throw ruleViolated('predefined', 'A predefined role stays as it is. Make a role of your own beside it.')
    await db.transaction(() =>
      keepingAdministrator(db, async () => {
        const role = await CustomRole.findOne({ where: { code }, lock: true })
        if (!role) throw notFound('role')
        requireVersion('role', role.version, version)
        await work(role)
      }),
    )
  }

  /** A role that the actor's person holds, or might by a provider's groups, through whichever account, is not theirs to edit. */
  const requireNotHeld = async (ctx: Ctx, code: string): Promise<void> => {
    const mine = sql`ANY(${[...(await own(ctx))]}::uuid[])`
    const held = await db.one(sql`
      SELECT FROM access.grants WHERE role = ${code} AND holder_id = ${mine}
      UNION ALL
      SELECT FROM access.identities i
      JOIN access.identity_provider_mappings m ON m.provider_id = i.provider_id AND m.role = ${code}
      WHERE i.user_id = ${mine} LIMIT 1`)
    if (held) throw ruleViolated('own-role', 'Nobody changes a role that they hold themselves.')
  }

  return {
    /** Every role there is, the predefined ones first. */
    listRoles: (ctx: Ctx): Promise<RoleView[]> => {
      requireEverywhere(ctx, 'role:read')
      return list()
    },

    getRole: (ctx: Ctx, code: string): Promise<RoleView> => {
      requireEverywhere(ctx, 'role:read')
      return get(code)
    },

    /** Makes a role. Throws `invalid` with every problem, `conflict` (`code-taken`), also for a predefined role's code. */
    createRole: async (ctx: Ctx, input: RoleInput & { code: string }): Promise<RoleView> => {
      requireEverywhere(ctx, 'role:write')
      const { code } = input
      const fields = fieldsOf(input)
      await db.transaction(async () => {
        await alone(db)
        await requireByHandOf(ctx, fields.permissions)
        if (isPredefined(code) || (await CustomRole.findOne({ where: { code } })))
          throw conflict(`There is a role ${code} already.`, 'code-taken')
        const id = ids.uuid()
        await CustomRole.create({ id, code, ...fields })
        await audit.record(ctx, {
          action: 'role.create',
          subject: { type: 'role', id },
          after: { code, ...fields },
        })
      })
      return get(code)
    },

    /**
     * Changes a role, for those who hold it too, while they work. Throws `rule_violated`: `predefined`, `own-role` for
     * one that the actor's person holds, `last-administrator`; `precondition_failed` at another version.
     */
    updateRole: async (ctx: Ctx, code: string, input: RoleInput, version?: number): Promise<RoleView> => {
      await change(ctx, code, version, async role => {
        await requireNotHeld(ctx, code)
        const fields = fieldsOf(input)
        const { name, description, permissions, masks } = role
        const changes = changesOf({ name, description, permissions, masks }, fields)
        if (!changes) return
        await requireByHandOf(ctx, fields.permissions)
        await role.update({ ...fields, version: role.version + 1 })
        await audit.record(ctx, { action: 'role.update', subject: { type: 'role', id: role.id }, ...changes })
        await outbox.publish('role.changed', role.id, { code })
      })
      return get(code)
    },

    /** Removes a role that nobody holds, nor would by a provider's groups. Throws `conflict` (`role-held`). */
    deleteRole: (ctx: Ctx, code: string, version?: number): Promise<void> =>
      change(ctx, code, version, async role => {
        const held = (await holdersOf(sql`role = ${code}`)).get(code) ?? 0
        if (held > 0) throw conflict(`${held} accounts hold this role. Take it from them first.`, 'role-held')
        const mapped = await db.one<{ provider: string }>(sql`
          SELECT p.code AS provider FROM access.identity_provider_mappings m
          JOIN access.identity_providers p ON p.id = m.provider_id WHERE m.role = ${code} LIMIT 1`)
        if (mapped)
          throw conflict(
            `Groups of the identity provider ${mapped.provider} are granted this role.`,
            'role-held',
          )
        const { name, description, permissions, masks } = role
        await role.destroy()
        await audit.record(ctx, {
          action: 'role.delete',
          subject: { type: 'role', id: role.id },
          before: { code, name, description, permissions, masks },
        })
      }),
  }
}

const readRoles = (db: Db) => {
  /** How many accounts hold each role, of the grants that a condition picks. */
  const holdersOf = async (which: Sql): Promise<Map<string, number>> => {
    const rows = await db.query<{ role: string; n: number }>(
      sql`SELECT role, count(DISTINCT holder_id)::int AS n FROM access.grants WHERE ${which} GROUP BY role`,
    )
    return new Map(rows.map(r => [r.role, r.n]))
  }
  const custom = (which: Sql) =>
    db.query<Omit<RoleView, 'predefined' | 'holders'>>(sql`
      SELECT code, name, description, permissions, masks, version FROM access.roles WHERE ${which} ORDER BY code`)

  return {
    holdersOf,
    list: async (): Promise<RoleView[]> => {
      const holders = await holdersOf(sql`true`)
      const made = (await custom(sql`true`)).map(role => ({ ...role, predefined: false }))
      const all = [...Object.keys(ROLES).map(predefined), ...made]
      return all.map(role => ({ ...role, holders: holders.get(role.code) ?? 0 }))
    },
    get: async (code: string): Promise<RoleView> => {
      const [made] = isPredefined(code) ? [] : await custom(sql`code = ${code}`)
      if (!made && !isPredefined(code)) throw notFound('role')
      const role = made ? { ...made, predefined: false } : predefined(code)
      return { ...role, holders: (await holdersOf(sql`role = ${code}`)).get(code) ?? 0 }
    },
  }
}

const predefined = (code: string) => ({
  code,
  ...ROLE_TEXTS[code]!,
  permissions: [...ROLES[code]!],
  masks: [...(ROLE_MASKS[code] ?? [])],
  predefined: true,
})

/** The fields of a role as they are kept: each permission and mask once, in the order of their lists. */
const fieldsOf = ({ name, description = '', permissions, masks = [] }: RoleInput) => {
  const issues = [
    ...unknownOf('/permissions', 'permission', permissions, PERMISSIONS),
    ...unknownOf('/masks', 'mask', masks, MASKABLE),
  ]
  if (issues.length > 0) throw invalid(issues, issues[0]!.detail)
  return {
    name,
    description,
    permissions: PERMISSIONS.filter(p => permissions.includes(p)),
    masks: MASKABLE.filter(m => masks.includes(m)),
  }
}

const unknownOf = (at: string, what: string, given: readonly string[], known: readonly string[]): Issue[] =>
  given.flatMap((value, i) =>
    known.includes(value)
      ? []
      : [{ pointer: `${at}/${i}`, code: what, detail: `There is no ${what} ${value}.` }],
  )
