import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

/** An area, as the trail and the history know it. */
export const areaThing: Thing = {
  type: 'area',
  named: 'code',
  permission: 'area:read',
  born: ['area.create'],
  all: sql`
      SELECT id, NULL::bigint AS ref, code, NULL AS kind, id AS area_id, NULL::uuid AS program_id FROM areas.areas`,
  state: sql`
      SELECT a.id, jsonb_build_object('code', a.code, 'name', a.name, 'level', a.level, 'names', a.names,
        'parent', (SELECT p.code FROM areas.areas p WHERE p.id = a.parent_id)) AS state
      FROM areas.areas a`,
}

export const areaThings: readonly Thing[] = [areaThing]
