import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { FOUR_EYES, type Permission } from './permissions.ts'
import { isPredefined, ROLES } from './roles.ts'

/** Both sides of a decision in one pair of hands. Not refused: whether nobody checks their own work is seen each time. */
export type Separation = { rule: 'separation-of-duties'; permissions: Permission[]; detail: string }

type Held = { permissions: readonly string[]; programIds: readonly string[] | null }

/** Which two sides of a four-eyes decision somebody holds for the same program, over all of these accounts of theirs. */
export const separationsOf = async (db: Db, accountIds: readonly string[]): Promise<Separation[]> => {
  const rows = await db.query<{
    role: string
    program_ids: string[] | null
    permissions: string[] | null
  }>(sql`
    SELECT g.role, g.program_ids, r.permissions
    FROM access.grants g LEFT JOIN access.roles r ON r.code = g.role
    WHERE g.holder_id = ANY(${[...accountIds]}::uuid[])`)
  const held = rows.map(
    (row): Held => ({
      permissions: isPredefined(row.role) ? ROLES[row.role]! : (row.permissions ?? []),
      programIds: row.program_ids,
    }),
  )
  const holding = (permission: Permission) => held.filter(h => h.permissions.includes(permission))
  return FOUR_EYES.filter(([maker, checker]) =>
    holding(maker).some(m => holding(checker).some(c => overlap(m.programIds, c.programIds))),
  ).map(([maker, checker]) => ({
    rule: 'separation-of-duties',
    permissions: [maker, checker],
    detail: `The same person may ${maker} and ${checker}. What they made themselves, somebody else must check.`,
  }))
}

const overlap = (a: Held['programIds'], b: Held['programIds']): boolean =>
  a === null || b === null || a.some(id => b.includes(id))
