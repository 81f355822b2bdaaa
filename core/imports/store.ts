import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { formatReference, notFound } from '../kernel/index.ts'
import type { ImportRow, ImportView } from './model.ts'

/** The import of a job. It was there when the job was put in the queue. */
export const loadImport = async (db: Db, id: string): Promise<ImportRow> => {
  const row = await db.one<ImportRow>(sql`SELECT * FROM imports.imports WHERE id = ${id}`)
  if (!row) throw notFound('import')
  return row
}

/** An import as people see it. */
export const present = (im: ImportRow): ImportView => ({
  reference: formatReference('import', im.ref),
  state: im.state,
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
