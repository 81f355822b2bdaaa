import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { attributeDefinitions, defineAttribute } from './attributes.ts'
import { findRegistrants } from './find.ts'
import { getRegistrant } from './get.ts'

export type { AttributeDefinition } from './attributes.ts'
export {
  addIdentifiers,
  type BulkSource,
  disableSource,
  insertAccounts,
  insertGroups,
  insertIdentifiers,
  insertIndividuals,
  insertMemberships,
  invalidateIdentifiers,
  lockRegistrants,
  sourceState,
  updateIndividuals,
} from './bulk.ts'
export type { RegistrantFilter, RegistrantSummary } from './find.ts'
export type { Registrant } from './get.ts'
export { accountFields, gained, groupFields, memberFields } from './hanging.ts'

export { registryThings } from './things.ts'

export type RegistryDeps = { db: Db; clock: Clock; ids: Ids; audit: Audit; outbox: Outbox }
export type Registry = ReturnType<typeof createRegistry>

/** The unified registry of individuals and groups. */
export const createRegistry = (deps: RegistryDeps) => ({
  get: getRegistrant(deps),
  find: findRegistrants(deps),
  defineAttribute: defineAttribute(deps),
  attributeDefinitions: attributeDefinitions(deps),
})
