import sql, { empty, type Sql } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  conflict,
  formatReference,
  notFound,
  type Page,
  type PageRequest,
  refFromPath,
} from '../kernel/index.ts'
import { cycleByReference } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { naming, referredTo } from './names.ts'
import type { CycleState, EntitlementStatus, Target } from './rules.ts'

/**
 * What somebody is due of one component in a cycle. `amount` and `fulfilled` are minor units of the currency `unit`
 * for cash, units of the item in kind (`unit` is then a code of UN/ECE Recommendation 20).
 */
export type EntitlementView = {
  reference: string
  program: string
  programName: string
  cycle: string
  cycleName: string
  component: string
  kind: 'cash' | 'in_kind'
  item: string | null
  unit: string
  amount: bigint
  fulfilled: bigint
  status: EntitlementStatus
  registrant: string
  /** Null to those who may not see it. */
  registrantName: string | null
  validFrom: string
  validUntil: string
  /** What the amount was worked out from. */
  inputs: Record<string, unknown>
}

/** `q`: the reference of an entitlement or of a registrant. */
export type EntitlementFilter = { status?: EntitlementStatus | undefined; q?: string | undefined }

/** There may be one for everybody: they stand in the order that an index has, in which people were registered. */
const ENTITLEMENTS: Sortable = {
  columns: { registrant: { by: sql`e.registrant_id`, as: 'uuid' } },
  tie: { by: sql`e.id`, as: 'uuid' },
  otherwise: 'registrant',
}

/** An entitlement held for giving on it: nobody else changes it until the unit of work ends. */
export type LockedEntitlement = {
  id: string
  registrantId: string
  areaId: string
  programId: string
  cycleId: string
  cycleState: CycleState
  componentId: string
  kind: 'cash' | 'in_kind'
  item: string | null
  unit: string
  amount: bigint
  fulfilled: bigint
  status: EntitlementStatus
  validFrom: string
  validUntil: string
}

type EntitlementRow = {
  ref: string
  program: string
  program_name: string
  cycle_ref: string
  cycle_name: string
  component: string
  kind: 'cash' | 'in_kind'
  item: string | null
  unit: string
  amount: string
  fulfilled: string
  status: EntitlementStatus
  target: Target
  registrant_id: string
  id: string
  registrant_ref: string
  registrant_name: string | null
  shown?: Record<string, boolean>
  valid_from: string
  valid_until: string
  inputs: Record<string, unknown>
}

const selection = (more: Sql) => sql`
  SELECT e.ref, p.code AS program, p.name AS program_name, c.ref AS cycle_ref, c.name AS cycle_name, k.code AS component, k.kind, k.item,
    coalesce(k.unit, p.currency) AS unit, e.amount, e.fulfilled, e.status, t.kind AS target, t.ref AS registrant_ref,
    e.registrant_id, e.id, c.valid_from, c.valid_until, e.inputs ${more}
  FROM programs.entitlements e
  JOIN programs.cycles c ON c.id = e.cycle_id
  JOIN programs.programs p ON p.id = c.program_id
  JOIN programs.components k ON k.id = e.component_id
  JOIN registry.people t ON t.id = e.registrant_id`

export const readEntitlements = ({ db, audit }: ProgramsDeps) => {
  const inReach = (ctx: Ctx) =>
    visible(ctx, 'entitlement:read', { area: sql`e.area_id`, program: sql`c.program_id` })

  return {
    /** The entitlements of a prepared cycle within reach, in the order in which the registrants were registered unless sorted otherwise. */
    listEntitlements: async (
      ctx: Ctx,
      cycleReference: string,
      filter: EntitlementFilter,
      page: PageRequest,
    ): Promise<Page<EntitlementView>> => {
      const cycle = await cycleByReference(db, ctx, 'entitlement:read', cycleReference)
      if (cycle.state === 'draft') throw conflict('The cycle is not prepared yet.', 'cycle-state')
      const list = sorted(ENTITLEMENTS, page)
      const names = naming(ctx)
      const rows = await db.query<EntitlementRow & SortKey>(sql`
        ${selection(sql`${names.select} ${list.key}`)}
        WHERE e.cycle_id = ${cycle.id} AND ${inReach(ctx)}
          ${filter.status ? sql`AND e.status = ${filter.status}` : empty}
          ${filter.q ? referredTo('entitlement', filter.q) : empty}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items, next } = list.page<EntitlementRow>(rows)
      if (items.length > 0)
        await audit.record(ctx, {
          action: 'entitlement.list',
          subject: { type: 'cycle', id: cycle.id },
          after: { ...filter },
          itemIds: [...new Set(items.map(r => r.registrant_id))],
        })
      return { items: items.map(row => present(row, names.of(row))), next }
    },

    /** One entitlement within reach, of a cycle that is prepared. */
    getEntitlement: async (ctx: Ctx, reference: string): Promise<EntitlementView> => {
      requirePermission(ctx, 'entitlement:read')
      const names = naming(ctx)
      const row = await db.one<EntitlementRow>(sql`
        ${selection(names.select)} WHERE e.ref = ${refFromPath('entitlement', reference)} AND c.state <> 'draft' AND ${inReach(ctx)}`)
      if (!row) throw notFound('entitlement')
      await audit.record(ctx, {
        action: 'entitlement.read',
        subject: { type: 'entitlement', id: row.id },
        itemIds: [row.registrant_id],
      })
      return present(row, names.of(row))
    },

    /**
     * Holds an entitlement that was approved, for whoever gives on it; inside a unit of work. `ref` is the number
     * behind its reference. Undefined when there is none; scope, state and days are the caller's to judge.
     */
    lockEntitlement: async (ref: string): Promise<LockedEntitlement | undefined> => {
      const row = await db.one(sql`
        SELECT e.id, e.registrant_id AS "registrantId", e.area_id AS "areaId", c.program_id AS "programId",
          c.id AS "cycleId", c.state AS "cycleState", k.id AS "componentId", k.kind, k.item,
          coalesce(k.unit, p.currency) AS unit, e.amount, e.fulfilled, e.status,
          c.valid_from AS "validFrom", c.valid_until AS "validUntil"
        FROM programs.entitlements e
        JOIN programs.cycles c ON c.id = e.cycle_id
        JOIN programs.programs p ON p.id = c.program_id
        JOIN programs.components k ON k.id = e.component_id
        WHERE e.ref = ${ref} AND e.status <> 'draft' FOR UPDATE OF e`)
      if (!row) return undefined
      return {
        ...(row as LockedEntitlement),
        amount: BigInt(row.amount as string),
        fulfilled: BigInt(row.fulfilled as string),
      }
    },
  }
}

const present = (r: EntitlementRow, name: string | null): EntitlementView => ({
  reference: formatReference('entitlement', r.ref),
  program: r.program,
  programName: r.program_name,
  cycle: formatReference('cycle', r.cycle_ref),
  cycleName: r.cycle_name,
  component: r.component,
  kind: r.kind,
  item: r.item,
  unit: r.unit,
  amount: BigInt(r.amount),
  fulfilled: BigInt(r.fulfilled),
  status: r.status,
  registrant: formatReference(r.target, r.registrant_ref),
  registrantName: name,
  validFrom: r.valid_from,
  validUntil: r.valid_until,
  inputs: r.inputs,
})
