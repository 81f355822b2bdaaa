import { toast } from '../../ui/components/banner.tsx'
import { loadTexts, textNow } from '../../ui/i18n/index.ts'
import { type Job, kindOf } from './jobs.ts'
import { isWatched } from './watched.ts'

/** Tells of a job of one's own that has ended, unless one looks on. */
export const tellEnded = async (job: Job): Promise<void> => {
  if (isWatched(job.reference) || job.state === 'cancelled') return
  await loadTexts('jobs')
  const isDone = job.state === 'succeeded'
  const values = { kind: kindOf(job.kind), subject: job.subject?.reference ?? job.reference }
  toast(isDone ? 'success' : 'error', textNow('jobs')(isDone ? 'endedWell' : 'endedBadly', values))
}
