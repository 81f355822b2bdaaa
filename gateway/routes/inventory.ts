import type { Inventory, Item, Location, LocationKind, Receipt, Transfer } from '#core/inventory/index.ts'
import { created, page, paging, type Routes } from './kit.ts'

/** A document as JSON has it: quantities are whole numbers, small enough to be exact. */
type Json<T extends { quantity: bigint }> = Omit<T, 'quantity'> & { quantity: number }

const read = <T extends { quantity: bigint }>(body: unknown) => {
  const document = body as Json<T>
  return { ...document, quantity: BigInt(document.quantity) } as unknown as T
}
const present = <T extends { quantity: bigint }>(document: T) => ({
  ...document,
  quantity: Number(document.quantity),
})

export const inventoryRoutes = ({ inventory }: { inventory: Inventory }): Routes => ({
  listItems: async ({ ctx, query }) => page(await inventory.listItems(ctx, paging(query)), item => item),

  createItem: async ({ ctx, body }) =>
    created('/api/v1/items', await inventory.createItem(ctx, body as Item)),

  listLocations: async ({ ctx, query }) =>
    page(
      await inventory.listLocations(ctx, query as { kind?: LocationKind }, paging(query)),
      location => location,
    ),

  createLocation: async ({ ctx, body }) =>
    created('/api/v1/locations', await inventory.createLocation(ctx, body as Location)),

  listStock: async ({ ctx, query }) =>
    page(
      await inventory.stock(ctx, query as { location?: string; item?: string }, paging(query)),
      ({ onHand, ...line }) => ({ ...line, onHand: Number(onHand) }),
    ),

  receiveStock: async ({ ctx, body }) =>
    created('/api/v1/stock', present(await inventory.receive(ctx, read<Receipt>(body)))),

  transferStock: async ({ ctx, body }) =>
    created('/api/v1/stock', present(await inventory.transfer(ctx, read<Transfer>(body)))),
})
