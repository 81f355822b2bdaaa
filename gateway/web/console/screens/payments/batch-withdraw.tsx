import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Taking a submitted batch back, for who submitted it: it is a draft again. */
export const WithdrawBatch = ({ approval }: { approval: string }) => {
  const t = useText('payments')
  const [isOpen, setOpen] = useState(false)
  const form = useForm({
    initial: { comment: '' },
    submit: ({ comment }) =>
      dataOf(
        api.POST('/api/v1/approvals/{reference}/withdraw', {
          params: { path: { reference: approval } },
          body: { comment: comment.trim() },
        }),
      ),
    onDone: () => {
      setOpen(false)
      toast('success', t('withdraw.done'))
      void changed()
    },
  })
  return (
    <>
      <Button kind="secondary" onClick={() => setOpen(true)}>
        {t('withdraw.button')}
      </Button>
      <Dialog title={t('withdraw.title')} open={isOpen} onClose={() => setOpen(false)}>
        <p>{t('withdraw.text')}</p>
        <Form form={form} submit={t('withdraw.button')}>
          <TextArea form={form} name="comment" label={t('withdraw.comment')} maxLength={1000} />
        </Form>
      </Dialog>
    </>
  )
}
