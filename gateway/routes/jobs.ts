import type { Jobs } from '#core/jobs/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const jobRoutes = ({ jobs }: { jobs: Jobs }): Routes => ({
  listJobs: async ({ query }) => page(await jobs.list({}, paging(query)), job => job),
  getJob: async ({ params }) => ok(await jobs.get(params.reference!)),
  cancelJob: async ({ ctx, params }) => ok(await jobs.cancel(ctx, params.reference!)),
})
