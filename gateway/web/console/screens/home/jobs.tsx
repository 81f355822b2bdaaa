import { Link } from 'wouter-preact'
import { Section } from '../../../ui/components/page.tsx'
import { Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useStore } from '../../../ui/store.ts'
import { JobBar, JobTag } from '../../shell/job-view.tsx'
import { isOver, kindOf } from '../../shell/jobs.ts'
import { myJobs } from '../../shell/live.ts'

const SHOWN = 4

/** One's own jobs that go on or ended lately, as they are told of: nothing is asked for. */
export const Jobs = () => {
  const t = useText('home')
  const tJobs = useText('jobs')
  const jobs = useStore(myJobs)
  const shown = [...jobs.filter(job => !isOver(job)), ...jobs.filter(isOver)].slice(0, SHOWN)
  return (
    <Section
      title={t('jobs')}
      actions={
        <Link class="an-home__more" href="/jobs?mine=true">
          {t('allJobs')}
        </Link>
      }
    >
      {shown.length === 0 ? (
        <p class="an-muted">{t('noJobs')}</p>
      ) : (
        <ul class="an-home__jobs">
          {shown.map(job => (
            <li key={job.reference}>
              <div class="an-job__head">
                <Link class="an-home__job" href={`/jobs/${job.reference}`}>
                  {kindOf(job.kind)}
                </Link>
                <JobTag job={job} />
              </div>
              {isOver(job) ? (
                <p class="an-muted">
                  <Instant iso={job.finishedAt ?? job.createdAt} />
                </p>
              ) : (
                <JobBar job={job} label={tJobs('progress')} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
