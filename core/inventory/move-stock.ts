import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { type Ctx, invalidField } from '../kernel/index.ts'
import { itemByCode, locationByCode } from './catalogue.ts'
import type { InventoryDeps } from './index.ts'
import { isOutside, type Move, OUTSIDE, postMove } from './ledger.ts'
import { checkMove } from './rules.ts'

/** What a document says: so many units of an item, by their codes. */
export type Receipt = { location: string; item: string; quantity: bigint; reference: string }
export type Transfer = { from: string; to: string; item: string; quantity: bigint; reference: string }

type Item = { id: string; code: string }

/** Writes a move, and for each place of ours that it touches an audit entry with the stock before and after. */
const record = async (
  deps: InventoryDeps,
  ctx: Ctx,
  action: string,
  item: Item,
  move: Omit<Move, 'itemId'>,
  shown: object = {},
) => {
  await postMove(deps, { ...move, itemId: item.id })
  const field = `stock.${item.code}`
  for (const [locationId, change] of [
    [move.fromId, -move.quantity],
    [move.toId, move.quantity],
  ] as const) {
    if (isOutside(locationId)) continue
    const now = await onHand(deps.db, locationId, item.id)
    await deps.audit.record(ctx, {
      action,
      subject: { type: 'location', id: locationId },
      before: { [field]: now - change || null },
      after: { ...shown, [field]: now || null },
    })
  }
}

const onHand = async (db: InventoryDeps['db'], locationId: string, itemId: string): Promise<bigint> => {
  const row = await db.one<{ quantity: string }>(sql`
    SELECT quantity FROM inventory.balances WHERE location_id = ${locationId} AND item_id = ${itemId}`)
  return BigInt(row!.quantity)
}

/**
 * Takes in what suppliers and donors deliver. A delivery note brings an item to a place once: entering it
 * again is a `conflict` (`already-moved`).
 */
export const receive =
  (deps: InventoryDeps) =>
  async (ctx: Ctx, receipt: Receipt): Promise<Receipt> => {
    requirePermission(ctx, 'inventory:write')
    checkMove(receipt)
    await deps.db.transaction(async () => {
      const to = await locationByCode(deps.db, ctx, 'inventory:write', receipt.location, '/location')
      const item = await itemByCode(deps.db, receipt.item)
      const cause = { kind: 'receipt', reference: receipt.reference } as const
      const move = { fromId: OUTSIDE.source, toId: to.id, quantity: receipt.quantity, cause }
      await record(deps, ctx, 'stock.receive', item, move, receipt)
    })
    return receipt
  }

/**
 * Moves stock between two places that are both within the actor's reach. Throws `rule_violated`
 * (`stock-insufficient`), and `conflict` (`already-moved`) for a waybill entered before.
 */
export const transfer =
  (deps: InventoryDeps) =>
  async (ctx: Ctx, order: Transfer): Promise<Transfer> => {
    requirePermission(ctx, 'inventory:write')
    checkMove(order)
    if (order.from === order.to)
      throw invalidField('/to', 'same', 'Goods are transferred from one place to another.')
    await deps.db.transaction(async () => {
      const from = await locationByCode(deps.db, ctx, 'inventory:write', order.from, '/from')
      const to = await locationByCode(deps.db, ctx, 'inventory:write', order.to, '/to')
      const item = await itemByCode(deps.db, order.item)
      const cause = { kind: 'transfer', reference: order.reference } as const
      const move = { fromId: from.id, toId: to.id, quantity: order.quantity, cause }
      await record(deps, ctx, 'stock.transfer', item, move, order)
    })
    return order
  }

/**
 * Gives goods to people at a service point: for `core/distribution`, in its unit of work. `redemption` is the
 * redemption's reference. Throws `rule_violated` (`stock-insufficient`).
 */
export const handOut =
  (deps: InventoryDeps) =>
  (
    ctx: Ctx,
    handover: { pointId: string; item: Item; quantity: bigint; redemption: string },
  ): Promise<void> => {
    const { pointId, item, quantity, redemption } = handover
    const cause = { kind: 'handover', reference: redemption } as const
    const move = { fromId: pointId, toId: OUTSIDE.people, quantity, cause }
    return deps.db.transaction(() => record(deps, ctx, 'stock.hand-out', item, move, { redemption }))
  }
