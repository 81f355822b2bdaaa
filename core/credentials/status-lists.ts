import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

/** Where a credential's status stands. */
export type StatusPlace = { list: number; index: number }

/**
 * Entries of a list: enough that a lookup of one hides whose it is (Bitstring Status List v1.0, section 6.1, at
 * least 131,072).
 */
const ENTRIES = 131_072

type OpenList = { number: number; taken: number; free: number }

const newestList = (db: Db) =>
  db.one<OpenList>(sql`
    SELECT number, taken, cardinality(indices) - taken AS free FROM credentials.status_lists
    ORDER BY number DESC LIMIT 1 FOR UPDATE`)

const startList = (db: Db, number: number) =>
  db.run(sql`
    INSERT INTO credentials.status_lists (number, indices)
    SELECT ${number}, array_agg(i ORDER BY gen_random_uuid()) FROM generate_series(0, ${ENTRIES - 1}) i
    ON CONFLICT DO NOTHING`)

const take = async (db: Db, list: OpenList, count: number): Promise<StatusPlace[]> => {
  const row = await db.one<{ indices: number[] }>(sql`
    UPDATE credentials.status_lists SET taken = taken + ${count} WHERE number = ${list.number}
    RETURNING indices[${list.taken + 1}::int:${list.taken + count}::int] AS indices`)
  return row!.indices.map(index => ({ list: list.number, index }))
}

/**
 * Draws places at random that nobody has, and never gives them to anybody else: those not used in the end are
 * lost, which costs nothing. A new list begins when the newest is full.
 */
export const drawPlaces = (db: Db, count: number): Promise<StatusPlace[]> =>
  db.transaction(async () => {
    const drawn: StatusPlace[] = []
    while (drawn.length < count) {
      const list = await newestList(db)
      if (!list || list.free === 0) await startList(db, (list?.number ?? 0) + 1)
      else drawn.push(...(await take(db, list, Math.min(count - drawn.length, list.free))))
    }
    return drawn
  })
