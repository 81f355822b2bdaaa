import sql, { empty } from 'sql-template-tag'
import { type Permission, requirePermission, visible } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, formatReference, notFound, refFromPath } from '../kernel/index.ts'
import type { BatchState, Debtor } from './rules.ts'

/** A batch as it stands in its table, with the names of its program and cycle. */
export type BatchRow = {
  id: string
  ref: string
  program_id: string
  cycle_id: string
  fund_id: string
  currency: string
  debtor: Debtor
  remittance: string
  requested_on: string
  retry_of: string | null
  reviewed: string[]
  state: BatchState
  version: number
  filled_up_to: string | null
  filled_at: Date | null
  payments: number
  total: string
  exceptions: number
  job: string | null
  message_id: string
  file_id: string | null
  file_sha256: string | null
  prepared_by: string
  prepared_by_name: string
  prepared_at: Date
  submitted_by: string | null
  submitted_by_name: string | null
  submitted_at: Date | null
  approved_by: string | null
  approved_by_name: string | null
  approved_at: Date | null
  sending_at: Date | null
  sent_at: Date | null
}

/** The batch with a public reference. One of a program outside the actor's reach is not found. */
export const batchByReference = async (
  db: Db,
  ctx: Ctx,
  permission: Permission,
  reference: string,
  lock = false,
): Promise<BatchRow> => {
  requirePermission(ctx, permission)
  const row = await db.one<BatchRow>(sql`
    SELECT * FROM payments.batches
    WHERE ref = ${refFromPath('batch', reference)} AND ${visible(ctx, permission, { program: sql`program_id` })}
    ${lock ? sql`FOR UPDATE` : empty}`)
  if (!row) throw notFound('batch')
  return row
}

/** The batch that a job works on, locked until the end of the unit of work when asked for. */
export const batchById = async (db: Db, id: string, lock = false): Promise<BatchRow> => {
  const row = await db.one<BatchRow>(
    sql`SELECT * FROM payments.batches WHERE id = ${id} ${lock ? sql`FOR UPDATE` : empty}`,
  )
  if (!row) throw notFound('batch')
  return row
}

/** The public text of a batch's number. */
export const batchReference = (ref: string): string => formatReference('batch', ref)
