import type { Jobs } from '#core/jobs/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const jobRoutes = ({ jobs }: { jobs: Jobs }): Routes => ({
  listJobs: async ({ ctx, query }) => page(await jobs.list(ctx, paging(query)), job => job),
  getJob: async ({ ctx, params }) => ok(await jobs.read(ctx, params.reference!)),
  cancelJob: async ({ ctx, params }) => ok(await jobs.cancel(ctx, params.reference!)),
})
