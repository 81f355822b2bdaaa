import sql from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import { type Ctx, changesOf, invalidField, notFound, requireVersion } from '../kernel/index.ts'
import type { AreasDeps } from './index.ts'

/** What is left out stays. `names` takes the place of all names in further languages, by language tag. */
export type AreaChange = { name?: string; names?: Record<string, string> }

type Row = { id: string; version: number; name: string; names: Record<string, string> }

/**
 * Gives an area other names, at the `version` that was read (any, when left out). Throws `invalid` at `/name`,
 * `not_found`, `precondition_failed`.
 */
export const renameArea =
  ({ db, audit, outbox }: AreasDeps) =>
  async (ctx: Ctx, code: string, change: AreaChange, version?: number): Promise<void> => {
    requireEverywhere(ctx, 'area:write')
    await db.transaction(async () => {
      const row = await db.one<Row>(
        sql`SELECT id, version, name, names FROM areas.areas WHERE code = ${code} FOR UPDATE`,
      )
      if (!row) throw notFound('area')
      requireVersion('area', row.version, version)
      const { id, name, names } = row
      const wanted = { name: change.name?.trim() ?? name, names: change.names ?? names }
      if (wanted.name === '') throw invalidField('/name', 'required', 'An area has a name.')
      const changes = changesOf({ name, names }, wanted)
      if (Object.keys(changes.after).length === 0) return
      await db.run(sql`
        UPDATE areas.areas SET name = ${wanted.name}, names = ${JSON.stringify(wanted.names)}, version = version + 1
        WHERE id = ${id}`)
      await audit.record(ctx, { action: 'area.rename', subject: { type: 'area', id }, ...changes })
      await outbox.publish('area.renamed', id, { code }, { areaId: id })
    })
  }
