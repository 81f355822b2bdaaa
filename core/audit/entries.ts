import type { Db } from '../db/index.ts'
import { copiedRows } from './copied-rows.ts'
import { TEXT } from './text.ts'

/** An entry as the verifier takes it: its key, the leaf that is stored, and the text that the leaf must be the hash of. */
export type Entry = { xid: bigint; id: Buffer; leaf: Buffer; text: Buffer }

/** The id of an entry as people write it. */
export const uuidText = (id: Buffer): string =>
  id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/**
 * Entries of the transactions from `from` up to but not with `to`, in order, some at a time: in constant memory,
 * however large they are.
 */
export async function* readEntries(
  db: Db,
  from: string | bigint,
  to: string | bigint,
): AsyncIterable<Entry[]> {
  const range = `e.xid >= '${BigInt(from)}'::xid8 AND e.xid < '${BigInt(to)}'::xid8`
  const bytes = db.copyOut(`
    COPY (SELECT e.xid, e.id, e.leaf, ${TEXT} FROM audit.entries e WHERE ${range} ORDER BY e.xid, e.id)
    TO STDOUT (FORMAT binary)`)
  for await (const rows of copiedRows(bytes))
    yield rows.map(([xid, id, leaf, text]) => ({
      xid: xid!.readBigUInt64BE(),
      id: id!,
      leaf: leaf!,
      text: text!,
    }))
}
