import sql from 'sql-template-tag'
import { visible } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'
import { cycleByReference } from './find.ts'
import type { ProgramsDeps } from './index.ts'

/** How many entitlements and how much; whole numbers (minor units, or units of the item). */
type Sum = { count: bigint; amount: bigint }

/**
 * How far the giving of one component has come. What was due is `given`, still `open`, or `lapsed` because the cycle
 * ended before; of an entitlement given in part, the rest is open or lapsed.
 */
export type ProgressView = {
  code: string
  kind: 'cash' | 'in_kind'
  unit: string
  due: Sum
  given: Sum
  open: Sum
  lapsed: Sum
}

type Row = Record<
  'due' | 'due_amount' | 'given' | 'given_amount' | 'open' | 'open_amount' | 'lapsed' | 'lapsed_amount',
  string
> &
  Pick<ProgressView, 'code' | 'kind' | 'unit'>

/** What was given of an approved cycle, by component, within the actor's reach. Nothing before it is approved. */
export const readProgress =
  ({ db }: ProgramsDeps) =>
  async (ctx: Ctx, reference: string): Promise<ProgressView[]> => {
    const cycle = await cycleByReference(db, ctx, 'cycle:read', reference)
    const rows = await db.query<Row>(sql`
      SELECT k.code, k.kind, coalesce(k.unit, p.currency) AS unit, s.*
      FROM (
        SELECT component_id, count(*)::text AS due, sum(amount)::text AS due_amount,
          count(*) FILTER (WHERE status = 'fulfilled')::text AS given, sum(fulfilled)::text AS given_amount,
          count(*) FILTER (WHERE status = 'approved')::text AS open,
          coalesce(sum(amount - fulfilled) FILTER (WHERE status = 'approved'), 0)::text AS open_amount,
          count(*) FILTER (WHERE status IN ('cancelled', 'expired'))::text AS lapsed,
          coalesce(sum(amount - fulfilled) FILTER (WHERE status IN ('cancelled', 'expired')), 0)::text AS lapsed_amount
        FROM programs.entitlements
        WHERE cycle_id = ${cycle.id} AND status <> 'draft'
          AND ${visible(ctx, 'cycle:read', { area: sql`area_id`, program: sql`${cycle.program_id}::uuid` })}
        GROUP BY component_id
      ) s
      JOIN programs.components k ON k.id = s.component_id
      JOIN programs.programs p ON p.id = k.program_id
      ORDER BY k.position, k.code`)
    return rows.map(r => ({
      code: r.code,
      kind: r.kind,
      unit: r.unit,
      due: { count: BigInt(r.due), amount: BigInt(r.due_amount) },
      given: { count: BigInt(r.given), amount: BigInt(r.given_amount) },
      open: { count: BigInt(r.open), amount: BigInt(r.open_amount) },
      lapsed: { count: BigInt(r.lapsed), amount: BigInt(r.lapsed_amount) },
    }))
  }
