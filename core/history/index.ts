import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Things } from '../things/index.ts'
import { accessLog } from './access-log.ts'
import { createExports } from './export.ts'
import { proofOf } from './proof.ts'
import { createSearch } from './search.ts'
import { createStates } from './state-at.ts'
import { vocabulary } from './vocabulary.ts'

export type { LookView } from './access-log.ts'
export type { EntryView } from './entry.ts'
export type { ExportFile, ExportOrder } from './export.ts'
export { LOOKS } from './looks.ts'
export { maskRecord } from './mask-record.ts'
export { outside } from './outside.ts'
export type { ProofView } from './proof.ts'
export type { EntryDetail, EntryFilter } from './search.ts'
export type { ChangeView, StateThen } from './state-at.ts'
export { DEEDS } from './vocabulary.ts'

export type HistoryDeps = { db: Db; audit: Audit; jobs: Jobs; files: Files; things: Things }
export type History = ReturnType<typeof createHistory>

/** What the audit trail tells: entries, things as they were, who changed them, and who looked at people's data. */
export const createHistory = (deps: HistoryDeps) => {
  const { find, read } = createSearch(deps)
  const { jobHandlers, order, file } = createExports(deps)
  return {
    findEntries: find,
    readEntry: read,
    orderExport: order,
    exportFile: file,
    proofOf: proofOf(deps),
    vocabulary: vocabulary(deps),
    ...createStates(deps),
    accessLog: accessLog(deps),
    jobHandlers,
  }
}
