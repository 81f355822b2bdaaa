import { requirePermission } from '../access/index.ts'
import { type Ctx, invalidField } from '../kernel/index.ts'
import { itemByCode, locationByCode } from './catalogue.ts'
import type { InventoryDeps } from './index.ts'
import { type Move, OUTSIDE, postMove } from './ledger.ts'
import { checkMove } from './rules.ts'

/** What a document says: so many units of an item, by their codes. */
export type Receipt = { location: string; item: string; quantity: bigint; reference: string }
export type Transfer = { from: string; to: string; item: string; quantity: bigint; reference: string }

const record = async (deps: InventoryDeps, ctx: Ctx, action: string, move: Move, shown: object) => {
  await postMove(deps, move)
  await deps.audit.record(ctx, {
    action,
    subject: { type: 'location', id: move.toId },
    after: { ...shown },
  })
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
      const move = { itemId: item.id, fromId: OUTSIDE.source, toId: to.id, quantity: receipt.quantity, cause }
      await record(deps, ctx, 'stock.receive', move, receipt)
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
      const move = { itemId: item.id, fromId: from.id, toId: to.id, quantity: order.quantity, cause }
      await record(deps, ctx, 'stock.transfer', move, order)
    })
    return order
  }

/**
 * Gives goods to people at a service point: for `core/distribution`, in its unit of work, which also records
 * who did it. `redemption` is the redemption's reference. Throws `rule_violated` (`stock-insufficient`).
 */
export const handOut =
  (deps: InventoryDeps) =>
  (handover: { pointId: string; itemId: string; quantity: bigint; redemption: string }): Promise<void> =>
    deps.db.transaction(() =>
      postMove(deps, {
        itemId: handover.itemId,
        fromId: handover.pointId,
        toId: OUTSIDE.people,
        quantity: handover.quantity,
        cause: { kind: 'handover', reference: handover.redemption },
      }),
    )
