import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { BatchSummary } from './batch-summary.tsx'
import { useStep } from './use-step.ts'
import type { Batch } from './words.tsx'

/** Handing a batch to those who approve, with a word to them. */
export const SubmitBatch = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const [isOpen, setOpen] = useState(false)
  const { run } = useStep(batch, t('submit.done'))
  const form = useForm({
    initial: { comment: '' },
    submit: async ({ comment }) => {
      const said = comment.trim()
      await run(header =>
        dataOf(
          api.POST('/api/v1/payment-batches/{reference}/submit', {
            params: { path: { reference: batch.reference }, header },
            body: said === '' ? {} : { comment: said },
          }),
        ),
      )
      setOpen(false)
    },
    draft: `payment-batches/${batch.reference}/submit`,
  })
  return (
    <Section title={t('next.title')}>
      <p class="pay-said">{t('next.submit')}</p>
      <div class="an-actions">
        <Button onClick={() => setOpen(true)}>{t('submit.button')}</Button>
      </div>
      <Dialog title={t('submit.title')} open={isOpen} onClose={() => setOpen(false)}>
        <BatchSummary batch={batch} />
        <Form form={form} submit={t('submit.button')}>
          <TextArea
            form={form}
            name="comment"
            label={t('submit.comment')}
            required={false}
            maxLength={1000}
          />
        </Form>
      </Dialog>
    </Section>
  )
}
