import { useEffect, useRef } from 'preact/hooks'
import { useGet } from '../../ui/api/queries.ts'
import { Banner } from '../../ui/components/banner.tsx'
import { Failure, Loading } from '../../ui/components/states.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { JobActions, JobBar, JobResult, JobTag } from './job-view.tsx'
import { isOver, type Job, kindOf } from './jobs.ts'
import { myJobs } from './live.ts'
import { stream } from './live-connection.ts'
import { useTexts } from './use-texts.ts'
import { watch } from './watched.ts'

/** Of one's own work the stream tells; it is asked for as well, in case that it does not. */
const TOLD_MS = 20_000
const ASKED_MS = 1_500

const isTold = (reference: string): boolean =>
  stream.get() === 'open' && myJobs.get().some(job => job.reference === reference)

/** A job, kept up to date until it is over. */
export const useJob = (reference: string) => {
  useEffect(() => watch(reference), [reference])
  return useGet(
    '/api/v1/jobs/{reference}',
    { params: { path: { reference } } },
    { every: job => (job && isOver(job) ? false : isTold(reference) ? TOLD_MS : ASKED_MS) },
  )
}

type Props = { reference: string; onDone?: ((job: Job) => void) | undefined }

/**
 * Long work in the place where it was asked for: how far it is, a way to stop it, and what came of it. `onDone` is told
 * once that it is over, however it ended: look at `state`.
 */
export const JobProgress = ({ reference, onDone }: Props) => {
  const isReady = useTexts('jobs')
  const { data: job, problem, refresh } = useJob(reference)
  const told = useRef<string>()
  useEffect(() => {
    if (!job || job.reference !== reference || !isOver(job) || told.current === reference) return
    told.current = reference
    onDone?.(job)
  }, [job, reference, onDone])
  if (!isReady || (!job && !problem)) return <Loading lines={2} />
  if (!job && problem)
    return problem.status === 403 || problem.status === 404 ? (
      <Unseen />
    ) : (
      <Failure problem={problem} retry={refresh} />
    )
  return job ? <Shown job={job} /> : null
}

const Unseen = () => {
  const t = useText('jobs')
  return <Banner tone="info">{t('unseen')}</Banner>
}

const Shown = ({ job }: { job: Job }) => {
  const t = useText('jobs')
  return (
    <section class="an-job" aria-label={kindOf(job.kind)}>
      {isOver(job) ? (
        <div class="an-job__head">
          <span class="an-job__kind">{kindOf(job.kind)}</span>
          <JobTag job={job} />
        </div>
      ) : (
        <JobBar job={job} />
      )}
      {job.cancelRequested && !isOver(job) && <p class="an-muted">{t('stopping')}</p>}
      {job.error !== null && (
        <Banner tone="error">
          <bdi>{job.error}</bdi>
        </Banner>
      )}
      <JobResult job={job} />
      <JobActions job={job} />
    </section>
  )
}
