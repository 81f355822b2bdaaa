import sql, { raw } from 'sql-template-tag'
import { insertSet } from '#core/audit/index.ts'
import { type Ctx, formatReference, parseReference } from '#core/kernel/index.ts'
import { populate } from '#tests/support/population.ts'
import { personWith } from '#tests/support/programs.ts'
import { presented, TOLD } from '../baselines/read.ts'
import { type Product, withProduct } from '../ground/product.ts'
import type { Metrics } from '../kit/index.ts'

const HOUSEHOLDS = 2_000
/** Many short runs in turn: what the machine does besides falls on both sides alike. */
const RUNS = 41
const READS = 150

/**
 * What asking for permission costs: a registrant read through its use case by somebody who may read everywhere, beside
 * the same statement, composed, audited and presented the same way, that asks nobody. One read after another.
 */
export const metrics: Metrics = bench =>
  withProduct(async product => {
    const { db, services } = product
    await populate(db, { households: HOUSEHOLDS, regions: 2, districtsPerRegion: 25, adminUrl: db.adminUrl })
    const reader = personWith('registry-manager')
    const references = await someReferences(product, Math.round(READS * bench.scale))
    const unchecked = uncheckedRead(product)
    let told: unknown[] = []
    let since = '0'
    const readAll = async (read: (ctx: Ctx, reference: string) => Promise<unknown>) => {
      told = []
      for (const reference of references) told.push(await read(reader, reference))
    }
    return [
      await bench.compare({
        name: 'permission check',
        ours: () => readAll(services.registry.get),
        baseline: () => readAll(unchecked),
        prepare: async () => {
          since = (await db.one(sql`SELECT pg_current_xact_id()::text AS xid`))!.xid
        },
        rows: async () => [...told, ...(await auditedSince(product, since))],
        goal: { atMost: 1.05 },
        runs: RUNS,
        warmups: 5,
      }),
    ]
  })

const LOOK = { action: 'registrant.read', subject: { type: 'registrant', id: sql`(SELECT id FROM found)` } }
const SHOWN = sql`
  SELECT id FROM found
  UNION SELECT s.member_id FROM registry.memberships s JOIN found f ON f.id = s.group_id WHERE s.ended_on IS NULL
  UNION SELECT s.group_id FROM registry.memberships s JOIN found f ON f.id = s.member_id WHERE s.ended_on IS NULL`

const uncheckedRead =
  ({ services: { db } }: Product) =>
  async (ctx: Ctx, reference: string) => {
    const kind = reference.startsWith('IN') ? 'individual' : 'group'
    const row = await db.one(sql`
      WITH found AS (
        SELECT r.* FROM registry.registrants r WHERE r.ref = ${parseReference(kind, reference)} AND r.kind = ${kind}
      ), logged AS (${insertSet(ctx, LOOK, SHOWN)}) ${raw(TOLD)}`)
    return row && presented(row)
  }

/** As many households as individuals, in no order. */
const someReferences = async ({ db }: Product, count: number): Promise<string[]> => {
  const rows = await db.query<{ kind: 'group' | 'individual'; ref: string }>(sql`
    SELECT kind, ref FROM (
      SELECT kind, ref, row_number() OVER (PARTITION BY kind ORDER BY ref) AS n FROM registry.registrants) r
    ORDER BY n LIMIT ${count}`)
  return rows.map(({ kind, ref }) => formatReference(kind, ref))
}

const auditedSince = ({ db }: Product, xid: string) =>
  db.query(sql`
    SELECT actor_kind, actor_id, actor_name, action, subject_type, subject_id, items, reason, address
    FROM audit.entries WHERE xid > ${xid}::xid8 ORDER BY subject_id`)
