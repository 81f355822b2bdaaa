import sql, { empty } from 'sql-template-tag'
import { type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db, Row } from '../db/index.ts'
import { type Ctx, decodeCursor, invalidField, notFound, refFromPath } from '../kernel/index.ts'
import type { CycleState, ProgramState, Target } from './rules.ts'

/** A program as it stands in its table. */
export type ProgramRow = {
  id: string
  code: string
  name: string
  target: Target
  currency: string
  fund_id: string | null
  rules: string[]
  state: ProgramState
  version: number
}

/** A component as it stands in its table; also as it is frozen in a cycle's basis. */
export type ComponentRow = {
  id: string
  code: string
  kind: 'cash' | 'in_kind'
  item: string | null
  unit: string | null
  basis: 'fixed' | 'per_member' | 'formula'
  amount: string | null
  maximum: string | null
  formula: string | null
}

/** What a cycle is prepared from, frozen when its preparation was asked for. Whole numbers are text. */
export type CycleBasis = {
  target: Target
  currency: string
  fundId: string | null
  rules: string[]
  components: ComponentRow[]
}

/** A cycle as it stands in its table. */
export type CycleRow = Row & {
  id: string
  ref: string
  program_id: string
  code: string
  state: CycleState
  preparation: number
  basis: CycleBasis | null
}

/** The program with a code. One outside the actor's reach is not found, as if it were not there. */
export const programByCode = async (
  db: Db,
  ctx: Ctx,
  permission: Permission,
  code: string,
  lock = false,
): Promise<ProgramRow> => {
  requirePermission(ctx, permission)
  const row = await db.one<ProgramRow>(sql`
    SELECT id, code, name, target, currency, fund_id, rules, state, version FROM programs.programs
    WHERE code = ${code} AND ${visible(ctx, permission, { program: sql`id` })} ${lock ? sql`FOR UPDATE` : empty}`)
  if (!row) throw notFound('program')
  return row
}

/** The components of a program that are in use, in their order. */
export const componentsOf = (db: Db, programId: string): Promise<ComponentRow[]> =>
  db.query<ComponentRow>(sql`
    SELECT id, code, kind, item, unit, basis, amount::text, maximum::text, formula FROM programs.components
    WHERE program_id = ${programId} AND NOT retired ORDER BY position`)

/** The cycle with a public reference, within the actor's reach. */
export const cycleByReference = async (
  db: Db,
  ctx: Ctx,
  permission: Permission,
  reference: string,
  lock = false,
): Promise<CycleRow> => {
  requirePermission(ctx, permission)
  const row = await db.one<CycleRow>(sql`
    SELECT * FROM programs.cycles
    WHERE ref = ${refFromPath('cycle', reference)} AND ${visible(ctx, permission, { program: sql`program_id` })}
    ${lock ? sql`FOR UPDATE` : empty}`)
  if (!row) throw notFound('cycle')
  return row
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The ids in a cursor. Throws `invalid` for a cursor that holds anything else. */
export const idsFromCursor = (cursor: string, ids: number): string[] => {
  const key = decodeCursor(cursor, ids)
  if (key.every(part => typeof part === 'string' && UUID.test(part))) return key as string[]
  throw invalidField('/cursor', 'cursor', 'The cursor is not one that this list gave out.')
}
