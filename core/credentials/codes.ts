import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

export type CodeKind = 'program' | 'cycle' | 'component' | 'point'
export type Coded = { kind: CodeKind; id: string }
/** The number that stands for something in a credential. */
export type NumberOf = (coded: Coded) => number

const known = async (db: Db, wanted: readonly Coded[]): Promise<Map<string, number>> => {
  const rows = await db.query<{ kind: string; subject_id: string; number: number }>(sql`
    SELECT c.kind, c.subject_id, c.number
    FROM unnest(${wanted.map(w => w.kind)}::text[], ${wanted.map(w => w.id)}::uuid[]) w (kind, id)
    JOIN credentials.codes c ON c.kind = w.kind AND c.subject_id = w.id`)
  return new Map(rows.map(r => [`${r.kind}/${r.subject_id}`, r.number]))
}

/** Numbers are given one after the other, by one transaction at a time. */
const giveNumbers = (db: Db, wanted: readonly Coded[]) =>
  db.transaction(async () => {
    await db.run(sql`LOCK TABLE credentials.codes IN SHARE ROW EXCLUSIVE MODE`)
    await db.run(sql`
      INSERT INTO credentials.codes (kind, number, subject_id)
      SELECT kind, coalesce((SELECT max(c.number) FROM credentials.codes c WHERE c.kind = missing.kind), 0)
                   + row_number() OVER (PARTITION BY kind ORDER BY id), id
      FROM (
        SELECT DISTINCT w.kind, w.id
        FROM unnest(${wanted.map(w => w.kind)}::text[], ${wanted.map(w => w.id)}::uuid[]) w (kind, id)
        WHERE NOT EXISTS (SELECT 1 FROM credentials.codes c WHERE c.kind = w.kind AND c.subject_id = w.id)
      ) missing`)
  })

/** The numbers of things in credentials, given to those that have none yet. */
export const numbersFor = async (db: Db, wanted: readonly Coded[]): Promise<NumberOf> => {
  const key = ({ kind, id }: Coded) => `${kind}/${id}`
  const distinct = [...new Map(wanted.map(w => [key(w), w])).values()]
  let numbers = await known(db, distinct)
  if (numbers.size < distinct.length) {
    await giveNumbers(db, distinct)
    numbers = await known(db, distinct)
  }
  return coded => numbers.get(key(coded))!
}
