import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Summary } from '../../../ui/components/page.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { totalsOf } from './path.ts'
import { type Cycle, Measured } from './words.tsx'

/** Handing a prepared cycle to those who approve it: what it comes to, and who is left out. */
export const SubmitDialog = ({ cycle, onClose }: { cycle: Cycle; onClose: () => void }) => {
  const t = useText('cycles')
  const format = useFormat()
  const { reference } = cycle
  const { exceptions } = totalsOf(cycle)
  const form = useForm({
    initial: { leaveOut: '', comment: '' },
    submit: ({ leaveOut, comment }) =>
      dataOf(
        api.POST('/api/v1/cycles/{reference}/submit', {
          params: { path: { reference } },
          body: {
            ...(exceptions > 0 ? { leaveOut: leaveOut.trim() } : {}),
            ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
          },
        }),
      ),
    onDone: () => {
      void changed()
      toast('success', t('submit.done'))
      onClose()
    },
    draft: `cycles/${reference}/submit`,
  })
  return (
    <Dialog title={t('submit.title')} open onClose={onClose}>
      <p>{t('submit.text')}</p>
      <Summary
        rows={cycle.totals.map(total => ({
          label: total.component,
          value: (
            <>
              <Measured of={total} amount={total.amount} />{' '}
              <span class="an-muted">
                ({t('steps.entitlements', { count: total.entitlements, n: format.count(total.entitlements) })}
                )
              </span>
            </>
          ),
        }))}
      />
      <Form
        form={form}
        submit={t('submit.do')}
        actions={
          <Button kind="secondary" onClick={onClose}>
            {t('cancel')}
          </Button>
        }
      >
        {exceptions > 0 && (
          <TextArea
            form={form}
            name="leaveOut"
            label={t('submit.leaveOut')}
            hint={t('submit.leaveOutHint', { count: exceptions, n: format.count(exceptions) })}
            rows={2}
            maxLength={1000}
          />
        )}
        <TextArea
          form={form}
          name="comment"
          label={t('submit.comment')}
          required={false}
          rows={2}
          maxLength={1000}
        />
      </Form>
    </Dialog>
  )
}
