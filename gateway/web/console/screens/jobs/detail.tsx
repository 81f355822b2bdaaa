import { Banner } from '../../../ui/components/banner.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { useJob } from '../../shell/job-progress.tsx'
import { JobActions, JobBar, JobResult, JobTag } from '../../shell/job-view.tsx'
import { countsOf, isOver, type Job, kindOf } from '../../shell/jobs.ts'
import { ThingLink } from '../../shell/thing-link.tsx'

/** One job: how far it is, what came of it, what one can do about it. */
export const JobDetail = ({ params }: ScreenProps) => {
  const { data: job, problem, refresh } = useJob(params.reference!)
  if (problem && !job) return <Failure problem={problem} retry={refresh} />
  return job ? <Shown job={job} /> : <Loading />
}

const Shown = ({ job }: { job: Job }) => {
  const t = useText('jobs')
  return (
    <Page
      title={kindOf(job.kind)}
      back={{ href: '/jobs', label: t('title') }}
      lead={<JobTag job={job} />}
      actions={<JobActions job={job} />}
    >
      {!isOver(job) && (
        <Section title={t('progress')}>
          <JobBar job={job} />
          {job.cancelRequested && <p class="an-muted">{t('stopping')}</p>}
        </Section>
      )}
      {job.error !== null && (
        <Banner tone="error" title={t('whyFailed')}>
          <p>
            <bdi>{job.error}</bdi>
          </p>
          <p>{t('failedHint')}</p>
        </Banner>
      )}
      {countsOf(job).length > 0 && (
        <Section title={t('result')}>
          <JobResult job={job} />
        </Section>
      )}
      <Section title={t('about')}>
        <Summary rows={rowsOf(job, t)} />
      </Section>
    </Page>
  )
}

const rowsOf = (job: Job, t: ReturnType<typeof useText<'jobs'>>) => [
  ...(job.subject
    ? [
        {
          label: t('subject'),
          value: <ThingLink kind={job.subject.type} reference={job.subject.reference} />,
        },
      ]
    : []),
  { label: t('reference'), value: <Ref>{job.reference}</Ref> },
  { label: t('createdBy'), value: <Name>{job.createdBy}</Name> },
  { label: t('createdAt'), value: <Instant iso={job.createdAt} full /> },
  ...(job.startedAt ? [{ label: t('startedAt'), value: <Instant iso={job.startedAt} full /> }] : []),
  ...(job.finishedAt ? [{ label: t('finishedAt'), value: <Instant iso={job.finishedAt} full /> }] : []),
]
