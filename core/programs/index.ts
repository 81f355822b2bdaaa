import type { Approvals } from '../approvals/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { JobHandler, Jobs } from '../jobs/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Outbox } from '../outbox/index.ts'
import { cycleSubject } from './approval.ts'
import { approveCycle, returnCycle } from './approve.ts'
import { changeEnrolment } from './change-enrolment.ts'
import { changeState } from './change-state.ts'
import { readDifference } from './difference.ts'
import { checkDraft, checkEligibility, explainEligibility, previewEnrolment } from './eligibility.ts'
import { cancelCycle, closeCycle, startDistributing } from './end-cycle.ts'
import { ENROL_JOB, enrol, enrolJob, enrolOne } from './enrol.ts'
import { type Attribute, typesOf } from './expressions.ts'
import { fulfil, takeBack } from './fulfil.ts'
import { openCycle } from './open-cycle.ts'
import { PREPARE_JOB, prepareCycle } from './prepare.ts'
import { prepareJob } from './prepare-job.ts'
import { readCycles } from './read-cycles.ts'
import { readEnrolments } from './read-enrolments.ts'
import { readEntitlements } from './read-entitlements.ts'
import { readPrograms } from './read-programs.ts'
import { readProgress } from './read-progress.ts'
import { createProgram, updateProgram } from './save-program.ts'
import { submitCycle } from './submit.ts'

export type { EnrolmentChange } from './change-enrolment.ts'
export type { DifferenceKind, DifferenceRow, DifferenceView } from './difference.ts'
export type { EligibilityCheck, EnrolmentPreview, ExplanationView } from './eligibility.ts'
export { naming } from './names.ts'
export type { NewCycle } from './open-cycle.ts'
export type { CycleFilter, CycleSummary, CycleView, ListedCycle } from './read-cycles.ts'
export type { EnrolmentFilter, EnrolmentView } from './read-enrolments.ts'
export type { EntitlementFilter, EntitlementView, LockedEntitlement } from './read-entitlements.ts'
export type { ComponentView, ProgramFilter, ProgramSummary, ProgramView } from './read-programs.ts'
export type { ProgressView } from './read-progress.ts'
export {
  type ComponentInput,
  type CycleState,
  type EnrolmentStatus,
  type EntitlementStatus,
  EXIT_REASONS,
  type ProgramInput,
  type ProgramState,
  type Target,
} from './rules.ts'
export { programThings } from './things.ts'

/**
 * What programs work with. `attributeDefinitions`: the custom attributes that rules may use. `chunk`: ids that one
 * statement, and so one transaction, of a job works on (100,000).
 */
export type ProgramsWiring = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  jobs: Jobs
  ledger: Ledger
  approvals: Pick<Approvals, 'submit' | 'decideOn' | 'withdrawFor'>
  attributeDefinitions: () => Promise<readonly Attribute[]>
  chunk?: number
}
export type ProgramsDeps = ReturnType<typeof wire>
export type Programs = ReturnType<typeof createPrograms>

const wire = ({ attributeDefinitions, chunk = 100_000, ...deps }: ProgramsWiring) => ({
  ...deps,
  chunk,
  attributeTypes: async () => typesOf(await attributeDefinitions()),
})

/** Programs, who is enrolled in them, and the cycles in which they give: from the rule to what each person is due. */
export const createPrograms = (wiring: ProgramsWiring) => {
  const deps = wire(wiring)
  return {
    createProgram: createProgram(deps),
    updateProgram: updateProgram(deps),
    changeState: changeState(deps),
    ...readPrograms(deps),

    checkEligibility: checkEligibility(deps),
    checkDraft: checkDraft(deps),
    explainEligibility: explainEligibility(deps),

    previewEnrolment: previewEnrolment(deps),
    enrol: enrol(deps),
    enrolOne: enrolOne(deps),
    changeEnrolment: changeEnrolment(deps),
    ...readEnrolments(deps),

    openCycle: openCycle(deps),
    prepareCycle: prepareCycle(deps),
    submitCycle: submitCycle(deps),
    approveCycle: approveCycle(deps),
    returnCycle: returnCycle(deps),
    cancelCycle: cancelCycle(deps),
    startDistributing: startDistributing(deps),
    closeCycle: closeCycle(deps),
    ...readDifference(deps),
    progress: readProgress(deps),
    ...readCycles(deps),

    /** How cycles are approved. */
    approvalSubject: cycleSubject(deps),

    fulfil: fulfil(deps),
    takeBack: takeBack(deps),
    ...readEntitlements(deps),

    /** What the worker runs for this module, by kind of job. */
    jobHandlers: {
      [ENROL_JOB]: enrolJob(deps),
      [PREPARE_JOB]: prepareJob(deps),
    } satisfies Record<string, JobHandler>,
  }
}
