import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { dayOf, formatReference, notFound } from '../kernel/index.ts'
import type { ImportRow, ImportView } from './model.ts'

/** The import of a job. It was there when the job was put in the queue. */
export const loadImport = async (db: Db, id: string): Promise<ImportRow> => {
  const row = await db.one<ImportRow>(sql`SELECT * FROM imports.imports WHERE id = ${id}`)
  if (!row) throw notFound('import')
  return row
}

/**
 * An earlier import of a file with the same content that is in the registry, wholly or partly: anybody's, so no more
 * than its reference and day may be told. `null` when there is none.
 */
export const importedBefore = async (
  db: Db,
  im: ImportRow,
): Promise<{ reference: string; on: string } | null> => {
  const row = await db.one<Pick<ImportRow, 'ref' | 'created_at' | 'finished_at'>>(sql`
    SELECT ref, created_at, finished_at FROM imports.imports
    WHERE file_sha256 = ${im.file_sha256} AND id <> ${im.id} AND state IN ('committing', 'paused', 'committed', 'undoing')
    ORDER BY id LIMIT 1`)
  return row
    ? { reference: formatReference('import', row.ref), on: dayOf(row.finished_at ?? row.created_at) }
    : null
}

/** An import as people see it. */
export const present = (im: ImportRow): ImportView => ({
  reference: formatReference('import', im.ref),
  state: im.state,
  file: im.file_id,
  fileName: im.file_name,
  options: im.options,
  mapping: im.mapping,
  found: im.found,
  totals: im.totals,
  job: im.job,
  createdBy: im.created_by_name,
  createdAt: im.created_at,
  finishedAt: im.finished_at,
})
