import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import { createItem, createLocation, listItems, listLocations } from './catalogue.ts'
import { handOut, receive, transfer } from './move-stock.ts'
import { getItem, getLocation, renameItem, renameLocation } from './rename.ts'
import { stock } from './stock.ts'

export type { Item, ItemFilter, Location, LocationFilter, LocationKind, LocationView } from './catalogue.ts'
export type { Receipt, Transfer } from './move-stock.ts'
export { pointsByArea } from './points.ts'
export type { StockLine } from './stock.ts'
export { inventoryThings } from './things.ts'

export type InventoryDeps = { db: Db; clock: Clock; ids: Ids; audit: Audit }
export type Inventory = ReturnType<typeof createInventory>

/** Goods: what there is, where it is, and the ledger of its moves. */
export const createInventory = (deps: InventoryDeps) => ({
  createItem: createItem(deps),
  createLocation: createLocation(deps),
  listItems: listItems(deps),
  listLocations: listLocations(deps),
  getItem: getItem(deps),
  getLocation: getLocation(deps),
  renameItem: renameItem(deps),
  renameLocation: renameLocation(deps),
  receive: receive(deps),
  transfer: transfer(deps),
  handOut: handOut(deps),
  stock: stock(deps),
})
