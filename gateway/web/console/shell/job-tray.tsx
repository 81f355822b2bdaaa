import { Link } from 'wouter-preact'
import { Banner } from '../../ui/components/banner.tsx'
import { Empty } from '../../ui/components/states.tsx'
import { Instant } from '../../ui/components/text.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { JobActions, JobBar, JobResult, JobTag } from './job-view.tsx'
import { isOver, type Job, kindOf } from './jobs.ts'
import { myJobs } from './live.ts'
import { ThingLink } from './thing-link.tsx'

const SHOWN = 8

/** What one asked for that goes on, or ended lately. */
export const JobTray = ({ close }: { close: () => void }) => {
  const t = useText('jobs')
  const jobs = useStore(myJobs)
  const shown = [...jobs.filter(job => !isOver(job)), ...jobs.filter(isOver)].slice(0, SHOWN)
  return (
    <>
      <div class="an-popover__head">
        <h2 class="an-popover__title">{t('title')}</h2>
        <Link class="an-popover__more" href="/jobs?mine=true" onClick={close}>
          {t('all')}
        </Link>
      </div>
      {shown.length === 0 ? (
        <Empty icon="done" title={t('quiet')}>
          {t('noneHint')}
        </Empty>
      ) : (
        <ul class="an-tray">
          {shown.map(job => (
            <Row key={job.reference} job={job} close={close} />
          ))}
        </ul>
      )}
    </>
  )
}

const Row = ({ job, close }: { job: Job; close: () => void }) => {
  const t = useText('jobs')
  return (
    <li class="an-tray__row">
      <div class="an-job__head">
        <Link class="an-tray__title" href={`/jobs/${job.reference}`} onClick={close}>
          {kindOf(job.kind)}
        </Link>
        <JobTag job={job} />
      </div>
      <p class="an-tray__about">
        {job.subject && <ThingLink kind={job.subject.type} reference={job.subject.reference} />}
        <span class="an-muted">
          <Instant iso={job.finishedAt ?? job.startedAt ?? job.createdAt} />
        </span>
      </p>
      {!isOver(job) && <JobBar job={job} label={t('progress')} />}
      {job.error !== null && (
        <Banner tone="error" title={t('whyFailed')}>
          <bdi>{job.error}</bdi>
        </Banner>
      )}
      {isOver(job) && <JobResult job={job} />}
      <JobActions job={job} />
    </li>
  )
}
