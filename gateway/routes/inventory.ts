import { requirePermission } from '#core/access/index.ts'
import type {
  Inventory,
  Item,
  ItemFilter,
  Location,
  LocationFilter,
  Receipt,
  Transfer,
} from '#core/inventory/index.ts'
import { type Call, created, expectedVersion, ok, page, paging, type Routes } from './kit.ts'

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

/** What is handed out, where it is kept, and how it moves. */
export const inventoryRoutes = ({ inventory }: { inventory: Inventory }): Routes => {
  const itemOf = async ({ ctx, params }: Call) => {
    const item = await inventory.getItem(ctx, params.code!)
    return ok(item, item.version)
  }
  const locationOf = async ({ ctx, params }: Call) => {
    const location = await inventory.getLocation(ctx, params.code!)
    return ok(location, location.version)
  }
  const nameIn = ({ body }: Call) => (body as { name: string }).name
  return {
    listItems: async ({ ctx, query }) =>
      page(await inventory.listItems(ctx, query as ItemFilter, paging(query)), item => item),

    getItem: itemOf,

    updateItem: async call => {
      requirePermission(call.ctx, 'inventory:read')
      await inventory.renameItem(call.ctx, call.params.code!, nameIn(call), expectedVersion(call))
      return itemOf(call)
    },

    createItem: async ({ ctx, body }) =>
      created('/api/v1/items', await inventory.createItem(ctx, body as Item)),

    listLocations: async ({ ctx, query }) =>
      page(await inventory.listLocations(ctx, query as LocationFilter, paging(query)), location => location),

    getLocation: locationOf,

    updateLocation: async call => {
      requirePermission(call.ctx, 'inventory:read')
      await inventory.renameLocation(call.ctx, call.params.code!, nameIn(call), expectedVersion(call))
      return locationOf(call)
    },

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
  }
}
