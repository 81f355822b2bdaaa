import sql from 'sql-template-tag'
import type { ApprovalSubject, Submission } from '../approvals/index.ts'
import type { Db } from '../db/index.ts'
import { digestOf, formatReference } from '../kernel/index.ts'
import type { ImportRow } from './model.ts'

/** What policies can say of an import: counts of rows, as its test found them. */
const FACTS = {
  file: 'string',
  rows: 'int',
  create: 'int',
  update: 'int',
  errors: 'int',
  conflicts: 'int',
} as const

/** A tested import as it is submitted for approval: its file, how it is read, and what the test found. */
export const submissionOf = (im: ImportRow): Submission => {
  const { rows, create, update, errors, conflicts } = im.totals!
  return {
    id: im.id,
    name: formatReference('import', im.ref),
    programId: null,
    areaId: null,
    title: im.file_name,
    facts: { file: im.file_name, rows, create, update, errors, conflicts },
    items: rows,
    digest: contentOf(im),
    makers: [im.created_by],
  }
}

const contentOf = ({ id, file_id, file_sha256, options, mapping, totals }: ImportRow): Buffer =>
  digestOf({ id, file_id, file_sha256, options, mapping, totals })

/**
 * Imports, as they are approved where a policy says so. Nothing happens to one then: whoever commits it is asked whether it
 * was approved as it is.
 */
export const importSubject = ({ db }: { db: Db }): ApprovalSubject => ({
  type: 'import',
  permission: 'import:write',
  required: false,
  facts: FACTS,
  risks: [
    {
      risk: 'rows-left-out',
      means: 'Rows have errors, and would be left out.',
      of: facts => Number(facts.errors) > 0,
    },
  ],
  lock: async ids => {
    await db.query(
      sql`SELECT FROM imports.imports WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`,
    )
  },
  digests: async ids => {
    const rows = await db.query<ImportRow>(
      sql`SELECT * FROM imports.imports WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'tested'`,
    )
    return new Map(rows.map(im => [im.id, contentOf(im)]))
  },
  approved: async () => {},
  rejected: async () => {},
  returned: async () => {},
  withdrawn: async () => {},
})
