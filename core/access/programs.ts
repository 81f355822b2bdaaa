import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

/** The database ids behind codes of programs: for grants. Unknown codes are left out. */
export const programIdsOf =
  (db: Db) =>
  async (codes: readonly string[]): Promise<Map<string, string>> => {
    const rows = await db.query<{ code: string; id: string }>(
      sql`SELECT code, id FROM programs.program_codes WHERE code = ANY(${[...codes]}::text[])`,
    )
    return new Map(rows.map(r => [r.code, r.id]))
  }
