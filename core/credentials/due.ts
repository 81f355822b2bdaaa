import sql, { empty, type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import { pointsByArea } from '../inventory/index.ts'
import { formatReference } from '../kernel/index.ts'
import type { CredentialBenefit } from '../ports/credential-codec.ts'

/** An approved entitlement as a credential says it. */
export type Due = {
  entitlementId: string
  entitlement: string
  sequence: number
  registrantId: string
  registrantRef: string
  registrantKind: 'group' | 'individual'
  holderName: string
  programId: string
  cycleId: string
  componentId: string
  areaId: string
  /** The service point of the area; null when none serves it: then any point may hand it over. */
  pointId: string | null
  benefit: CredentialBenefit
  validFrom: Date
  validUntil: Date
}

type Row = Omit<Due, 'entitlement' | 'benefit' | 'validFrom' | 'validUntil'> & {
  ref: string
  amount: string
  unit: string | null
  currency: string | null
  first_day: string
  last_day: string
}

const dayStart = (day: string, daysLater = 0) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + daysLater * 86_400_000)

const present = ({ ref, amount, unit, currency, first_day, last_day, ...row }: Row): Due => ({
  ...row,
  entitlement: formatReference('entitlement', ref),
  benefit:
    currency === null ? { quantity: BigInt(amount), unit: unit! } : { minor: BigInt(amount), currency },
  validFrom: dayStart(first_day),
  validUntil: dayStart(last_day, 1),
})

/** The name printed for a group: of who receives for it, else of its head, else its own. */
const recipientName = sql`
  SELECT p.name FROM registry.active_memberships m JOIN registry.people p ON p.id = m.member_id
  WHERE m.group_id = e.registrant_id AND m.roles && '{principal_recipient,head}'
  ORDER BY m.roles @> '{principal_recipient}' DESC LIMIT 1`

/** Approved entitlements, given as a query over `programs.entitlements_view`, as credentials say them. */
const describe = (entitlements: Sql): Sql => sql`
  WITH e AS MATERIALIZED (${entitlements})
  SELECT e.id AS "entitlementId", e.ref, e.sequence, e.registrant_id AS "registrantId",
    r.ref AS "registrantRef", r.kind AS "registrantKind", coalesce((${recipientName}), r.name) AS "holderName",
    e.program_id AS "programId", e.cycle_id AS "cycleId", e.component_id AS "componentId",
    e.area_id AS "areaId", points.point_id AS "pointId", e.amount, e.unit, e.currency,
    e.valid_from AS first_day, e.valid_until AS last_day
  FROM e
  JOIN registry.people r ON r.id = e.registrant_id
  LEFT JOIN (${pointsByArea}) points ON points.area_id = e.area_id
  ORDER BY e.registrant_id, e.component_id, e.sequence`

const neverIssued = sql`
  NOT EXISTS (SELECT 1 FROM credentials.credentials c WHERE c.entitlement_id = e.id)`

/**
 * The next approved entitlements of a cycle that never had a credential, after a given one. They come in the order
 * of the entitlements' unique key; the first of the two conditions on it is the one an index can use.
 */
export const dueAfter = async (
  db: Db,
  cycleId: string,
  after: Due | undefined,
  limit: number,
): Promise<Due[]> => {
  const further = after
    ? sql`AND e.registrant_id >= ${after.registrantId}::uuid
          AND (e.registrant_id, e.component_id, e.sequence)
            > (${after.registrantId}::uuid, ${after.componentId}::uuid, ${after.sequence})`
    : empty
  const rows = await db.query<Row>(
    describe(sql`
      SELECT * FROM programs.entitlements_view e
      WHERE e.cycle_id = ${cycleId} AND e.status = 'approved' AND ${neverIssued} ${further}
      ORDER BY e.registrant_id, e.component_id, e.sequence LIMIT ${limit}`),
  )
  return rows.map(present)
}

/** How many entitlements `dueAfter` will give in all. */
export const countDue = async (db: Db, cycleId: string): Promise<number> => {
  const row = await db.one<{ n: string }>(sql`
    SELECT count(*) AS n FROM programs.entitlements_view e
    WHERE e.cycle_id = ${cycleId} AND e.status = 'approved' AND ${neverIssued}`)
  return Number(row!.n)
}

/** One entitlement, if it is still due. */
export const dueById = async (db: Db, entitlementId: string): Promise<Due | undefined> => {
  const row = await db.one<Row>(
    describe(sql`
      SELECT * FROM programs.entitlements_view e WHERE e.id = ${entitlementId} AND e.status = 'approved'`),
  )
  return row && present(row)
}
