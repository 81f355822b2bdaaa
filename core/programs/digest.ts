import sql from 'sql-template-tag'
import { canonicalJson, sha256 } from '../kernel/index.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'

/** What stands in a cycle: `digest` over all of it, how many entitlements, and the cash in minor units. */
export type Content = { digest: Buffer; entitlements: bigint; cash: bigint }

/**
 * Reads a whole cycle: SHA-256 over what it was prepared from and every entitlement (who, what, how much, where),
 * in 256 parts, so that no text grows with the cycle. Whatever is changed, added or taken away changes the digest.
 */
export const contentOf = async ({ db }: ProgramsDeps, cycle: CycleRow): Promise<Content> => {
  const { basis, evaluation_date, valid_from, valid_until } = cycle
  const cash = basis!.components.filter(c => c.kind === 'cash').map(c => c.id)
  const row = (await db.one<{ digest: Buffer | null; n: string; cash: string }>(sql`
    SELECT string_agg(part, ''::bytea ORDER BY bucket) AS digest, coalesce(sum(n), 0)::text AS n,
      coalesce(sum(cash), 0)::text AS cash
    FROM (
      SELECT bucket, count(*) AS n, sum(amount) FILTER (WHERE component_id = ANY(${cash}::uuid[])) AS cash,
        sha256(string_agg(uuid_send(id) || uuid_send(registrant_id) || uuid_send(component_id) || int2send(sequence)
          || int8send(amount) || uuid_send(area_id), ''::bytea ORDER BY id)) AS part
      FROM (SELECT *, get_byte(uuid_send(id), 15) AS bucket FROM programs.entitlements WHERE cycle_id = ${cycle.id}) e
      GROUP BY bucket
    ) parts`))!
  const head = canonicalJson({ cycle: cycle.id, basis, evaluation_date, valid_from, valid_until })
  const digest = sha256(Buffer.concat([sha256(head), row.digest ?? Buffer.alloc(0)]))
  return { digest, entitlements: BigInt(row.n), cash: BigInt(row.cash) }
}
