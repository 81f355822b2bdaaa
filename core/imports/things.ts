import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** Imports, as the trail and the history know them. */
export const importThings: readonly Thing[] = [
  {
    type: 'import',
    named: ['import'],
    permission: 'import:read',
    born: ['import.start'],
    all: sql`
      SELECT id, ref, NULL::text AS code, 'import' AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id
      FROM imports.imports`,
    state: sql`
      SELECT id, jsonb_build_object('file', file_name, 'sha256', file_sha256, 'state', state, 'options', options) AS state
      FROM imports.imports`,
  },
]
