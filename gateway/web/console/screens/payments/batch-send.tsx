import { api, dataOf } from '../../../ui/api/client.ts'
import { Button } from '../../../ui/components/button.tsx'
import { confirm } from '../../../ui/components/dialog.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useJob } from '../../shell/job-progress.tsx'
import { isOver } from '../../shell/jobs.ts'
import { BatchSummary } from './batch-summary.tsx'
import { useStep } from './use-step.ts'
import type { Batch } from './words.tsx'

/** Sending an approved batch: what that pays is shown, and the number of payments has to be typed. */
export const SendBatch = ({ batch }: { batch: Batch }) =>
  batch.state === 'sending' && batch.job !== null ? (
    <Sending batch={batch} job={batch.job} />
  ) : (
    <Send batch={batch} />
  )

/** A job that was given up is followed by another one, which writes the same file. */
const Sending = ({ batch, job }: { batch: Batch; job: string }) => {
  const { data } = useJob(job)
  return data && isOver(data) && data.state !== 'succeeded' ? <Send batch={batch} /> : null
}

const Send = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const { busy, run } = useStep(batch, t('send.done'))
  const send = async (): Promise<void> => {
    const isSure = await confirm({
      title: t('send.title'),
      body: (
        <>
          <BatchSummary batch={batch} fund />
          <p>{t('send.text')}</p>
        </>
      ),
      confirm: t('send.button'),
      typed: String(batch.payments),
    })
    if (!isSure) return
    const { reference } = batch
    await run(header =>
      dataOf(
        api.POST('/api/v1/payment-batches/{reference}/send', { params: { path: { reference }, header } }),
      ),
    )
  }
  return (
    <Section title={t('next.title')}>
      <p class="pay-said">{t(batch.state === 'sending' ? 'next.sendAgain' : 'next.send')}</p>
      <div class="an-actions">
        <Button busy={busy} onClick={() => void send()}>
          {t('send.button')}
        </Button>
      </div>
    </Section>
  )
}
