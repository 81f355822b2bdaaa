import sql from 'sql-template-tag'
import { type Db, violated } from '../db/index.ts'
import { type Clock, conflict, type Ids, ruleViolated } from '../kernel/index.ts'

/** The places outside every warehouse, as the first migration makes them. Their balances are not kept. */
export const OUTSIDE = {
  source: '00000000-0000-7000-8000-000000000001',
  people: '00000000-0000-7000-8000-000000000002',
  loss: '00000000-0000-7000-8000-000000000003',
  adjustment: '00000000-0000-7000-8000-000000000004',
} as const
const VIRTUAL = new Set<string>(Object.values(OUTSIDE))
/** Whether a place is one of those. */
export const isOutside = (locationId: string): boolean => VIRTUAL.has(locationId)

/** A quantity of an item from one location to another. `cause` is the document behind it and counts once. */
export type Move = {
  itemId: string
  fromId: string
  toId: string
  quantity: bigint
  cause: { kind: 'receipt' | 'transfer' | 'handover'; reference: string }
}

/**
 * Writes a move and changes both balances, in the caller's unit of work. Throws `rule_violated`
 * (`stock-insufficient`) when there is not enough, and `conflict` (`already-moved`) for a cause seen before.
 */
export const postMove = async (deps: { db: Db; ids: Ids; clock: Clock }, move: Move): Promise<void> => {
  const { db, ids, clock } = deps
  await db
    .run(sql`
      INSERT INTO inventory.moves (id, item_id, from_id, to_id, quantity, cause_kind, cause, moved_at)
      VALUES (${ids.uuid()}, ${move.itemId}, ${move.fromId}, ${move.toId}, ${move.quantity},
              ${move.cause.kind}, ${move.cause.reference}, ${clock.now()})`)
    .catch(error => {
      if (violated(error) !== 'moves_once') throw error
      throw conflict(`${move.cause.reference} was entered already for this item.`, 'already-moved')
    })
  const sides = [
    { locationId: move.fromId, apply: take },
    { locationId: move.toId, apply: put },
  ].filter(side => !isOutside(side.locationId))
  // In one order, whichever way the goods go: two opposite transfers never wait for each other.
  sides.sort((a, b) => (a.locationId < b.locationId ? -1 : 1))
  for (const { locationId, apply } of sides) await apply(db, locationId, move)
}

const take = async (db: Db, locationId: string, { itemId, quantity }: Move) => {
  const taken = await db.run(sql`
    UPDATE inventory.balances SET quantity = quantity - ${quantity}
    WHERE location_id = ${locationId} AND item_id = ${itemId} AND quantity >= ${quantity}`)
  if (taken === 1) return
  const there = await db.one<{ quantity: string }>(sql`
    SELECT quantity FROM inventory.balances WHERE location_id = ${locationId} AND item_id = ${itemId}`)
  throw ruleViolated(
    'stock-insufficient',
    `There is not enough in stock: ${there?.quantity ?? 0} on hand, ${quantity} needed.`,
  )
}

const put = (db: Db, locationId: string, { itemId, quantity }: Move) =>
  db.run(sql`
    INSERT INTO inventory.balances AS b (location_id, item_id, quantity) VALUES (${locationId}, ${itemId}, ${quantity})
    ON CONFLICT (location_id, item_id) DO UPDATE SET quantity = b.quantity + excluded.quantity`)
