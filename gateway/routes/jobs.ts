import type { JobFilter, Jobs, JobView } from '#core/jobs/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const jobRoutes = ({ jobs }: { jobs: Jobs }): Routes => ({
  listJobs: async ({ ctx, query }) =>
    page(await jobs.list(ctx, paging(query), query as JobFilter), presentJob),
  getJob: async ({ ctx, params }) => ok(presentJob(await jobs.read(ctx, params.reference!))),
  cancelJob: async ({ ctx, params }) => ok(presentJob(await jobs.cancel(ctx, params.reference!))),
})

/** A job as the API shows it, and where to find what of its work failed. */
export const presentJob = (job: JobView) => ({ ...job, failures: failuresOf(job) })

type Counts = Record<string, unknown>

const failuresOf = ({ kind, subject, result }: JobView): { href: string } | null => {
  const path = FAILURES[kind]?.(subject?.reference, (result ?? {}) as Counts)
  return path ? { href: `/api/v1/${path}` } : null
}

const badRows = (reference: string | undefined, { errors, conflicts, held }: Counts) =>
  reference && [errors, conflicts, held].some(Number) ? `imports/${reference}/bad-rows` : undefined

const ofBatch = (reference: unknown, count: unknown) =>
  typeof reference === 'string' && Number(count) > 0 ? `payment-batches/${reference}/failures` : undefined

/** By kind of job: where what failed is read, when its result says that something did. */
const FAILURES: Record<string, (reference: string | undefined, result: Counts) => string | undefined> = {
  'imports.test': badRows,
  'imports.commit': badRows,
  'payments.fill-batch': (reference, { exceptions }) => ofBatch(reference, exceptions),
  'payments.apply-report': (_report, { batch, failed }) => ofBatch(batch, failed),
}
