import sql from 'sql-template-tag'
import type { Db } from '#core/db/index.ts'
import { type Ctx, uuid7 } from '#core/kernel/index.ts'

/**
 * Areas for a test, each `[code, parent's code]`, parents first; the one without a parent is the country.
 * Gives their ids by code.
 */
export const makeAreas = async (
  db: Db,
  areas: readonly (readonly [code: string, parent?: string])[],
): Promise<Record<string, string>> => {
  const made = new Map<string, { id: string; ancestors: string[] }>()
  for (const [code, parentCode] of areas) {
    const parent = parentCode === undefined ? undefined : made.get(parentCode)
    const id = uuid7()
    const ancestors = [...(parent?.ancestors ?? []), id]
    await db.run(sql`
      INSERT INTO areas.areas (id, code, parent_id, level, name)
      VALUES (${id}, ${code}, ${parent?.id ?? null}, ${ancestors.length - 1}, ${code})`)
    await db.run(sql`
      INSERT INTO areas.closure (ancestor_id, area_id) SELECT unnest(${ancestors}::uuid[]), ${id}::uuid`)
    made.set(code, { id, ancestors })
  }
  return Object.fromEntries([...made].map(([code, { id }]) => [code, id]))
}

/** The context of somebody with permissions in some areas' subtrees; without areas, everywhere. */
export const someone = (permissions: readonly string[], areaIds: readonly string[] | null = null): Ctx => ({
  actor: {
    kind: 'user',
    id: uuid7(),
    name: 'somebody',
    grants: [{ permissions: new Set(permissions), areaIds, programIds: null }],
  },
  requestId: 'test',
})
