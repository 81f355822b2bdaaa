import sql, { empty, type Sql } from 'sql-template-tag'
import { andVisible, requirePermission } from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, formatReference, type Page, type PageRequest, refFromPath } from '../kernel/index.ts'
import { naming } from '../programs/index.ts'
import type { DistributionDeps } from './index.ts'

/** A handover as people see it, without who received. `quantity` is in the item's unit. */
export type Redemption = {
  reference: string
  entitlement: string
  program: string
  programName: string
  cycle: string
  cycleName: string
  point: string
  pointName: string
  item: { code: string; name: string; unit: string }
  quantity: bigint
  agent: string
  note: string | null
  receipt: string | null
  redeemedAt: Date
}

/** With whose it was. The name is null to those who may not see it. */
export type ListedRedemption = Redemption & { registrant: string; registrantName: string | null }

/** `since` and `until` are days (UTC), both included. */
export type RedemptionFilter = {
  point?: string
  cycle?: string
  entitlement?: string
  since?: string
  until?: string
}

const id = { by: sql`r.id`, as: 'uuid' } as const
/** There may be one for each entitlement: they stand in the order that an index has. */
const REDEMPTIONS: Sortable = { columns: { redeemedAt: id }, tie: id, otherwise: '-redeemedAt' }

type Row = Omit<Redemption, 'reference' | 'entitlement' | 'cycle' | 'quantity'> & {
  id: string
  registrant_id: string
  ref: string
  entitlement_ref: string
  cycle_ref: string
  quantity: string
}
type WhoseRow = Row & {
  registrant_kind: 'individual' | 'group'
  registrant_ref: string
  registrant_name: string | null
  shown?: Record<string, boolean>
}

const select = (key: Sql = empty) => sql`
  SELECT r.id, r.registrant_id, r.ref, e.ref AS entitlement_ref, e.program_code AS program,
    e.program_name AS "programName", e.cycle_ref, e.cycle_name AS "cycleName", p.code AS point, p.name AS "pointName",
    json_build_object('code', i.code, 'name', i.name, 'unit', i.unit) AS item, r.quantity, r.agent_name AS agent,
    r.note, r.receipt, r.redeemed_at AS "redeemedAt" ${key}
  FROM distribution.redemptions r
  JOIN programs.entitlements_view e ON e.id = r.entitlement_id
  JOIN inventory.points p ON p.id = r.point_id
  JOIN inventory.catalogue i ON i.id = r.item_id
  JOIN registry.people t ON t.id = r.registrant_id`

const present = (row: Row): Redemption => ({
  reference: formatReference('redemption', row.ref),
  entitlement: formatReference('entitlement', row.entitlement_ref),
  program: row.program,
  programName: row.programName,
  cycle: formatReference('cycle', row.cycle_ref),
  cycleName: row.cycleName,
  point: row.point,
  pointName: row.pointName,
  item: row.item,
  quantity: BigInt(row.quantity),
  agent: row.agent,
  note: row.note,
  receipt: row.receipt,
  redeemedAt: row.redeemedAt,
})

/** The redemption that a condition on `r` selects. */
export const redemptionBy = async (
  { db }: Pick<DistributionDeps, 'db'>,
  condition: Sql,
): Promise<Redemption | undefined> => {
  const row = await db.one<Row>(sql`${select()} WHERE ${condition}`)
  return row && present(row)
}

/** Handovers at the points within reach, newest first unless sorted otherwise. */
export const listRedemptions =
  ({ db, audit }: DistributionDeps) =>
  async (ctx: Ctx, filter: RedemptionFilter, page: PageRequest): Promise<Page<ListedRedemption>> => {
    requirePermission(ctx, 'redemption:read')
    const { point, cycle, entitlement, since, until } = filter
    const list = sorted(REDEMPTIONS, page)
    const names = naming(ctx)
    const rows = await db.query<WhoseRow & SortKey>(sql`
      ${select(sql`, t.kind AS registrant_kind, t.ref AS registrant_ref ${names.select} ${list.key}`)} WHERE true ${andVisible(ctx, 'redemption:read', { area: sql`p.area_id`, program: sql`r.program_id` })}
        ${point ? sql`AND p.code = ${point}` : empty}
        ${cycle ? sql`AND e.cycle_ref = ${refFromPath('cycle', cycle)}` : empty}
        ${entitlement ? sql`AND e.ref = ${refFromPath('entitlement', entitlement)}` : empty}
        ${since ? sql`AND r.redeemed_at >= ${since}::date::timestamp AT TIME ZONE 'UTC'` : empty}
        ${until ? sql`AND r.redeemed_at < (${until}::date + 1)::timestamp AT TIME ZONE 'UTC'` : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<WhoseRow>(rows)
    if (items.length > 0)
      await audit.record(ctx, {
        action: 'redemption.list',
        subject: { type: 'redemption', id: null },
        after: { ...filter },
        itemIds: [...new Set(items.map(r => r.registrant_id))],
      })
    return {
      items: items.map(row => ({
        ...present(row),
        registrant: formatReference(row.registrant_kind, row.registrant_ref),
        registrantName: names.of(row),
      })),
      next,
    }
  }
