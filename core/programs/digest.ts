import sql from 'sql-template-tag'
import { canonicalJson, sha256 } from '../kernel/index.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'

/** What stands in a cycle: `digest` over all of it, how many entitlements, and the cash in minor units. */
export type Content = { digest: Buffer; entitlements: bigint; cash: bigint }

/**
 * Reads whole cycles: of each, SHA-256 over what it was prepared from and every entitlement (who, what, how much, where),
 * in 256 parts, so that no text grows with the cycle. Whatever is changed, added or taken away changes the digest.
 */
export const contentsOf = async (
  { db }: ProgramsDeps,
  cycles: readonly CycleRow[],
): Promise<Map<string, Content>> => {
  const rows = await db.query<{ cycle_id: string; digest: Buffer; n: string; cash: string }>(sql`
    SELECT cycle_id, string_agg(part, ''::bytea ORDER BY bucket) AS digest, sum(n)::text AS n,
      coalesce(sum(cash), 0)::text AS cash
    FROM (
      SELECT cycle_id, bucket, count(*) AS n, sum(amount) FILTER (WHERE is_cash) AS cash,
        sha256(string_agg(uuid_send(id) || uuid_send(registrant_id) || uuid_send(component_id) || int2send(sequence)
          || int8send(amount) || uuid_send(area_id), ''::bytea ORDER BY id)) AS part
      FROM (
        SELECT e.*, get_byte(uuid_send(e.id), 15) AS bucket, k.kind = 'cash' AS is_cash
        FROM programs.entitlements e JOIN programs.components k ON k.id = e.component_id
        WHERE e.cycle_id = ANY(${cycles.map(c => c.id)}::uuid[])
      ) e
      GROUP BY cycle_id, bucket
    ) parts
    GROUP BY cycle_id`)
  const found = new Map(rows.map(r => [r.cycle_id, r]))
  return new Map(
    cycles.map(cycle => {
      const { id, basis, evaluation_date, valid_from, valid_until } = cycle
      const row = found.get(id)
      const head = canonicalJson({ cycle: id, basis, evaluation_date, valid_from, valid_until })
      const digest = sha256(Buffer.concat([sha256(head), row?.digest ?? Buffer.alloc(0)]))
      return [id, { digest, entitlements: BigInt(row?.n ?? 0), cash: BigInt(row?.cash ?? 0) }]
    }),
  )
}
