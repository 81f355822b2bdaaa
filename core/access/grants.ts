import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { type Ids, type Issue, invalid } from '../kernel/index.ts'
import { alone } from './administration.ts'
import { readHolders } from './holders.ts'
import { GrantRecord } from './model.ts'

/** A role with its scope. Left out: everywhere, in all programs. */
export type GrantRequest = { role: string; areaIds?: readonly string[]; programIds?: readonly string[] }
/**
 * A grant as it is shown, its scope by P-codes of areas and codes of programs; left out: everywhere, in all.
 * `source` is `given` by an administrator, or says which groups it follows from.
 */
export type GrantView = { role: string; areas?: string[]; programs?: string[]; source: string }

/** A grant in the words of the audit trail. */
export type GrantState = {
  role: string
  areaIds: readonly string[] | null
  programIds: readonly string[] | null
}

/** What an administrator gives, as against what follows from groups of an identity provider. */
export const GIVEN = 'given'

export type Granting = ReturnType<typeof createGranting>

/** What accounts, of users and of clients alike, are granted. All of it in the caller's unit of work. */
export const createGranting = ({ db, ids }: { db: Db; ids: Ids }) => {
  const { unknownRoles } = readHolders(db)

  /** Refuses roles that do not exist, with pointers into `grants`. They go on existing until the unit of work ends. */
  const requireRoles = async (grants: readonly GrantRequest[]) => {
    await alone(db)
    const unknown = await unknownRoles(grants.map(g => g.role))
    const issues = grants.flatMap(({ role }, i): Issue[] =>
      unknown.includes(role)
        ? [{ pointer: `/grants/${i}/role`, code: 'role', detail: `There is no role ${role}.` }]
        : [],
    )
    if (issues.length > 0) throw invalid(issues, issues[0]!.detail)
  }

  /** Adds grants to an account. */
  const grant = async (holderId: string, grants: readonly GrantRequest[], source = GIVEN): Promise<void> => {
    await requireRoles(grants)
    for (const { role, areaIds, programIds } of grants)
      await GrantRecord.create({
        id: ids.uuid(),
        holder_id: holderId,
        role,
        area_ids: areaIds ?? null,
        program_ids: programIds ?? null,
        source,
      })
  }

  /** The grants of an account from one source, as the audit trail tells of them. */
  const grantsFrom = (holderId: string, source = GIVEN): Promise<GrantState[]> =>
    db.query<GrantState>(sql`
      SELECT role, area_ids AS "areaIds", program_ids AS "programIds" FROM access.grants
      WHERE holder_id = ${holderId} AND source = ${source} ORDER BY role, area_ids, program_ids`)

  return {
    grant,
    grantsFrom,

    /** Puts grants in the place of those that an account has from the same source. Gives both for the audit trail. */
    regrant: async (
      holderId: string,
      grants: readonly GrantRequest[],
      source = GIVEN,
    ): Promise<{ before: GrantState[]; after: GrantState[] }> => {
      const before = await grantsFrom(holderId, source)
      await db.run(sql`DELETE FROM access.grants WHERE holder_id = ${holderId} AND source = ${source}`)
      await grant(holderId, grants, source)
      return { before, after: await grantsFrom(holderId, source) }
    },

    /** The grants of accounts by account, with their scopes as codes. */
    grantsOf: async (holderIds: readonly string[]): Promise<Map<string, GrantView[]>> => {
      const rows = await db.query<GrantRow>(sql`
        SELECT g.holder_id, g.role, g.source,
          CASE WHEN g.area_ids IS NOT NULL THEN
            ARRAY(SELECT a.code FROM areas.areas a WHERE a.id = ANY(g.area_ids) ORDER BY a.code) END AS areas,
          CASE WHEN g.program_ids IS NOT NULL THEN
            ARRAY(SELECT p.code FROM programs.program_codes p WHERE p.id = ANY(g.program_ids) ORDER BY p.code) END AS programs
        FROM access.grants g WHERE g.holder_id = ANY(${[...holderIds]}::uuid[]) ORDER BY g.role, g.id`)
      const shown = new Map<string, GrantView[]>(holderIds.map(id => [id, []]))
      for (const row of rows) shown.get(row.holder_id)!.push(presentGrant(row))
      return shown
    },
  }
}

type GrantRow = {
  holder_id: string
  role: string
  source: string
  areas: string[] | null
  programs: string[] | null
}

const presentGrant = ({ role, areas, programs, source }: GrantRow): GrantView => ({
  role,
  ...(areas ? { areas } : {}),
  ...(programs ? { programs } : {}),
  source,
})
