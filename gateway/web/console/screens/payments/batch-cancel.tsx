import { api, dataOf } from '../../../ui/api/client.ts'
import { Button } from '../../../ui/components/button.tsx'
import { confirm } from '../../../ui/components/dialog.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { BatchSummary } from './batch-summary.tsx'
import { useStep } from './use-step.ts'
import type { Batch } from './words.tsx'

/** Giving a batch up before it is sent: once it is approved, only who may approve. */
export const CancelBatch = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const mayWrite = useMay('payment:write')
  const mayApprove = useMay('payment:approve')
  const { busy, run } = useStep(batch, t('cancel.done'))
  const isOffered =
    batch.state === 'approved' ? mayApprove : mayWrite && ['draft', 'submitted'].includes(batch.state)
  if (!isOffered) return null
  const cancel = async (): Promise<void> => {
    const isSure = await confirm({
      title: t('cancel.title'),
      body: (
        <>
          <BatchSummary batch={batch} />
          <p>{t('cancel.text')}</p>
        </>
      ),
      confirm: t('cancel.button'),
      kind: 'warning',
    })
    if (!isSure) return
    const { reference } = batch
    await run(header =>
      dataOf(
        api.POST('/api/v1/payment-batches/{reference}/cancel', { params: { path: { reference }, header } }),
      ),
    )
  }
  return (
    <Button kind="secondary" busy={busy} onClick={() => void cancel()}>
      {t('cancel.button')}
    </Button>
  )
}
