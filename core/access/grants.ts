import { type Ids, invalidField } from '../kernel/index.ts'
import { GrantRecord } from './model.ts'
import { ROLES } from './roles.ts'

/** A role with its scope. Left out: everywhere, in all programs. */
export type GrantRequest = { role: string; areaIds?: readonly string[]; programIds?: readonly string[] }

/** Writes the grants of a new account, in its unit of work. */
export const grantTo =
  ({ ids }: { ids: Ids }) =>
  async (holderId: string, grants: readonly GrantRequest[]): Promise<void> => {
    for (const [i, g] of grants.entries()) {
      if (!ROLES[g.role])
        throw invalidField(
          `/grants/${i}/role`,
          'role',
          `There is no role ${g.role}. Roles: ${Object.keys(ROLES).join(', ')}.`,
        )
      await GrantRecord.create({
        id: ids.uuid(),
        holder_id: holderId,
        role: g.role,
        area_ids: g.areaIds ?? null,
        program_ids: g.programIds ?? null,
      })
    }
  }
