import type { Approvals } from '../approvals/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import type { JobHandler, Jobs } from '../jobs/index.ts'
import type { Clock, Ids } from '../kernel/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Outbox } from '../outbox/index.ts'
import type { PaymentFileWriter, PaymentReportReader } from '../ports/payments.ts'
import type { Programs } from '../programs/index.ts'
import { applyReportJob } from './apply-report.ts'
import { batchSubject } from './approval.ts'
import { createBatch } from './create-batch.ts'
import { failures } from './failures.ts'
import { failuresFile } from './failures-file.ts'
import { fillBatchJob } from './fill-batch.ts'
import { APPLY_JOB, FILL_JOB, SEND_JOB } from './kinds.ts'
import { moveBatch } from './move-batch.ts'
import { readBatches } from './read-batches.ts'
import { readReports } from './read-reports.ts'
import { receiveReport } from './receive-report.ts'
import { resolveReviewItem } from './resolve-review-item.ts'
import { retries } from './retry.ts'
import { downloadFile, sendBatchJob } from './send-batch.ts'

export type { BatchOrder } from './create-batch.ts'
export type { FailureGroup, FailuresView } from './failures.ts'
export type { BatchView, ExceptionView, PaymentFilter, PaymentView } from './read-batches.ts'
export type { ReportView, ReviewItemView } from './read-reports.ts'
export type { RetryOrder, RetryPreview } from './retry.ts'
export type { BatchState, Debtor, PaymentState, ReportState } from './rules.ts'
export { paymentThings } from './things.ts'

export type PaymentsDeps = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  outbox: Outbox
  jobs: Jobs
  files: Files
  approvals: Pick<Approvals, 'submit' | 'decideOn' | 'withdrawFor'>
  ledger: Pick<Ledger, 'commit' | 'disburse'>
  programs: Pick<Programs, 'fulfil' | 'startDistributing'>
  writer: PaymentFileWriter
  reader: PaymentReportReader
}
export type Payments = ReturnType<typeof createPayments>

/**
 * Payments of what is due: put into batches, approved by a second person, sent as a file, settled or failed by what
 * the bank reports, and the failed ones made anew. Nobody is paid twice, and no payment is lost.
 */
export const createPayments = (deps: PaymentsDeps) => ({
  createBatch: createBatch(deps),
  ...moveBatch(deps),
  /** How batches are approved. */
  approvalSubject: batchSubject(deps),
  downloadFile: downloadFile(deps),
  ...readBatches(deps),

  receiveReport: receiveReport(deps),
  ...readReports(deps),
  resolveReviewItem: resolveReviewItem(deps),

  failures: failures(deps),
  failuresFile: failuresFile(deps),
  ...retries(deps),

  /** What the worker runs for this module, by kind of job. */
  jobHandlers: {
    [FILL_JOB]: fillBatchJob(deps),
    [SEND_JOB]: sendBatchJob(deps),
    [APPLY_JOB]: applyReportJob(deps),
  } satisfies Record<string, JobHandler>,
})
