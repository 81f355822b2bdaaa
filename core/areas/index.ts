import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Ids } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { createMany } from './create-many.ts'
import { readAreas } from './read.ts'
import { renameArea } from './rename.ts'

export type { NewArea } from './create-many.ts'
export type { Area, AreaFilter } from './read.ts'
export type { AreaChange } from './rename.ts'
export { areaThings } from './things.ts'

export type AreasDeps = { db: Db; ids: Ids; audit: Audit; outbox: Outbox }
export type Areas = ReturnType<typeof createAreas>

/** The country's areas, from the country itself down to villages. */
export const createAreas = (deps: AreasDeps) => ({
  createMany: createMany(deps),
  rename: renameArea(deps),
  ...readAreas(deps.db),
})
