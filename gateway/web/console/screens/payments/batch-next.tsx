import type { ComponentChildren } from 'preact'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { placeOf } from '../../shell/places.ts'
import { SendBatch } from './batch-send.tsx'
import { isReported } from './batch-steps.tsx'
import { SubmitBatch } from './batch-submit.tsx'
import { WithdrawBatch } from './batch-withdraw.tsx'
import type { Batch } from './words.tsx'

/** The one thing that comes next, for whoever may do it; whom it waits for, for everybody else. */
export const NextAction = ({ batch }: { batch: Batch }) => {
  const mayWrite = useMay('payment:write')
  if (!batch.isFilled && batch.state === 'draft') return <Next text="being-made" />
  switch (batch.state) {
    case 'draft':
      if (batch.payments === 0) return <Next text="nothing" />
      return mayWrite ? <SubmitBatch batch={batch} /> : <Next text="draft" />
    case 'submitted':
      return <Submitted batch={batch} />
    case 'approved':
    case 'sending':
      return mayWrite ? <SendBatch batch={batch} /> : <Next text={batch.state} />
    case 'sent':
      return <Sent batch={batch} mayWrite={mayWrite} />
    case 'reconciled':
      return <Reconciled batch={batch} mayWrite={mayWrite} />
    case 'cancelled':
      return <Next text="cancelled" />
  }
}

type Said =
  | 'being-made'
  | 'nothing'
  | 'draft'
  | 'approved'
  | 'sending'
  | 'cancelled'
  | 'submitted'
  | 'submittedMine'
  | 'sent'
  | 'answering'
  | 'settled'
  | 'failed'

const Next = ({ text, children }: { text: Said; children?: ComponentChildren }) => {
  const t = useText('payments')
  return (
    <Section title={t('next.title')}>
      <p class="pay-said">{t(`next.${text}`)}</p>
      {children && <div class="an-actions">{children}</div>}
    </Section>
  )
}

const Submitted = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const reference = batch.approval ?? ''
  const place = batch.approval ? placeOf('approval', batch.approval) : undefined
  const when = useMay('approval:read') && batch.approval !== null
  const { data } = useGet('/api/v1/approvals/{reference}', { params: { path: { reference } } }, { when })
  const isMine = data?.options.includes('decide') ?? false
  return (
    <Next text={isMine ? 'submittedMine' : 'submitted'}>
      {place && (
        <LinkButton kind={isMine ? 'primary' : 'secondary'} href={place}>
          {t(isMine ? 'decide' : 'toApproval')}
        </LinkButton>
      )}
      {batch.approval && data?.options.includes('withdraw') && <WithdrawBatch approval={batch.approval} />}
    </Next>
  )
}

/** The file, for who hands it to the bank. */
const File = ({ batch, kind }: { batch: Batch; kind: 'primary' | 'secondary' }) => {
  const t = useText('payments')
  return (
    <LinkButton kind={kind} icon="download" href={`/api/v1/payment-batches/${batch.reference}/file`} download>
      {t('file')}
    </LinkButton>
  )
}

const hasFailed = ({ outcomes }: Batch): boolean =>
  outcomes.some(({ state }) => state === 'failed' || state === 'returned')

const Sent = ({ batch, mayWrite }: { batch: Batch; mayWrite: boolean }) => {
  const t = useText('payments')
  const isAnswering = isReported(batch)
  return (
    <Next text={isAnswering ? 'answering' : 'sent'}>
      {mayWrite && (
        <>
          {!isAnswering && <File batch={batch} kind="primary" />}
          <LinkButton
            kind={isAnswering ? 'primary' : 'secondary'}
            icon="upload"
            href={`/payment-reports/new?batch=${batch.reference}`}
          >
            {t('report.upload')}
          </LinkButton>
          {isAnswering && <File batch={batch} kind="secondary" />}
          {hasFailed(batch) && (
            <LinkButton icon="refresh" href={`/payment-batches/${batch.reference}/retry`}>
              {t('retry.title')}
            </LinkButton>
          )}
        </>
      )}
    </Next>
  )
}

const Reconciled = ({ batch, mayWrite }: { batch: Batch; mayWrite: boolean }) => {
  const t = useText('payments')
  const isOpen = hasFailed(batch)
  return (
    <Next text={isOpen ? 'failed' : 'settled'}>
      {mayWrite && (
        <>
          {isOpen && (
            <LinkButton kind="primary" icon="refresh" href={`/payment-batches/${batch.reference}/retry`}>
              {t('retry.title')}
            </LinkButton>
          )}
          <File batch={batch} kind="secondary" />
        </>
      )}
    </Next>
  )
}
