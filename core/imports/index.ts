import type { Approvals } from '../approvals/index.ts'
import type { Areas } from '../areas/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import type { JobHandler, Jobs } from '../jobs/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { importSubject } from './approval.ts'
import type { AttributeDefinitions } from './attributes.ts'
import { createCommitJob } from './commit-import.ts'
import { importAreas } from './import-areas.ts'
import { readImports } from './read.ts'
import { createRequests } from './requests.ts'
import { type AreasFor, createStaging } from './stage.ts'
import { createTestJob } from './test-import.ts'
import { createUndoJob } from './undo-import.ts'

export type { AttributeKey } from './attributes.ts'
export type { ColumnKey, FieldKey } from './fields.ts'
export type { AreasImported } from './import-areas.ts'
export type {
  CommitOptions,
  Found,
  ImportOptions,
  ImportState,
  ImportView,
  IssueKind,
  RowIssue,
  Severity,
  Totals,
} from './model.ts'
export type { ImportDetail, ImportFilter, IssueFilter } from './read.ts'
export type { Mapping, TargetField } from './reading/mapping.ts'
export type { Inspection } from './requests.ts'
export type { AreasFor } from './stage.ts'
export { importThings } from './things.ts'

export type ImportsDeps = {
  db: Db
  files: Files
  jobs: Jobs
  audit: Audit
  approvals: Pick<Approvals, 'submit' | 'requireClearance' | 'clearanceOf' | 'withdrawFor'>
  outbox: Outbox
  clock: Clock
  ids: Ids
  areasFor: AreasFor
  areas: Pick<Areas, 'createMany'>
  attributeDefinitions: AttributeDefinitions
}
export type Imports = ReturnType<typeof createImports>

/**
 * Imports of people from files. A file is tested first (`start`), which changes nothing in the registry, and then
 * committed in chunks of whole households, or not; a committed import can be undone while nothing touched it.
 * `handlers` are the jobs that a worker runs.
 */
export const createImports = (deps: ImportsDeps) => {
  const staging = createStaging(deps)
  const handlers: Record<string, JobHandler> = {
    'imports.test': createTestJob({ ...deps, staging }),
    'imports.commit': createCommitJob({ ...deps, staging }),
    'imports.undo': createUndoJob(deps),
  }
  return {
    ...createRequests(deps),
    ...readImports(deps),
    importAreas: importAreas(deps.areas),
    /** How imports are approved, where a policy says so. */
    approvalSubject: importSubject(deps),
    handlers,
  }
}
