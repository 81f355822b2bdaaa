import { useAction } from '../../ui/api/action.ts'
import { Button, LinkButton } from '../../ui/components/button.tsx'
import { Progress } from '../../ui/components/progress.tsx'
import { Tag, type Tone } from '../../ui/components/tag.tsx'
import { Count } from '../../ui/components/text.tsx'
import { textOr, useText } from '../../ui/i18n/index.ts'
import { cancelJob, countsOf, isOver, type Job, kindOf } from './jobs.ts'

const TONES: Record<Job['state'], Tone> = {
  waiting: 'neutral',
  running: 'info',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warning',
}

/** How it is with a job, in a word. */
export const JobTag = ({ job }: { job: Pick<Job, 'state' | 'cancelRequested'> }) => {
  const t = useText('jobs')
  const isStopping = job.cancelRequested && !isOver(job)
  return <Tag tone={TONES[job.state]}>{t(`states.${isStopping ? 'stopping' : job.state}`)}</Tag>
}

/** How far a job has come that goes on; `label` where its kind is said already. */
export const JobBar = ({ job, label = kindOf(job.kind) }: { job: Job; label?: string }) => (
  <Progress done={job.done} total={job.state === 'waiting' ? null : job.total} label={label} />
)

/** What came of a job, in words and numbers. */
export const JobResult = ({ job }: { job: Job }) => {
  useText('jobs')
  const counts = countsOf(job)
  if (counts.length === 0) return null
  return (
    <dl class="an-job__counts">
      {counts.map(({ key, n }) => (
        <div key={key}>
          <dt>{textOr('jobs', `results.${key}`, key)}</dt>
          <dd>
            <Count n={n} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What one can do about a job: stop it, fetch what failed. */
export const JobActions = ({ job }: { job: Job }) => {
  const t = useText('jobs')
  const cancel = useAction({
    act: () => cancelJob(job.reference),
    ask: () => ({
      title: t('cancelAsk'),
      body: t('cancelText'),
      confirm: t('cancel'),
      kind: 'warning',
    }),
    done: t('cancelled'),
  })
  if (!job.cancellable && !job.failures) return null
  return (
    <div class="an-actions">
      {job.cancellable && (
        <Button kind="secondary" icon="close" busy={cancel.busy} onClick={() => void cancel.run()}>
          {t('cancel')}
        </Button>
      )}
      {job.failures && (
        <LinkButton href={job.failures.href} icon="download" download>
          {t('failures')}
        </LinkButton>
      )}
    </div>
  )
}
